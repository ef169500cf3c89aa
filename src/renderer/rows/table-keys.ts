/**
 * Position in the table that a key moves to; null for other keys, and if there are no rows.
 *
 * @param from current position; -1 for before the first row
 * @param page rows that a page up or down moves
 */
export function tableMove(key: string, from: number, page: number, total: number): number | null {
  const to = target(key, from, page, total);
  if (to === null || total === 0) return null;
  return Math.min(total - 1, Math.max(0, to));
}

function target(key: string, from: number, page: number, total: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return from + 1;
    case 'ArrowUp':
      return from - 1;
    case 'PageDown':
      return from + page;
    case 'PageUp':
      return from - page;
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}
