/** What a key does on the timeline. */
export type TimelineKey =
  | { readonly kind: 'row'; readonly by: number }
  | { readonly kind: 'end'; readonly last: boolean }
  | { readonly kind: 'lane'; readonly by: 1 | -1 }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'pan'; readonly share: number }
  | { readonly kind: 'reset' };

/** The action of a key; null for other keys and for those with Ctrl, Alt or Cmd. */
export function timelineKey(event: {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}): TimelineKey | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  switch (event.key) {
    case 'ArrowLeft':
      return event.shiftKey ? { kind: 'pan', share: -0.15 } : { kind: 'row', by: -1 };
    case 'ArrowRight':
      return event.shiftKey ? { kind: 'pan', share: 0.15 } : { kind: 'row', by: 1 };
    case 'PageUp':
      return { kind: 'row', by: -10 };
    case 'PageDown':
      return { kind: 'row', by: 10 };
    case 'ArrowUp':
      return { kind: 'lane', by: -1 };
    case 'ArrowDown':
      return { kind: 'lane', by: 1 };
    case 'Home':
      return { kind: 'end', last: false };
    case 'End':
      return { kind: 'end', last: true };
    case '+':
    case '=':
      return { kind: 'zoom', factor: 0.6 };
    case '-':
    case '_':
      return { kind: 'zoom', factor: 1 / 0.6 };
    case '0':
    case 'Escape':
      return { kind: 'reset' };
    default:
      return null;
  }
}
