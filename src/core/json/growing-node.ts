interface NodeBase {
  /** True until the text that ends it has arrived. */
  open: boolean;
  /** Index of its first code unit in the whole text. */
  readonly start: number;
}

/** One member of an object that is still arriving. */
export interface GrowingMember {
  /** Grows while `keyOpen`. */
  key: string;
  keyOpen: boolean;
  /** Null until the value begins. */
  value: GrowingNode | null;
}

/** An object. Members are in the order sent, with duplicates. No key is special. */
export interface GrowingObject extends NodeBase {
  readonly kind: 'object';
  readonly members: GrowingMember[];
}

/** An array. */
export interface GrowingArray extends NodeBase {
  readonly kind: 'array';
  readonly items: GrowingNode[];
}

/** A string. */
export interface GrowingString extends NodeBase {
  readonly kind: 'string';
  /** Decoded so far. */
  value: string;
}

/** A number, `true`, `false` or `null`, as text: no digit is lost. */
export interface GrowingScalar extends NodeBase {
  readonly kind: 'number' | 'literal';
  text: string;
}

/** A JSON value, as far as it has arrived. */
export type GrowingNode = GrowingObject | GrowingArray | GrowingString | GrowingScalar;
