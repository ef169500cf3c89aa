import type { Command, Usage } from './command.ts';
import { type CommandName, commandNames, loadCommand } from './commands.ts';
import { type Option, orList } from './option.ts';

const head = `SSE Inspector: see a stream at every step of its way.

usage: sse-inspector COMMAND …      (in the repository: npm run -s cli -- COMMAND …)
`;

const foot = `  -h, --help          show this help, or that of a command
  -V, --version

exit status: 0 success, 1 the stream failed the check, 2 wrong usage, 3 could not connect, read or write
`;

/** Width of the help in columns. */
const WIDTH = 100;
/** Width of the column of options. */
const NAMES = 20;

/** The help of one command, or of all. */
export async function helpText(only?: CommandName): Promise<string> {
  const names = only === undefined ? commandNames : [only];
  const sections = await Promise.all(names.map(async (name) => section(name, await loadCommand(name))));
  return `${head}\n${sections.join('\n')}\n${foot}`;
}

function section(name: string, { usages, options, summary }: Command): string {
  const rows = Object.entries(options).map(([option, declared]) => optionRow(option, declared));
  return [
    ...usages.map((usage) => `  ${usageText(name, usage, options)}\n`),
    ...summary.split('\n').map((paragraph) => `${wrapped(paragraph, 6)}\n`),
    ...rows,
  ].join('');
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

function optionRow(name: string, option: Option<unknown>): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const label = `${short}--${name}${option.placeholder === null ? '' : ` ${option.placeholder}`}`;
  const text = wrapped(optionText(option), 6 + NAMES);
  if (label.length >= NAMES) return `      ${label}\n${text}\n`;
  return `      ${label.padEnd(NAMES)}${text.trimStart()}\n`;
}

function optionText({ help, choices, fallback, isRepeatable }: Option<unknown>): string {
  const all = choices.length === 0 ? '' : `: ${orList(choices)}`;
  const default_ = fallback === null ? '' : ` (default ${fallback})`;
  return `${help}${all}${default_}${isRepeatable ? '; can be given several times' : ''}`;
}

/** Wraps text to `WIDTH`, indented by `column`. */
function wrapped(text: string, column: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && column + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${' '.repeat(column)}${each}`).join('\n');
}
