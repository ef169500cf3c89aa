import { didYouMean } from '../core/text/did-you-mean.ts';
import { usageFailure } from './command-failure.ts';
import { colorModes } from './styled-text.ts';

/** How to parse the value of an option. */
export interface ValueType<Value> {
  /** The allowed values, if there are only a few. */
  readonly choices?: readonly string[];
  /**
   * @param option its name as typed, `--port`
   * @throws CommandFailure (usage)
   */
  parse(text: string, option: string): Value;
}

/** A command line, split into arguments and options. */
export interface CommandLine {
  readonly arguments: readonly string[];
  /** The unparsed values of each given option, in order. A flag has none. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/** An option of a command. */
export interface Option<Value> {
  /** One letter: `-o`. */
  readonly short: string | undefined;
  /** Name of its value in the help, such as `FILE`; null for a flag. */
  readonly placeholder: string | null;
  /** Its description. The help appends choices and default. */
  readonly help: string;
  readonly choices: readonly string[];
  /** The default for the help; null for none. */
  readonly fallback: string | null;
  readonly isRequired: boolean;
  readonly isRepeatable: boolean;
  /** Why it cannot be used in this command line, such as `needs --as events`; null if it can. */
  refusal(given: CommandLine): string | null;
  /**
   * Parses its value.
   * @param texts undefined if it was not given
   * @throws CommandFailure (usage)
   */
  read(texts: readonly string[] | undefined, name: string): Value;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values of a command's options, by name. */
export type OptionValues<Declared extends Options> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Option<infer Value> ? Value : never;
};

interface Described {
  readonly help: string;
  readonly short?: string;
  readonly refusal?: (given: CommandLine) => string | null;
}

interface Valued<Value> extends Described {
  readonly placeholder: string;
  readonly type: ValueType<Value>;
}

/** An option without a value: true if it is given. */
export function flag(declared: Described): Option<boolean> {
  return { ...described(declared), placeholder: null, choices: [], read: (texts) => texts !== undefined };
}

/** An option whose value is undefined if it is not given. */
export function optional<Value>(declared: Valued<Value>): Option<Value | undefined> {
  return {
    ...valued(declared),
    read: (texts, name) => (texts === undefined ? undefined : declared.type.parse(last(texts), name)),
  };
}

/** An option with a default. */
export function withDefault<Value extends string | number>(
  declared: Valued<Value> & { readonly fallback: Value },
): Option<Value> {
  const { fallback, type } = declared;
  return {
    ...valued(declared),
    fallback: String(fallback),
    read: (texts, name) => (texts === undefined ? fallback : type.parse(last(texts), name)),
  };
}

/** An option that must be given. */
export function required<Value>(declared: Valued<Value>): Option<Value> {
  const { placeholder, type } = declared;
  return {
    ...valued(declared),
    isRequired: true,
    read(texts, name) {
      if (texts !== undefined) return type.parse(last(texts), name);
      const choices = type.choices === undefined ? '' : `: ${orList(type.choices)}`;
      throw usageFailure(`Missing option: ${name} ${placeholder}${choices}`);
    },
  };
}

/** An option that can be given several times. Its value is a list. */
export function repeatable<Value>(declared: Valued<Value>): Option<readonly Value[]> {
  return {
    ...valued(declared),
    isRepeatable: true,
    read: (texts = [], name) => texts.map((text) => declared.type.parse(text, name)),
  };
}

function described({ help, short, refusal = () => null }: Described) {
  return { help, short, refusal, fallback: null, isRequired: false, isRepeatable: false };
}

function valued<Value>({ placeholder, type, ...rest }: Valued<Value>) {
  return { ...described(rest), placeholder, choices: type.choices ?? [] };
}

/** If an option is given twice, the last value counts. */
function last(texts: readonly string[]): string {
  return texts.at(-1) ?? '';
}

export const text: ValueType<string> = { parse: (text) => text };

/** A whole number from `from` to `to`, both included. */
export function wholeNumber(from: number, to: number): ValueType<number> {
  return {
    parse(text, option) {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= from && value <= to) return value;
      throw usageFailure(`${option} takes a whole number from ${from} to ${to}, not "${text}"`);
    },
  };
}

/** One of these words. */
export function oneOf<const Word extends string>(choices: readonly Word[]): ValueType<Word> {
  return {
    choices,
    parse(text, option) {
      const word = choices.find((choice) => choice === text);
      if (word !== undefined) return word;
      throw usageFailure(`${option} takes ${orList(choices)}, not "${text}"${didYouMean(text, choices)}`);
    },
  };
}

/** Refuses an option together with any of these. */
export function notWith(...names: readonly string[]): (given: CommandLine) => string | null {
  return ({ options }) => {
    const other = names.find((name) => options.has(name));
    return other === undefined ? null : `cannot be used with --${other}`;
  };
}

/** Refuses an option unless another one has this value. */
export function onlyWith(name: string, value: string): (given: CommandLine) => string | null {
  return ({ options }) => (options.get(name)?.at(-1) === value ? null : `needs --${name} ${value}`);
}

/** Adds a refusal to each option. */
export function refusing<const Declared extends Options>(
  declared: Declared,
  refusal: (given: CommandLine) => string | null,
): Declared {
  const entries = Object.entries(declared).map(([name, option]) => [name, { ...option, refusal }]);
  return Object.fromEntries(entries) as Declared;
}

/** `a, b or c`. */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** `--port N`: 0 picks a free port. */
export const portOption = withDefault({
  placeholder: 'N',
  type: wholeNumber(0, 65_535),
  fallback: 0,
  help: 'port to listen on; 0 picks a free one',
});

/** Options of each command that prints text for people in a terminal. */
export const outputOptions = {
  json: flag({ help: 'print NDJSON, as if the output were not a terminal' }),
  color: withDefault({
    placeholder: 'WHEN',
    type: oneOf(colorModes),
    fallback: 'auto',
    help: 'colors in a terminal; auto follows NO_COLOR and FORCE_COLOR',
  }),
};
