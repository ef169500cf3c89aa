import { visibleText } from '../core/text/visible-text.ts';
import type { Output } from './output.ts';

/** A column of a table. The last one takes what room there is. */
export interface Column {
  readonly title: string;
  readonly width: number;
  /** Numbers stand at the right. */
  readonly right?: boolean;
}

/** How one kind of item is shown: as a line of NDJSON, and as a row for people. */
export interface View<T> {
  readonly columns: readonly Column[];
  /** The record as JSON text, without a line feed. */
  json(item: T): string;
  /** Texts of its row, one a column; whatever is in them is made harmless by the printer. */
  cells(item: T): readonly string[];
}

/** Prints items one after another as they come: NDJSON, or an aligned table where people read it. */
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

/** At most `width` characters, with an ellipsis where some are left out; never half a character. */
function shortened(text: string, width: number): string {
  if (text.length <= width) return text;
  return `${text.slice(0, width - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A number of ms or bytes as a table shows it; nothing where it is not known. */
export function formatNumber(value: number | null, digits = 1): string {
  return value === null ? '' : value.toFixed(digits);
}
