import { whiteSpace } from './json-token.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * The states of a JSON reader by [spec] RFC 8259, and the other results that a character can have. They are numbers in
 * this order (results, between tokens, in a string, in a literal, in a number), so that lookups and comparisons are
 * fast.
 */
export const State = {
  // Results of a character other than the next state.
  /** The character is not allowed here. */
  refused: 0,
  /** The innermost value or name has ended: with this character; a number before it. */
  ended: 1,
  /** An object or array has begun. */
  object: 2,
  array: 3,
  /** The name of a member has begun. */
  name: 4,

  done: 5,
  /** At the start of a text that must be an object or array. */
  start: 6,
  value: 7,
  valueOrClose: 8,
  key: 9,
  keyOrClose: 10,
  colon: 11,
  commaOrBrace: 12,
  commaOrBracket: 13,
  string: 14,
  escape: 15,
  hex4: 16,
  hex3: 17,
  hex2: 18,
  hex1: 19,
  /** The rest of a literal, by its letters. */
  rue: 20,
  ue: 21,
  trueE: 22,
  alse: 23,
  lse: 24,
  se: 25,
  falseE: 26,
  ull: 27,
  ll: 28,
  l: 29,
  /** In a number: after its minus sign, after a leading zero, … */
  minus: 30,
  zero: 31,
  integer: 32,
  point: 33,
  fraction: 34,
  exponent: 35,
  exponentSign: 36,
  exponentDigits: 37,
} as const;
export type State = (typeof State)[keyof typeof State];

type Transition = readonly [characters: string, state: State];

const nonZero = '123456789';
const digits = `0${nonZero}`;
const hexDigits = `${digits}abcdefABCDEF`;

const containers: readonly Transition[] = [
  ['{', State.object],
  ['[', State.array],
];
const values: readonly Transition[] = [
  ...containers,
  ['"', State.string],
  ['t', State.rue],
  ['f', State.alse],
  ['n', State.ull],
  ['-', State.minus],
  ['0', State.zero],
  [nonZero, State.integer],
];
const point: Transition = ['.', State.point];
const exponent: Transition = ['eE', State.exponent];

interface Rule {
  /** What is expected next, as a phrase. */
  readonly expected: string;
  readonly transitions: readonly Transition[];
  /** The result of any other character; `refused` without it. */
  readonly otherwise?: State;
}

const refused: Rule = { expected: '', transitions: [] };
const fourDigits = 'four hexadecimal digits after \\u';

const rules: Readonly<Record<keyof typeof State, Rule>> = {
  refused,
  ended: refused,
  object: refused,
  array: refused,
  name: refused,
  done: { expected: 'the end of the text', transitions: [] },
  start: { expected: 'an object or an array', transitions: containers },
  value: { expected: 'a value', transitions: values },
  valueOrClose: { expected: 'a value or "]"', transitions: [...values, [']', State.ended]] },
  key: { expected: 'a member name in quotes', transitions: [['"', State.name]] },
  keyOrClose: {
    expected: 'a member name in quotes or "}"',
    transitions: [
      ['"', State.name],
      ['}', State.ended],
    ],
  },
  colon: { expected: '":"', transitions: [[':', State.value]] },
  commaOrBrace: {
    expected: '"," or "}"',
    transitions: [
      [',', State.key],
      ['}', State.ended],
    ],
  },
  commaOrBracket: {
    expected: '"," or "]"',
    transitions: [
      [',', State.value],
      [']', State.ended],
    ],
  },
  string: {
    expected: 'the end of the string',
    transitions: [
      ['"', State.ended],
      ['\\', State.escape],
      [String.fromCharCode(...Array.from({ length: 0x20 }, (_, unit) => unit)), State.refused],
    ],
    otherwise: State.string,
  },
  escape: {
    expected: 'one of " \\ / b f n r t u after the backslash',
    transitions: [
      ['"\\/bfnrt', State.string],
      ['u', State.hex4],
    ],
  },
  hex4: { expected: fourDigits, transitions: [[hexDigits, State.hex3]] },
  hex3: { expected: fourDigits, transitions: [[hexDigits, State.hex2]] },
  hex2: { expected: fourDigits, transitions: [[hexDigits, State.hex1]] },
  hex1: { expected: fourDigits, transitions: [[hexDigits, State.string]] },
  rue: { expected: 'the rest of "true"', transitions: [['r', State.ue]] },
  ue: { expected: 'the rest of "true"', transitions: [['u', State.trueE]] },
  trueE: { expected: 'the rest of "true"', transitions: [['e', State.ended]] },
  alse: { expected: 'the rest of "false"', transitions: [['a', State.lse]] },
  lse: { expected: 'the rest of "false"', transitions: [['l', State.se]] },
  se: { expected: 'the rest of "false"', transitions: [['s', State.falseE]] },
  falseE: { expected: 'the rest of "false"', transitions: [['e', State.ended]] },
  ull: { expected: 'the rest of "null"', transitions: [['u', State.ll]] },
  ll: { expected: 'the rest of "null"', transitions: [['l', State.l]] },
  l: { expected: 'the rest of "null"', transitions: [['l', State.ended]] },
  minus: {
    expected: 'a digit after the minus sign',
    transitions: [
      ['0', State.zero],
      [nonZero, State.integer],
    ],
  },
  zero: { expected: '', transitions: [point, exponent], otherwise: State.ended },
  integer: { expected: '', transitions: [[digits, State.integer], point, exponent], otherwise: State.ended },
  point: { expected: 'a digit after the decimal point', transitions: [[digits, State.fraction]] },
  fraction: { expected: '', transitions: [[digits, State.fraction], exponent], otherwise: State.ended },
  exponent: {
    expected: 'a digit in the exponent',
    transitions: [
      ['+-', State.exponentSign],
      [digits, State.exponentDigits],
    ],
  },
  exponentSign: { expected: 'a digit in the exponent', transitions: [[digits, State.exponentDigits]] },
  exponentDigits: { expected: '', transitions: [[digits, State.exponentDigits]], otherwise: State.ended },
};

const STATES = Object.keys(State).length;
/** Characters with columns in the table; the last also represents all later ones. */
const UNITS = 128;
const rulesByState: readonly Rule[] = Object.keys(State).map((name) => rules[name as keyof typeof State]);

/** Whether white space is allowed in a state: between tokens. */
function isBetween(state: number): boolean {
  return state >= State.done && state <= State.commaOrBracket;
}

/** The result of each character in each state. */
const table = new Uint8Array(STATES * UNITS);
for (const [state, { transitions, otherwise = State.refused }] of rulesByState.entries()) {
  const row = table.subarray(state * UNITS, (state + 1) * UNITS);
  row.fill(otherwise);
  if (isBetween(state)) for (const unit of whiteSpace) row[unit] = state;
  for (const [characters, next] of transitions) for (const c of characters) row[c.charCodeAt(0)] = next;
}

/** The result of a character in a state: see `State`. */
export function stateAfter(state: State, unit: number): State {
  return table[state * UNITS + (unit < UNITS ? unit : UNITS - 1)] as State;
}

/** Whether a state is inside a number, which only the next character can end. */
export function isInNumber(state: State): boolean {
  return state >= State.minus;
}

/** Index of the first character at or after `from` that a string must escape or that ends it; the length without one. */
export function endOfPlain(text: string, from: number): number {
  const { length } = text;
  let i = from;
  while (i < length) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE || unit === BACKSLASH || unit < SPACE) return i;
    i++;
  }
  return i;
}

/**
 * What is expected in a state, as a phrase.
 * @param inObject the innermost container is an object
 */
export function expectation(state: State, inObject: boolean): string {
  const expected = rulesByState[state]?.expected ?? '';
  if (expected !== '') return expected;
  return `${rules[inObject ? 'commaOrBrace' : 'commaOrBracket'].expected} after the number`;
}
