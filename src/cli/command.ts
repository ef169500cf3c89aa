import { parseArgs } from 'node:util';
import { didYouMean } from '../core/text/did-you-mean.ts';
import { type ExitStatus, refusalFailure, usageFailure } from './command-failure.ts';
import type { CommandLine, Options, OptionValues } from './option.ts';
import type { Output } from './output.ts';
import { colorModes, wantsColors } from './styled-text.ts';

/** The program that a command runs in. */
export interface Program {
  readonly version: string;
  /** The application's folder, which has the build in `out/`. */
  readonly projectFolder: string;
  /** Standard output: only for results. */
  readonly output: Output;
  /** Prints a message on standard error, in one line. */
  readonly notify: (message: string) => void;
}

/** One form of a command line. */
export interface Usage {
  /** The option that selects this form. */
  readonly option?: string;
  /**
   * Names of the arguments, in order: `FILE` is required, `[FILE]` can be left out, and the last one can be repeated
   * (`FILE…`).
   */
  readonly arguments: readonly string[];
}

/** Declares a command. Its parsing, help and error messages are derived from this. */
export interface CommandDeclaration<Declared extends Options> {
  /** What it does, for the help. One line for each paragraph. */
  readonly summary: string;
  /** At most one has no `option`: it applies if no other does. */
  readonly usages: readonly Usage[];
  readonly options: Declared;
  /** @throws CommandFailure, Refusal */
  readonly run: (given: CommandInput<Declared>, program: Program) => Promise<ExitStatus>;
}

/** The parsed command line. */
export interface CommandInput<Declared extends Options> {
  readonly arguments: readonly string[];
  readonly options: OptionValues<Declared>;
  /** Print text for people, not NDJSON. */
  readonly asTable: boolean;
}

/** A command of the program. */
export interface Command {
  readonly summary: string;
  readonly usages: readonly Usage[];
  readonly options: Options;
  /**
   * Parses a command line and runs the command.
   * @throws CommandFailure
   */
  execute(args: readonly string[], program: Program): Promise<ExitStatus>;
}

/** Declares a command. The options that `run` gets have the types of their declarations. */
export function defineCommand<const Declared extends Options>({
  run,
  ...declared
}: CommandDeclaration<Declared>): Command {
  return {
    ...declared,
    async execute(args, program) {
      const given = parse(args, declared.options);
      checkArguments(given, declared.usages);
      for (const name of given.options.keys()) {
        const refusal = declared.options[name]?.refusal(given) ?? null;
        if (refusal !== null) throw usageFailure(`--${name} ${refusal}`);
      }
      const values = Object.entries(declared.options).map(([name, option]) => [
        name,
        option.read(given.options.get(name), `--${name}`),
      ]);
      const options = Object.fromEntries(values) as OptionValues<Declared>;
      const { output } = program;
      const asTable = output.isTerminal && !given.options.has('json');
      const color = declared.options['color']?.read(given.options.get('color'), '--color');
      const mode = colorModes.find((known) => known === color) ?? 'never';
      output.colors = asTable && wantsColors(mode, process.env);
      try {
        return await run({ arguments: given.arguments, options, asTable }, program);
      } catch (error) {
        throw refusalFailure(error);
      }
    },
  };
}

/** Splits a command line into options, which can be anywhere before `--`, and arguments. */
function parse(args: readonly string[], declared: Options): CommandLine {
  const config = Object.entries(declared).map(([name, { placeholder, short }]) => {
    const type: 'string' | 'boolean' = placeholder === null ? 'boolean' : 'string';
    return [name, { type, multiple: true, ...(short === undefined ? {} : { short }) }] as const;
  });
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(config),
      allowPositionals: true,
    });
    const options = Object.entries(values).map(([name, given]) => {
      const texts = Array.isArray(given) ? given.filter((text) => typeof text === 'string') : [];
      return [name, texts] as const;
    });
    return { arguments: positionals, options: new Map(options) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const unknown = /^Unknown option '(.+?)'/.exec(error.message)?.[1];
    if (unknown !== undefined) {
      const known = Object.keys(declared).map((name) => `--${name}`);
      throw usageFailure(`Unknown option: ${unknown}${didYouMean(unknown, known)}`);
    }
    // Node adds advice after the first sentence.
    throw usageFailure(error.message.split('\n')[0] ?? error.message);
  }
}

function checkArguments({ arguments: given, options }: CommandLine, usages: readonly Usage[]): void {
  const usage =
    usages.find(({ option }) => option !== undefined && options.has(option)) ??
    usages.find(({ option }) => option === undefined);
  const expected = usage?.arguments ?? [];
  const missing = expected.find((name, index) => !name.startsWith('[') && !given[index]);
  if (missing !== undefined) throw usageFailure(`Missing argument: ${missing.replace('…', '')}`);
  const extra = expected.at(-1)?.includes('…') === true ? undefined : given[expected.length];
  if (extra !== undefined) throw usageFailure(`Unexpected argument: ${extra}`);
}
