/** Limits on the types kept in memory: a stream may give each event another type. */
const maxTypes = 4096;
const maxCharacters = 1024 * 1024;

/** Number of a type that is not kept in memory: it must be read from the event. */
export const unkeptType = 0xffff;

/** Event types by number, with how often each was dispatched. */
export class TypeTable {
  readonly #types: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #counts: number[] = [];
  #characters = 0;

  /** The number of a type. A new type is added. */
  number(type: string): number {
    const known = this.#numbers.get(type);
    if (known !== undefined) return known;
    if (this.#types.length >= maxTypes || this.#characters + type.length > maxCharacters) return unkeptType;
    const number = this.#types.length;
    this.#types.push(type);
    this.#counts.push(0);
    this.#numbers.set(type, number);
    this.#characters += type.length;
    return number;
  }

  /** The type with a number; null if it is not kept. */
  type(number: number): string | null {
    return this.#types[number] ?? null;
  }

  /** The numbers of all types for which `wanted` holds. */
  numbersWhere(wanted: (type: string) => boolean): Set<number> {
    return new Set(this.#types.flatMap((type, number) => (wanted(type) ? [number] : [])));
  }

  /** Types kept so far. */
  get size(): number {
    return this.#types.length;
  }

  countDispatched(number: number): void {
    if (number !== unkeptType) this.#counts[number] = (this.#counts[number] ?? 0) + 1;
  }

  /** The types dispatched most often, most frequent first. */
  mostFrequent(limit: number): { readonly type: string; readonly count: number }[] {
    return this.#types
      .map((type, number) => ({ type, count: this.#counts[number] ?? 0 }))
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => b.count - a.count)
      .slice(0, limit);
  }
}
