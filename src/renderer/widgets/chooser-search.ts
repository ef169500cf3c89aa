/** An entry that can be searched. */
export interface Findable {
  readonly title: string;
  /** More text to search, of less weight than the title. */
  readonly hint?: string;
}

/**
 * How well `item` matches the typed text: 0 for no match. Every typed word must match. The beginning of the title counts
 * most, then the beginning of a word, then any place, then letters in order.
 */
function fitness(item: Findable, typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const title = item.title.toLowerCase();
  const all = `${title} ${(item.hint ?? '').toLowerCase()}`;
  let total = 1;
  for (const word of words) {
    const score = wordFitness(title, all, word);
    if (score === 0) return 0;
    total += score;
  }
  return total;
}

function wordFitness(title: string, all: string, word: string): number {
  if (title.startsWith(word)) return 100;
  if (title.includes(` ${word}`)) return 60;
  if (title.includes(word)) return 30;
  if (all.includes(word)) return 20;
  return inOrder(title, word) ? 5 : 0;
}

function inOrder(title: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = title.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** The matching items, best first; all items in their order if nothing was typed. At most `most`. */
export function search<T extends Findable>(items: readonly T[], typed: string, most = 60): readonly T[] {
  if (typed.trim() === '') return items.slice(0, most);
  return items
    .map((item) => ({ item, score: fitness(item, typed) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item }) => item);
}
