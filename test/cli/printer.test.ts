import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { eventView } from '../../src/cli/capture-views.ts';
import { findingLines, printFinding } from '../../src/cli/finding-text.ts';
import { Output } from '../../src/cli/output.ts';
import { Printer, type View } from '../../src/cli/printer.ts';
import { displayWidth, plainText } from '../../src/cli/styled-text.ts';
import type { Finding } from '../../src/core/findings/finding.ts';
import { Pipeline } from '../../src/core/pipeline/pipeline.ts';
import type { Block } from '../../src/core/sse/block.ts';

/** A terminal of this many columns, which can be resized. */
function terminal(columns: number) {
  let text = '';
  const stream = Object.assign(
    new Writable({
      write(part: Buffer, _encoding, done) {
        text += part.toString();
        done();
      },
    }),
    { isTTY: true, columns },
  );
  const output = new Output(stream);
  const lines = async (): Promise<string[]> => {
    await output.flush();
    return text.split('\n').slice(0, -1);
  };
  return { stream, output, lines };
}

const view: View<string> = {
  columns: [
    { title: 'n', width: 5, right: true },
    { title: 'kind', width: 10 },
    { title: 'text', width: 0 },
  ],
  json: (text) => JSON.stringify({ text }),
  cells: (text) => ['1', 'event', text],
};

describe('a table', () => {
  test('is cut to the width of the terminal', async () => {
    const { output, lines } = terminal(50);
    const printer = new Printer(output, view, true);
    await printer.print('x'.repeat(100));
    await printer.print('世'.repeat(100));
    const [header, row = '', wide = ''] = await lines();
    expect(header).toBe('    n  kind        text');
    expect(row).toMatch(/^ {4}1 {2}event {7}x+…$/);
    expect(displayWidth(row)).toBe(49);
    expect(displayWidth(wide)).toBeLessThan(50);
  });

  test('leaves out columns that do not fit, and follows a resized terminal', async () => {
    const { output, stream, lines } = terminal(30);
    const printer = new Printer(output, view, true);
    await printer.print('one');
    stream.columns = 60;
    await printer.print('two');
    expect(await lines()).toEqual([
      '    n  text',
      '    1  one',
      '    n  kind        text',
      '    1  event       two',
    ]);
  });

  test('is NDJSON of any width without a terminal', async () => {
    const { output, lines } = terminal(20);
    await new Printer(output, view, false).print('x'.repeat(100));
    expect(await lines()).toEqual([JSON.stringify({ text: 'x'.repeat(100) })]);
  });
});

test('rows of events show what differs from row to row', async () => {
  const blocks: Block[] = [];
  const pipeline = new Pipeline({
    block: (block) => blocks.push(block),
    blockExtended: () => undefined,
    document: () => undefined,
  });
  const token = (content: string): string =>
    `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
  const bytes = new TextEncoder().encode(token('Hel') + token('lo') + 'data: plain\n\n');
  pipeline.push({ kind: 'chunk', at: 1, read: 0, wireBytes: bytes.length, bytes });
  pipeline.push({ kind: 'end', at: 2, reason: 'complete' });
  const { output, lines } = terminal(80);
  const printer = new Printer(output, eventView(), true);
  for (const item of blocks) await printer.print({ item, capture: 0 });
  const rows = (await lines()).map((line) => line.trimEnd().slice(54));
  expect(rows).toEqual(['data', '"Hel"  choices[0].delta.…', '"lo"  choices[0].delta.c…', 'plain']);
});

const finding: Finding = {
  code: 'response-buffered',
  severity: 'error',
  rung: 4,
  message: `${'All events arrived at once. '.repeat(5)}\u001b[31m`,
  evidence: [
    { kind: 'chunks', first: 3, last: 7 },
    { kind: 'header', name: 'content-encoding', value: '' },
    { kind: 'gap', at: 100, ms: 2500 },
  ],
  causes: ['A proxy collects the response.'],
  advice: 'Switch off buffering in the proxy. '.repeat(6).trim(),
  decider: { probe: 'identity', text: 'Send the request without compression.' },
};

describe('a finding', () => {
  test('is printed with its whole advice and evidence, wrapped to the terminal', async () => {
    const { output, lines } = terminal(60);
    await printFinding(output, finding);
    const text = await lines();
    for (const line of text) expect(displayWidth(line)).toBeLessThanOrEqual(60);
    const whole = text.map((line) => line.trim()).join(' ');
    expect(whole).toContain(
      'Evidence: chunks 3–7; content-encoding: absent; 2.50 s without a byte, 100 ms after the request',
    );
    expect(whole).toContain(`What to do: ${finding.advice}`);
    expect(whole).toContain('To decide: Send the request without compression.');
    expect(whole).not.toContain('\u001b');
  });

  test('has a colored severity if colors are on', async () => {
    const { output, lines } = terminal(60);
    output.colors = true;
    await printFinding(output, finding);
    expect((await lines())[0]).toBe(
      '\u001b[31merror\u001b[0m \u001b[1mresponse-buffered\u001b[0m \u001b[2m(rung 4)\u001b[0m',
    );
  });

  test('in JUnit has no styles', () => {
    expect(findingLines(finding).map(plainText)[0]).toBe('error response-buffered (rung 4)');
  });
});
