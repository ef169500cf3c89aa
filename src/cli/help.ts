import type { Command, Usage } from './command.ts';
import { type CommandName, commandNames, loadCommand } from './commands.ts';
import { type Option, orList } from './option.ts';
import { plainText, wrap } from './styled-text.ts';

const head = `SSE Inspector: see a stream at every step of its way.

usage: sse-inspector COMMAND …      (in the repository: npm run -s cli -- COMMAND …)
`;

const foot = `  -h, --help          show this help, or that of a command
  -V, --version

exit status: 0 success, 1 the stream failed the check, 2 wrong usage, 3 could not connect, read or write
`;

/** Widest help, in columns. */
const MAX_WIDTH = 100;
/** Columns of a description, and of an option's name in it. */
const INDENT = 6;
const NAMES = 20;

/**
 * The help of one command, or of all.
 * @param width columns of the terminal
 */
export async function helpText(only?: CommandName, width = MAX_WIDTH): Promise<string> {
  const names = only === undefined ? commandNames : [only];
  const sections = await Promise.all(
    names.map(async (name) => section(name, await loadCommand(name), Math.min(width, MAX_WIDTH))),
  );
  return `${head}\n${sections.join('\n')}\n${foot}`;
}

function section(name: string, { usages, options, summary }: Command, width: number): string {
  return [
    ...usages.map((usage) => `  ${usageText(name, usage, options)}`),
    ...summary.split('\n').flatMap((paragraph) => wrapped(paragraph, INDENT, INDENT, width)),
    ...Object.entries(options).flatMap(([option, declared]) => optionRow(option, declared, width)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** `export FILE --to FORMAT [OPTION…]` */
function usageText(name: string, usage: Usage, options: Command['options']): string {
  const required = Object.entries(options)
    .filter(([option, { isRequired }]) => isRequired || option === usage.option)
    .map(([option, { placeholder }]) => `--${option} ${placeholder}`);
  const [first = [], second = []] =
    usage.option === undefined ? [usage.arguments, required] : [required, usage.arguments];
  return [name, ...first, ...second, '[OPTION…]'].join(' ');
}

function optionRow(name: string, option: Option<unknown>, width: number): readonly string[] {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const label = `${short}--${name}${option.placeholder === null ? '' : ` ${option.placeholder}`}`;
  return wrapped(`${label.padEnd(NAMES - 1)} ${optionText(option)}`, INDENT, INDENT + NAMES, width);
}

function optionText({ help, choices, fallback, isRepeatable }: Option<unknown>): string {
  const all = choices.length === 0 ? '' : `: ${orList(choices)}`;
  const default_ = fallback === null ? '' : ` (default ${fallback})`;
  return `${help}${all}${default_}${isRepeatable ? '; can be given several times' : ''}`;
}

/**
 * @param first columns before the first line
 * @param indent columns before the others
 */
function wrapped(text: string, first: number, indent: number, width: number): readonly string[] {
  return wrap(`${' '.repeat(first)}${text}`, width, indent).map(plainText);
}
