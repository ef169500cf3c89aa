let last = 0;

/** The next revision of a summary: greater than every one before, also than those of an earlier run of the program. */
export function nextRevision(): number {
  last = Math.max(last + 1, Date.now() * 1000);
  return last;
}
