import { z } from 'zod';

/** What a bound compares: ms since the row before, the row's bytes of the body, ms since the request began. */
export const boundQuantities = ['gap', 'size', 'at'] as const;
export type BoundQuantity = (typeof boundQuantities)[number];

/** A limit on a quantity of a row. A row without the quantity, as in a capture without times, is outside it. */
export const bound = z.object({
  of: z.enum(boundQuantities),
  is: z.enum(['>', '>=', '<', '<=']),
  /** ms or bytes. */
  value: z.number().nonnegative(),
});
export type Bound = z.infer<typeof bound>;

/** Whether a quantity is inside a bound. */
export function isInside({ is, value }: Bound, quantity: number): boolean {
  if (is === '>') return quantity > value;
  if (is === '>=') return quantity >= value;
  return is === '<' ? quantity < value : quantity <= value;
}

/** A filter's text taken apart: its words for bounds, and the text to search for. */
export type FilterWords =
  | { readonly kind: 'words'; readonly text: string; readonly bounds: readonly Bound[] }
  /** `reason` is a sentence for the user. */
  | { readonly kind: 'invalid'; readonly reason: string };

const times: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, m: 60_000 };
const sizes: Readonly<Record<string, number>> = {
  b: 1,
  k: 1000,
  kb: 1000,
  kib: 1024,
  m: 1e6,
  mb: 1e6,
  mib: 1024 ** 2,
};

/**
 * Units of each quantity. Where none is written, that of the table's column counts: ms for gaps, bytes for sizes and
 * seconds for times.
 */
const units: { readonly [Q in BoundQuantity]: Readonly<Record<string, number>> } = {
  gap: { ...times, '': 1 },
  size: { ...sizes, '': 1 },
  at: { ...times, '': 1000 },
};
const examples: { readonly [Q in BoundQuantity]: string } = {
  gap: 'gap>500ms or gap<2s',
  size: 'size>4k or size<200',
  at: 'at>1.5s or at<2min',
};

/** A quantity, its comparison and its amount, with spaces between them or without. */
const boundWord = /(?<=^|\s)(gap|size|at)\s*(>=|<=|>|<)\s*(\S*)/gi;
const amount = /^(\d+(?:\.\d+)?|\.\d+)([a-z]*)$/i;
/** What looks like a bound but is invalid: an unknown quantity, or a comparison other than these. */
const otherQuantity = /(?<=^|\s)([a-z]+)[<>]=?[\d.]+(?:ms|s|min|k|kb|kib|mb|mib)(?=\s|$)/i;
const otherComparison = /(?<=^|\s)(gap|size|at)(?:=|==|:)[\d.]+(?:ms|s|min|m|b|k|kb|kib|mb|mib)(?=\s|$)/i;

/**
 * Takes a filter's text apart. `gap>500ms`, `gap<2s`, `size>4k` and `at>=1.5s` are bounds wherever they stand as words of
 * their own; the rest is text. A row must be inside every bound. As text such a word can be searched for with a regular expression:
 * `gap[>]500ms`.
 */
export function filterWords(written: string): FilterWords {
  const bounds: Bound[] = [];
  let reason: string | null = null;
  const text = written.replace(boundWord, (word, quantity: string, is: Bound['is'], value: string) => {
    const of = quantity.toLowerCase() as BoundQuantity;
    const [, digits, unit = ''] = amount.exec(value) ?? [];
    const factor = units[of][unit.toLowerCase()];
    if (digits !== undefined && factor !== undefined) {
      bounds.push({ of, is, value: Number(digits) * factor });
      return '';
    }
    reason ??= problemOf(word.trim(), of, value);
    return '';
  });
  reason ??= problemOfRest(text);
  if (reason !== null) return { kind: 'invalid', reason };
  // Without bounds, the spaces around the text count.
  return { kind: 'words', text: bounds.length === 0 ? written : text.trim(), bounds };
}

function problemOf(word: string, of: BoundQuantity, value: string): string {
  const known = of === 'size' ? 'k, M, kB, MB, KiB or MiB' : 'ms, s or min';
  const unit = amount.exec(value)?.[2];
  if (value === '') return `“${word}” has no amount yet. Write ${examples[of]}.`;
  if (unit !== undefined) return `“${unit}” is not a unit of ${of}: ${known}. Write ${examples[of]}.`;
  return `“${value}” is not an amount. Write ${examples[of]}.`;
}

function problemOfRest(text: string): string | null {
  const comparison = otherComparison.exec(text);
  if (comparison !== null) {
    const of = (comparison[1] ?? '').toLowerCase() as BoundQuantity;
    return `“${comparison[0]}” has no comparison: >, >=, < or <=. Write ${examples[of]}.`;
  }
  const [word, quantity] = otherQuantity.exec(text) ?? [];
  if (word === undefined) return null;
  return `“${quantity}” is not known: rows are filtered by gap, size and at. As a text, search for it with the regular expression ${word.replace(/[<>]/, '[$&]')}.`;
}
