import { type JsonValue, member, stringMember } from '../json/json-value.ts';
import type { Problems } from './assembly.ts';
import { appendArguments, type ToolCallPart } from './message.ts';

/** A step of a path: the name of a member or the index of an item. */
type Step = string | number;

/** An open container. */
interface Open {
  /** The step to it; null for the outermost. */
  readonly step: Step | null;
  readonly isArray: boolean;
  /** Members written; for an array the number of items. */
  readonly names: Set<Step>;
}

/** The deepest nesting; deeper paths are not read. */
const MAX_DEPTH = 200;

/**
 * Arguments as values with paths (Gemini's `partialArgs`: `{jsonPath: "$.a[0]", stringValue: "…",
 * willContinue}`), written as the JSON text that they form, so it grows like that of other calls.
 */
export class PartialArguments {
  readonly call: ToolCallPart;
  readonly #problems: Problems;
  readonly #open: Open[] = [];
  /** The path of the incomplete string, or null. */
  #string: string | null = null;

  constructor(call: ToolCallPart, problems: Problems) {
    this.call = call;
    this.#problems = problems;
  }

  /** Adds a value or a piece of a string. */
  add(piece: JsonValue, seq: number): void {
    const path = stringMember(piece, 'jsonPath') ?? '';
    const goesOn = member(piece, 'willContinue') === true;
    const text = stringMember(piece, 'stringValue');
    if (this.#string !== null && path === this.#string) {
      this.#write(inString(text ?? '') + (goesOn ? '' : this.#endString()), seq);
      return;
    }
    const steps = stepsOf(path);
    if (steps === null) {
      this.#problems.add('unexpected-shape', seq, `Invalid path of an argument: ${path.slice(0, 100)}`);
      return;
    }
    const before = this.#endString() + this.#moveTo(steps, seq);
    const scalar = scalarOf(piece);
    if (scalar !== null) {
      this.#write(before + scalar, seq);
      return;
    }
    if (goesOn) this.#string = path;
    this.#write(`${before}"${inString(text ?? '')}${goesOn ? '' : '"'}`, seq);
  }

  /** Ends the call: closes what is open. */
  end(seq: number): void {
    let text = this.#endString();
    if (this.#open.length === 0) text += '{}';
    while (this.#open.length > 0) text += this.#close();
    this.#write(text, seq);
  }

  #write(text: string, seq: number): void {
    appendArguments(this.call, text, seq);
  }

  #endString(): string {
    if (this.#string === null) return '';
    this.#string = null;
    return '"';
  }

  #close(): string {
    return this.#open.pop()?.isArray === true ? ']' : '}';
  }

  /** Closes and opens containers up to the value at a path. @returns the text to write, including the name of the value */
  #moveTo(steps: readonly Step[], seq: number): string {
    let text = '';
    if (this.#open.length === 0) text += this.#begin(null, steps[0]);
    let shared = 0;
    while (shared < steps.length - 1 && this.#open[shared + 1]?.step === steps[shared]) shared++;
    while (this.#open.length > shared + 1) text += this.#close();
    for (const [n, step] of steps.entries()) {
      if (n < shared) continue;
      text += this.#place(step, seq);
      if (n < steps.length - 1) text += this.#begin(step, steps[n + 1]);
    }
    return text;
  }

  #begin(step: Step | null, next: Step | undefined): string {
    const isArray = typeof next === 'number';
    this.#open.push({ step, isArray, names: new Set() });
    return isArray ? '[' : '{';
  }

  /** Begins a member or item of the innermost container. */
  #place(step: Step, seq: number): string {
    const container = this.#open.at(-1);
    if (container === undefined) return '';
    const { names, isArray } = container;
    if (names.has(step) || isArray !== (typeof step === 'number')) {
      this.#problems.add('unexpected-shape', seq, `An argument is repeated: ${String(step).slice(0, 100)}`);
    }
    const comma = names.size > 0 ? ',' : '';
    names.add(step);
    return isArray ? comma : `${comma}${JSON.stringify(String(step))}:`;
  }
}

/** A text as the content of a JSON string. Surrogate pairs may be divided between pieces. */
function inString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The JSON of a value other than a string; null for a string. */
function scalarOf(piece: JsonValue): string | null {
  const number = member(piece, 'numberValue');
  if (typeof number === 'number') return JSON.stringify(number);
  const bool = member(piece, 'boolValue');
  if (typeof bool === 'boolean') return String(bool);
  return member(piece, 'nullValue') === undefined ? null : 'null';
}

/** The steps of a normalised RFC 9535 path, or of its short form: `$.a[0]['b c']`. Null for anything else. */
function stepsOf(path: string): readonly Step[] | null {
  const step = /\.([^.[\]]+)|\[(\d{1,15})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
  const steps: Step[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const [, name, index, single, double] = step.exec(path) ?? [];
    const quoted = (single ?? double)?.replaceAll(/\\(.)/g, '$1');
    if (index !== undefined) steps.push(Number(index));
    else if (name !== undefined || quoted !== undefined) steps.push(name ?? quoted ?? '');
    else return null;
  }
  return path.startsWith('$') && steps.length > 0 && steps.length <= MAX_DEPTH ? steps : null;
}
