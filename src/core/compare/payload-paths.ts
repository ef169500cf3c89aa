import { isJsonArray, type JsonValue } from '../json/json-value.ts';
import { dialects } from '../llm/dialects.ts';
import { integers } from './number-column.ts';
import { fingerprint, highLane, joinLanes, lowLane, spread } from './fingerprint.ts';
import { type IdentityKind, identityOfName, isIdentity } from './request-identity.ts';

/** The most paths per stream; later ones are not distinguished by name. */
const MOST_PATHS = 20_000;
/** The most sets of paths. Constants are not removed from payloads with other sets. */
const MOST_SHAPES = 4096;
/** The deepest nesting; a deeper payload is compared as text. */
const MOST_DEPTH = 64;
/** Code units of a value kept for display. */
const SAMPLE = 80;

/** A scalar; empty objects and arrays are `{}` and `[]`. */
type JsonScalar = string | number | boolean | null;

/** A path in the payloads of a stream, and its values. */
export interface PayloadPath {
  /** In JavaScript notation: `choices[0].delta.content`. */
  readonly path: string;
  /** Number of the path in its stream. */
  readonly index: number;
  /** Its fingerprint, in two lanes. */
  readonly low: number;
  readonly high: number;
  /** What its name says about the request. */
  readonly named: IdentityKind | null;
  /** It has output text of a dialect. */
  readonly isOutput: boolean;
  readonly children: Map<string | number, PayloadPath>;
  /** Number of values that are content. */
  count: number;
  /** The values differ. */
  varies: boolean;
  /** The latest value, whose fingerprint is reused. */
  last: JsonScalar | undefined;
  lastPrint: number;
  /** Number of values set aside by name and form. */
  aside: number;
}

/** The result of a walk through a payload. Lanes are signed 32-bit numbers. */
interface PayloadPrint {
  readonly low: number;
  readonly high: number;
  /** The same without a dialect's output text. */
  readonly restLow: number;
  readonly restHigh: number;
  /** Number of its set of paths; -1 if it is not kept. */
  readonly shape: number;
  /** Fingerprint of its set of paths. */
  readonly kind: number;
  /** Code units of a dialect's output text in it. */
  readonly output: number;
  /** It has an integer with more digits than a JavaScript number. */
  readonly hasLongNumber: boolean;
}

/**
 * Paths of the model's text in the deltas of all dialects, without array indices. Other texts are content that must be
 * equal as a whole.
 */
const outputPaths: ReadonlySet<string> = new Set(dialects.flatMap((dialect) => dialect.outputPaths));

/**
 * The paths of a stream's payloads. The fingerprint of a payload is a sum over its values with their paths, so that
 * constants can be removed later without reading the payloads again. The order of members does not count.
 */
export class PayloadPaths {
  readonly #paths: PayloadPath[] = [];
  readonly #root = this.#newPath('', '', null);
  readonly #shapes: Int32Array[] = [];
  readonly #shapeOf = new Map<number, number>();
  readonly #leaves = integers();
  #low = 0;
  #high = 0;
  #restLow = 0;
  #restHigh = 0;
  #kindLow = 0;
  #kindHigh = 0;
  #output = 0;
  #isModel = false;
  #isLoose = false;
  #hasLongNumber = false;

  get paths(): readonly PayloadPath[] {
    return this.#paths;
  }

  /** For each set of paths the numbers of its paths. */
  get shapes(): readonly Int32Array[] {
    return this.#shapes;
  }

  /**
   * Walks through a payload.
   * @param isModel it is in a known dialect
   * @returns null if it is nested too deep
   */
  print(value: JsonValue, isModel: boolean): PayloadPrint | null {
    this.#low = this.#high = this.#restLow = this.#restHigh = this.#kindLow = this.#kindHigh = 0;
    this.#output = 0;
    this.#isModel = isModel;
    this.#isLoose = this.#hasLongNumber = false;
    this.#leaves.clear();
    if (!this.#walk(value, this.#root, 0)) return null;
    const kind = joinLanes(this.#kindLow, this.#kindHigh);
    return {
      low: this.#low,
      high: this.#high,
      restLow: this.#restLow,
      restHigh: this.#restHigh,
      shape: this.#isLoose ? -1 : this.#shape(kind),
      kind,
      output: this.#output,
      hasLongNumber: this.#hasLongNumber,
    };
  }

  #shape(kind: number): number {
    const known = this.#shapeOf.get(kind);
    if (known !== undefined) return known;
    if (this.#shapes.length >= MOST_SHAPES) return -1;
    this.#shapeOf.set(kind, this.#shapes.length);
    return this.#shapes.push(this.#leaves.array.slice()) - 1;
  }

  #walk(value: JsonValue, path: PayloadPath, depth: number): boolean {
    if (typeof value !== 'object' || value === null) {
      this.#leaf(value, path);
      return true;
    }
    if (depth === MOST_DEPTH) return false;
    if (isJsonArray(value)) {
      if (value.length === 0) this.#leaf('[]', path);
      for (let index = 0; index < value.length; index++) {
        if (!this.#walk(value[index] as JsonValue, this.#child(path, index), depth + 1)) return false;
      }
      return true;
    }
    const names = Object.keys(value);
    if (names.length === 0) this.#leaf('{}', path);
    for (const name of names) {
      if (!this.#walk(value[name] as JsonValue, this.#child(path, name), depth + 1)) return false;
    }
    return true;
  }

  #leaf(value: JsonScalar, path: PayloadPath): void {
    if (path.named !== null && isIdentity(path.named, value, this.#isModel)) {
      path.aside++;
      if (path.count === 0) path.last = value;
      return;
    }
    const isOutput = this.#isModel && path.isOutput && typeof value === 'string' && value !== '';
    if (value !== path.last || path.count === 0) {
      if (path.count > 0) path.varies = true;
      path.last = value;
      path.lastPrint = fingerprint(String(value), typeof value === 'string' ? 1 : 2);
    }
    path.count++;
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
      this.#hasLongNumber = true;
    const low = lowContribution(path);
    const high = highContribution(path);
    this.#low = (this.#low + low) | 0;
    this.#high = (this.#high + high) | 0;
    if (isOutput) this.#output += value.length;
    else {
      this.#restLow = (this.#restLow + low) | 0;
      this.#restHigh = (this.#restHigh + high) | 0;
    }
    this.#kindLow = (this.#kindLow + path.low) | 0;
    this.#kindHigh = (this.#kindHigh + path.high) | 0;
    if (path.index < 0) this.#isLoose = true;
    else this.#leaves.push(path.index);
  }

  #child(parent: PayloadPath, name: string | number): PayloadPath {
    const known = parent.children.get(name);
    if (known !== undefined) return known;
    const text = typeof name === 'number' ? `${parent.path}[${name}]` : joined(parent.path, name);
    const path = this.#newPath(text, typeof name === 'number' ? '[]' : name, parent);
    if (path.index >= 0) parent.children.set(name, path);
    return path;
  }

  #newPath(path: string, name: string, parent: PayloadPath | null): PayloadPath {
    const print = fingerprint(path);
    const isKept = parent !== null && parent.index >= -1 && this.#paths.length < MOST_PATHS;
    const made: PayloadPath = {
      path,
      index: isKept ? this.#paths.length : parent === null ? -1 : -2,
      low: spread(lowLane(print), 1),
      high: spread(highLane(print), 2),
      named: identityOfName(name),
      isOutput: outputPaths.has(path.replace(/\[\d+\]/g, '[]')),
      children: new Map(),
      count: 0,
      varies: false,
      last: undefined,
      lastPrint: 0,
      aside: 0,
    };
    if (isKept) this.#paths.push(made);
    return made;
  }
}

function joined(parent: string, name: string): string {
  const shown = /^[A-Za-z_$][\w$]*$/.test(name) ? name : `[${JSON.stringify(name)}]`;
  return parent === '' || shown.startsWith('[') ? parent + shown : `${parent}.${shown}`;
}

/** What the latest value of a path adds to the low lane of the sum. */
export function lowContribution({ low, lastPrint }: PayloadPath): number {
  return spread(low ^ lowLane(lastPrint), highLane(lastPrint));
}

/** What the latest value of a path adds to the high lane of the sum. */
export function highContribution({ high, lastPrint }: PayloadPath): number {
  return spread(high ^ highLane(lastPrint), lowLane(lastPrint));
}

/** The latest value of a path for display: JSON, shortened. */
export function sampleOf({ last }: PayloadPath): string {
  const text = JSON.stringify(last ?? null);
  return text.length <= SAMPLE ? text : `${text.slice(0, SAMPLE)}…`;
}
