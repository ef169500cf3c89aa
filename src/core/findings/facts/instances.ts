/** Instances kept as evidence. */
const KEPT = 5;

/** Counts something and keeps its first instances. Fixed size. */
export class Instances<T> {
  count = 0;
  readonly first: T[] = [];

  /** @param make creates the instance; called only if it is kept */
  add(make: () => T): void {
    this.count++;
    if (this.first.length < KEPT) this.first.push(make());
  }
}
