import type { Output } from './output.ts';
import { cut, type Line, padded, type Span, styled, visible } from './styled-text.ts';

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
  cells(item: T): readonly Line[];
}

/** Columns that the last column of a table needs. If they are missing, columns before it are left out. */
const LAST_COLUMN_WIDTH = 20;

/** Prints items one by one, as NDJSON or as a table that fits the terminal. */
export class Printer<T> {
  readonly #output: Output;
  readonly #view: View<T>;
  readonly #asTable: boolean;
  /** Columns of the last printed row; 0 before the first one. */
  #shownColumns = 0;

  constructor(output: Output, view: View<T>, asTable: boolean) {
    this.#output = output;
    this.#view = view;
    this.#asTable = asTable;
  }

  async print(item: T): Promise<void> {
    if (!this.#asTable) return this.#output.writeJson(this.#view.json(item));
    const columns = shownColumns(this.#view.columns, this.#output.width);
    if (columns.length !== this.#shownColumns) {
      this.#shownColumns = columns.length;
      await this.#row(columns, (index) => [styled('bold', this.#view.columns[index]?.title ?? '')]);
    }
    const cells = this.#view.cells(item);
    await this.#row(columns, (index) => cells[index] ?? '');
  }

  /** @param columns numbers of the columns to show */
  #row(columns: readonly number[], cell: (index: number) => Line): Promise<void> {
    const last = columns.at(-1);
    const row = columns.flatMap((index): readonly Span[] => {
      const text = visible(cell(index));
      const { width = 0, right = false } = this.#view.columns[index] ?? {};
      return index === last ? text : [...padded(text, width, right), '  '];
    });
    return this.#output.writeRows([cut(row, this.#output.width - 1)]);
  }
}

/** The numbers of the columns that fit, without those before the last one that do not. */
function shownColumns(columns: readonly Column[], width: number): readonly number[] {
  let used = LAST_COLUMN_WIDTH;
  const shown: number[] = [];
  for (const [index, column] of columns.slice(0, -1).entries()) {
    used += column.width + 2;
    if (used >= width) break;
    shown.push(index);
  }
  return [...shown, columns.length - 1];
}

/** A number for a table; empty for null. */
export function formatNumber(value: number | null, digits = 1): string {
  return value === null ? '' : value.toFixed(digits);
}
