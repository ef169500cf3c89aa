import { visibleText } from '../core/text/visible-text.ts';
import type { Output } from './output.ts';

/** A column of a table. The last one takes the remaining width. */
export interface Column {
  readonly title: string;
  readonly width: number;
  /** Right-aligned, for numbers. */
  readonly right?: boolean;
}

/** How to print one kind of item, as NDJSON and as a row of a table. */
export interface View<T> {
  readonly columns: readonly Column[];
  /** The record as JSON text, without a line feed. */
  json(item: T): string;
  /** One text for each column. The printer makes control characters visible. */
  cells(item: T): readonly string[];
}

/** Prints items one by one, as NDJSON or as a table. */
export class Printer<T> {
  readonly #output: Output;
  readonly #view: View<T>;
  readonly #asTable: boolean;
  #isFirst = true;

  constructor(output: Output, view: View<T>, asTable: boolean) {
    this.#output = output;
    this.#view = view;
    this.#asTable = asTable;
  }

  async print(item: T): Promise<void> {
    if (!this.#asTable) return this.#output.writeJson(this.#view.json(item));
    const { columns } = this.#view;
    if (this.#isFirst) {
      this.#isFirst = false;
      await this.#row(columns.map(({ title }) => title));
    }
    await this.#row(this.#view.cells(item));
  }

  #row(cells: readonly string[]): Promise<void> {
    const { columns } = this.#view;
    const fixed = columns.slice(0, -1);
    const used = fixed.reduce((sum, { width }) => sum + width + 2, 0);
    const room = Math.max(20, this.#output.width - used - 1);
    const texts = cells.map((cell, index) => {
      const column = columns[index];
      const isLast = index === columns.length - 1;
      const text = shortened(visibleText(cell), isLast ? room : (column?.width ?? 0));
      if (isLast || column === undefined) return text;
      return column.right === true ? text.padStart(column.width) : text.padEnd(column.width);
    });
    return this.#output.write(`${texts.join('  ').trimEnd()}\n`);
  }
}

/** Cuts to at most `width` characters, with an ellipsis and without splitting a surrogate pair. */
function shortened(text: string, width: number): string {
  if (text.length <= width) return text;
  return `${text.slice(0, width - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A number for a table; empty for null. */
export function formatNumber(value: number | null, digits = 1): string {
  return value === null ? '' : value.toFixed(digits);
}
