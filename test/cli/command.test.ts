import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { commandNames, loadCommand } from '../../src/cli/commands.ts';
import { defineCommand, type Program } from '../../src/cli/command.ts';
import { helpText } from '../../src/cli/help.ts';
import {
  flag,
  notWith,
  oneOf,
  optional,
  repeatable,
  required,
  text,
  wholeNumber,
  withDefault,
} from '../../src/cli/option.ts';
import { Output } from '../../src/cli/output.ts';
import { Refusal } from '../../src/contract/refusal.ts';

const program: Program = {
  version: '0',
  projectFolder: '/',
  output: new Output(new PassThrough()),
  notify: () => undefined,
};

const options = {
  to: required({ placeholder: 'FORMAT', type: oneOf(['har', 'csv']), help: 'the format' }),
  count: withDefault({ placeholder: 'N', type: wholeNumber(1, 9), fallback: 3, help: 'how many' }),
  name: optional({ short: 'n', placeholder: 'NAME', type: text, help: 'the name' }),
  part: repeatable({ placeholder: 'N', type: wholeNumber(0, 99), help: 'a part' }),
  loud: flag({ short: 'l', help: 'be loud', refusal: notWith('quiet') }),
  quiet: flag({ help: 'be quiet' }),
};

/** Runs a command with these options; gives what its `run` got. */
async function given(...args: string[]): Promise<unknown> {
  let got: unknown;
  const command = defineCommand({
    summary: '',
    usages: [{ arguments: ['FILE', '[MORE…]'] }, { option: 'name', arguments: [] }],
    options,
    run: async ({ arguments: all, options }) => {
      const { to, count, name, part, loud } = options;
      got = { all, to, count, name, part, loud };
      return 0;
    },
  });
  await command.execute(args, program);
  return got;
}

describe('a command gets', () => {
  test('each option as the value of its type, and its default if it is not given', async () => {
    expect(await given('f', '--to', 'csv')).toEqual({
      all: ['f'],
      to: 'csv',
      count: 3,
      name: undefined,
      part: [],
      loud: false,
    });
    expect(
      await given('-l', '-n', 'x', '--part=1', '--count', '9', '--to', 'csv', '--to', 'har', '--part', '2'),
    ).toEqual({ all: [], to: 'har', count: 9, name: 'x', part: [1, 2], loud: true });
  });

  test('everything after "--" as arguments', async () => {
    expect(await given('--to', 'har', '--', '--loud', '-x')).toMatchObject({
      all: ['--loud', '-x'],
      loud: false,
    });
  });
});

test.each([
  [['--to', 'har'], 'Missing argument: FILE'],
  [['f'], 'Missing option: --to FORMAT: har or csv'],
  [['f', '--to', 'hra'], '--to takes har or csv, not "hra"'],
  [['f', '--to', 'har', '--count', '10'], '--count takes a whole number from 1 to 9, not "10"'],
  [['f', '--to', 'har', '--part', '1', '--part', 'x'], '--part takes a whole number from 0 to 99, not "x"'],
  [['f', '--to', 'har', '--loud', '--quiet'], '--loud cannot be used with --quiet'],
  [['f', '--to', 'har', '--name', 'x'], 'Unexpected argument: f'],
  [['f', '--cuont', '1'], 'Unknown option: --cuont (did you mean "--count"?)'],
  [['f', '--frobnicate'], 'Unknown option: --frobnicate'],
  [['f', '--to'], "Option '--to <value>' argument missing"],
])('%j is refused: %s', async (args, message) => {
  await expect(given(...args)).rejects.toMatchObject({ name: 'CommandFailure', status: 2, message });
});

test.each([
  ['bad-url', 2],
  ['storage', 3],
] as const)('a refusal of the host ends a command: %s with status %i', async (code, status) => {
  const command = defineCommand({
    summary: '',
    usages: [{ arguments: [] }],
    options: {},
    run: () => Promise.reject(new Refusal(code, 'No.')),
  });
  await expect(command.execute([], program)).rejects.toMatchObject({
    name: 'CommandFailure',
    status,
    message: 'No.',
  });
});

test('the help shows every way to write a command, and every option with its choices and default', async () => {
  for (const name of commandNames) {
    const { options, usages } = await loadCommand(name);
    const help = (await helpText(name)).replaceAll(/\s+/g, ' ');
    for (const [option, { placeholder, choices, fallback, short }] of Object.entries(options)) {
      expect(help).toContain(
        `${short === undefined ? '' : `-${short}, `}--${option}${placeholder === null ? '' : ` ${placeholder}`}`,
      );
      for (const choice of choices) expect(help).toContain(choice);
      if (fallback !== null) expect(help).toContain(`(default ${fallback})`);
    }
    for (const { arguments: names } of usages) expect(help).toContain([name, ...names].slice(-1).join());
  }
});
