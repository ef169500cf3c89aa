/** Instances that are kept as evidence; all are counted. */
const KEPT = 5;

/** Something that happened a number of times, and its first instances. Fixed size. */
export class Instances<T> {
  count = 0;
  readonly first: T[] = [];

  /** @param make builds the instance; called only for those that are kept */
  add(make: () => T): void {
    this.count++;
    if (this.first.length < KEPT) this.first.push(make());
  }
}
