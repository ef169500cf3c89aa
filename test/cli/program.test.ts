import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { runCli, scratch } from './run-cli.ts';

const run = promisify(execFile);
const file = (name: string): string => join(scratch(), name);

describe('the program', () => {
  test('prints its version, its help and the help of one command', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await runCli(['--help']);
    expect(help.status).toBe(0);
    for (const word of ['capture', 'inspect', 'export', 'lab', 'serve', '--split', 'exit status']) {
      expect(help.stdout).toContain(word);
    }
    const one = await runCli(['inspect', '--help']);
    expect(one.stdout).toContain('--split');
    expect(one.stdout).not.toContain('--with-secrets');
    expect((await runCli(['help', 'inspect'])).stdout).toBe(one.stdout);
    expect((await runCli([])).status).toBe(2);
  });

  test.each([
    [['inspect']],
    [['inspect', 'a', 'b']],
    [['inspect', 'a', '--as', 'nonsense']],
    [['inspect', 'a', '--nope']],
    [['inspect', 'a', '--split', '0']],
    [['inspect', 'a', '--split', 'random:x']],
    [['inspect', 'a', '--all']],
    [['inspect', 'a', '--format', 'xml']],
    [['export', 'a', '--to', 'har', '--format', 'csv']],
    [['export', 'a']],
    [['export', 'a', '--to', 'xml']],
    [['capture']],
    [['capture', 'ftp://h/']],
    [['capture', 'http://h/', '-H', 'nope']],
    [['capture', 'http://h/', '-H', 'a b: c']],
    [['capture', 'http://h/', '--client', 'curl']],
    [['capture', 'http://h/', '--max-time', '-1']],
    [['lab', '--port', '99999']],
    [['frobnicate']],
    [['__proto__']],
    [['--frobnicate']],
  ])('%j is a usage error: status 2, one sentence', async (args) => {
    const { status, stdout, stderr } = await runCli(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^sse-inspector: .+\n$/);
  });

  test.each([
    [['inpsect', 'a'], 'Unknown command: inpsect (did you mean "inspect"?)'],
    [['help', 'exprot'], 'Unknown command: exprot (did you mean "export"?)'],
    [['inspect', 'a', '--spilt', '3'], 'Unknown option: --spilt (did you mean "--split"?)'],
    [['inspect', 'a', '--as', 'evnets'], 'not "evnets" (did you mean "events"?)'],
    [['inspect', 'a', '--color', 'alwys'], 'not "alwys" (did you mean "always"?)'],
    [['inspect', 'a', 'b'], 'Unexpected argument: b'],
    [['inspect'], 'Missing argument: FILE|-'],
    [['compare', 'a'], 'Missing argument: B'],
    [['export', 'a'], 'Missing option: --to FORMAT: ssecap, har, '],
    [['inspect', 'a', '--all'], '--all needs --as events'],
  ])('%j prints the problem and a suggestion', async (args, message) => {
    const { status, stderr } = await runCli(args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  test('a command ends without an error when its output is closed', async () => {
    writeFileSync(file('many.sse'), 'data: {"x":1}\n\n'.repeat(200_000));
    const entry = join(import.meta.dirname, '..', '..', 'src', 'cli', 'index.ts');
    const script = `"$1" "$2" inspect "$3" --as events | head -n 2 >&2; echo \${PIPESTATUS[0]}`;
    const { stdout, stderr } = await run('bash', [
      '-c',
      script,
      'bash',
      process.execPath,
      entry,
      file('many.sse'),
    ]);
    expect(stdout).toBe('0\n');
    expect(stderr.split('\n').filter(Boolean)).toHaveLength(2);
  });
});
