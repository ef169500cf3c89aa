/**
 * Largest height of a list's spacer, in px. Browsers cap an element's height (Firefox at 17,895,697 px, Chromium at
 * 33,554,428 px), so a longer list scrolls on a smaller scale.
 */
export const maxSpacer = 16_000_000;

/** A list of rows of one height in a viewport. Heights in px. */
export interface ScrolledList {
  readonly total: number;
  readonly rowHeight: number;
  readonly viewport: number;
}

/** Height that all rows would have. Offsets are on this scale, not on the spacer's. */
function fullHeight(list: ScrolledList): number {
  return list.total * list.rowHeight;
}

/** Height of the element that makes the viewport scroll. */
export function spacerHeight(list: ScrolledList): number {
  return Math.min(fullHeight(list), maxSpacer);
}

/** Whether a pixel of scrolling is more than a pixel of rows. */
export function isScaled(list: ScrolledList): boolean {
  return fullHeight(list) > maxSpacer;
}

/** Largest offset: the last row at the bottom of the viewport. */
export function maxOffset(list: ScrolledList): number {
  return Math.max(0, fullHeight(list) - list.viewport);
}

/** The nearest offset that can be scrolled to. */
export function clampOffset(list: ScrolledList, offset: number): number {
  return Math.min(maxOffset(list), Math.max(0, offset));
}

/** Offset of the rows where the scroll bar is at `scrollTop`. */
export function offsetAt(list: ScrolledList, scrollTop: number): number {
  if (!isScaled(list)) return clampOffset(list, scrollTop);
  const room = maxSpacer - list.viewport;
  return clampOffset(list, (scrollTop / room) * maxOffset(list));
}

/** Where the scroll bar is for an offset of the rows. */
export function scrollTopAt(list: ScrolledList, offset: number): number {
  const inside = clampOffset(list, offset);
  if (!isScaled(list)) return inside;
  return (inside / maxOffset(list)) * (maxSpacer - list.viewport);
}

/** Positions [first, end) that are visible, at least in part. */
export function rowsInSight(list: ScrolledList, offset: number): readonly [first: number, end: number] {
  const first = Math.min(list.total, Math.max(0, Math.floor(offset / list.rowHeight)));
  const end = Math.min(list.total, Math.ceil((offset + list.viewport) / list.rowHeight));
  return [first, Math.max(first, end)];
}

/**
 * Offset that makes a position visible with the least movement: unchanged if it is fully visible, at the nearer edge if it
 * is close, in the middle if it is more than a viewport away.
 */
export function offsetShowing(list: ScrolledList, offset: number, position: number): number {
  const top = position * list.rowHeight;
  const bottom = top + list.rowHeight;
  if (top >= offset && bottom <= offset + list.viewport) return offset;
  const away = top < offset ? offset - top : bottom - (offset + list.viewport);
  const middle = top - (list.viewport - list.rowHeight) / 2;
  const edge = top < offset ? top : bottom - list.viewport;
  return clampOffset(list, away > list.viewport ? middle : edge);
}
