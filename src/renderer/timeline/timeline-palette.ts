/** Colours and fonts of the timeline, from the theme's CSS variables. */
export interface TimelinePalette {
  readonly name: 'light' | 'dark';
  readonly background: string;
  readonly ink: string;
  readonly soft: string;
  readonly dim: string;
  readonly line: string;
  readonly accent: string;
  readonly chunk: string;
  readonly event: string;
  readonly ok: string;
  readonly part: string;
  readonly bad: string;
  readonly gap: string;
  readonly gapInk: string;
  readonly wait: string;
  readonly sans: string;
}

/** Reads the palette at `element`. A canvas does not follow CSS, so read it again when the theme changes. */
export function readPalette(element: Element, name: TimelinePalette['name']): TimelinePalette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    name,
    background: read('--bg'),
    ink: read('--ink'),
    soft: read('--soft'),
    dim: read('--dim'),
    line: read('--line'),
    accent: read('--accent'),
    chunk: read('--chunk'),
    event: read('--event'),
    ok: read('--json'),
    part: read('--part'),
    bad: read('--bad'),
    gap: read('--gap'),
    gapInk: read('--gap-ink'),
    wait: read('--info-wash'),
    sans: read('--sans') || 'sans-serif',
  };
}
