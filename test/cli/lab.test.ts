import { afterEach, describe, expect, test } from 'vitest';
import { startCli, type RunningCli } from './run-cli.ts';

let running: RunningCli | null = null;
afterEach(() => {
  running?.process.kill('SIGKILL');
});

async function startLab(...args: readonly string[]) {
  running = startCli(['lab', ...args]);
  const [, origin = ''] = await running.waitFor(/The lab is running at (http:[^\s;]+)/);
  return { origin, cli: running };
}

async function get(url: string, id: string): Promise<void> {
  await (await fetch(url, { headers: { 'x-request-id': id } })).text();
}

describe('the command lab', () => {
  test('prints each request, yield, write and end as it happens, as NDJSON', async () => {
    const { origin, cli } = await startLab('--json');
    await get(`${origin}/stages/endpoint`, 'mine');
    // Printed while the lab is running.
    await cli.waitFor(/"kind":"close"/);
    cli.process.kill('SIGINT');
    const { records, status } = await cli.ended;
    expect(status).toBe(0);
    const mine = records.filter(({ requestId }) => requestId === 'mine');
    expect(mine[0]).toMatchObject({
      kind: 'request',
      endpoint: 'endpoint',
      method: 'GET',
      path: '/stages/endpoint',
      requestId: 'mine',
    });
    const kinds = mine.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'yield')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'written')).toHaveLength(5);
    expect(kinds.at(-1)).toBe('close');
    expect(mine.every(({ endpoint }) => endpoint === 'endpoint')).toBe(true);
    const times = mine.map(({ at }) => at);
    expect(times.every((at) => typeof at === 'number' && at >= 0)).toBe(true);
    expect(times).toEqual(times.toSorted((a, b) => Number(a) - Number(b)));
    expect(mine.every(({ time }) => !Number.isNaN(Date.parse(String(time))))).toBe(true);
  });

  test('prints requests that it answers without a stream', async () => {
    const { origin, cli } = await startLab();
    await get(`${origin}/nothing-here`, 'lost');
    await get(`${origin}/stages/async?count=wrong`, 'wrong');
    await cli.waitFor(/"requestId":"wrong"/);
    cli.process.kill('SIGINT');
    const { records } = await cli.ended;
    const answered = records.filter(({ kind }) => kind === 'answered');
    expect(answered).toMatchObject([
      { requestId: 'lost', method: 'GET', path: '/nothing-here', status: 404 },
      { requestId: 'wrong', status: 400 },
    ]);
  });

  test('prints the end of a stream that is still open when it stops', async () => {
    const { origin, cli } = await startLab();
    const open = await fetch(`${origin}/scenarios/clock`, { headers: { 'x-request-id': 'open' } });
    await cli.waitFor(/"kind":"written"/);
    cli.process.kill('SIGINT');
    const { records } = await cli.ended;
    await open.body?.cancel().catch(() => {});
    expect(records.at(-1)).toMatchObject({ kind: 'close', requestId: 'open', reason: 'shutdown' });
  });
});
