import { parseArgs, type ParseArgsConfig } from 'node:util';
import { usageFailure } from './command-failure.ts';

/** Reads a command's arguments; options may stand anywhere. Throws a usage failure for what is not known. */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const unknown = /^Unknown option '(.+?)'/.exec(error.message)?.[1];
    if (unknown !== undefined) throw usageFailure(`there is no option "${unknown}"`);
    // Node adds advice after the first sentence.
    throw usageFailure(error.message.split('\n')[0] ?? error.message);
  }
}

/** The one argument that a command needs. */
export function onlyArgument(positionals: readonly string[], what: string): string {
  const [first, ...more] = positionals;
  if (first === undefined || first === '') throw usageFailure(`${what} is missing`);
  if (more.length > 0) throw usageFailure(`${what} is all that is taken: "${more.join(' ')}" is too much`);
  return first;
}

/** For a command that needs options only. */
export function noArgument(command: string, positionals: readonly string[]): void {
  if (positionals.length > 0)
    throw usageFailure(`${command} takes no argument: "${positionals.join(' ')}" is too much`);
}

/** `--port`; 0, the default, is a free one. */
export function portNumber(text: string | undefined): number {
  return text === undefined ? 0 : wholeNumber(text, '--port', 0, 65_535);
}

/** A whole number from an option. */
export function wholeNumber(text: string, option: string, from: number, to: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < from || value > to) {
    throw usageFailure(`${option} takes a whole number from ${from} to ${to}, not "${text}"`);
  }
  return value;
}

/** One of some words from an option. */
export function oneOf<const Word extends string>(text: string, option: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw usageFailure(`${option} takes ${words.join(', ')}, not "${text}"`);
  return word;
}
