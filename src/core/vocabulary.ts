/**
 * The words of a vocabulary, in its order. A vocabulary is one object that has each word as a key, with its title or what
 * belongs to it; types, schemas, menus and option checks are derived from it.
 */
export function wordsOf<Word extends string>(vocabulary: Readonly<Record<Word, unknown>>): readonly Word[] {
  return Object.keys(vocabulary) as Word[];
}

/** Whether a value from outside is one of some words. */
export function isWord<Word extends string>(words: readonly Word[], value: unknown): value is Word {
  return words.some((word) => word === value);
}

/** A count of 0 for each of some words. */
export function zeroCounts<Word extends string>(words: readonly Word[]): Record<Word, number> {
  return Object.fromEntries(words.map((word) => [word, 0])) as Record<Word, number>;
}
