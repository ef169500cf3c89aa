/** Paths on a grid of 16, stroked in the text colour. */
const shapes = {
  chevron: 'M4.5 6.5 8 10l3.5-3.5',
  close: 'M4 4l8 8M12 4l-8 8',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.5h10',
  file: 'M9 2H4.5v12h7V4.5L9 2zM9 2v2.5h2.5',
  history: 'M2.6 8a5.4 5.4 0 1 0 1.7-3.9M2.5 2.8v2.6h2.6M8 5v3.2l2.2 1.4',
  folder: 'M2 4.5h4l1.5 1.5H14v7H2z',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.4 10.4 13.5 13.5',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  plus: 'M8 3v10M3 8h10',
  check: 'M3.5 8.5l3 3 6-7',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.2M8 11.7v.01',
  down: 'M8 3v9M4.5 8.5 8 12l3.5-3.5',
  play: 'M5 3.2 12.5 8 5 12.8z',
  back: 'M9.8 3.8 5.6 8l4.2 4.2',
  log: 'M3 4h10M3 8h10M3 12h6',
  swap: 'M3 5.5h9M9.5 3 12 5.5 9.5 8M13 10.5H4M6.5 8 4 10.5 6.5 13',
  stop: 'M4.2 4.2h7.6v7.6H4.2z',
} as const;

type IconName = keyof typeof shapes;

/** A decorative icon: the element around it has the label. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
      <path
        d={shapes[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={name === 'more' ? 2.2 : 1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
