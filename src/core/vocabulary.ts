/**
 * The words of a vocabulary, in order. A vocabulary is one object with the words as keys and titles or definitions as
 * values; types, schemas, menus and option checks are derived from it.
 */
export function wordsOf<Word extends string>(vocabulary: Readonly<Record<Word, unknown>>): readonly Word[] {
  return Object.keys(vocabulary) as Word[];
}

/** Whether an untrusted value is one of the words. */
export function isWord<Word extends string>(words: readonly Word[], value: unknown): value is Word {
  return words.some((word) => word === value);
}

/** A count of 0 for each word. */
export function zeroCounts<Word extends string>(words: readonly Word[]): Record<Word, number> {
  return Object.fromEntries(words.map((word) => [word, 0])) as Record<Word, number>;
}
