import { describe, expect, test } from 'vitest';
import { Analysis } from '../../../src/core/analysis/analysis.ts';
import type { EndReason } from '../../../src/core/capture/record.ts';
import { parseStreamRequest } from '../../../src/main/client/stream-request.ts';
import { compareAgain } from '../../../src/main/probes/again.ts';
import type { ProbeRun } from '../../../src/main/probes/probe.ts';

const saying = (text: string): unknown => expect.stringContaining(text);

/** A stream with a number of events from `first` on, which ends at `end`. */
function stream(first: number, end: number, events: number, reason: EndReason, digest = 'same'): ProbeRun {
  const analysis = new Analysis({ method: 'GET', url: 'http://h/', headers: [], client: 'raw' });
  const headers = [['content-type', 'text/event-stream']] as const;
  analysis.push({ kind: 'response', at: 1, status: 200, headers, httpVersion: 'HTTP/1.1' });
  for (let n = 0; n < events; n++) {
    const bytes = new TextEncoder().encode(`data: ${n}\n\n`);
    const at = first + (n * (end - first)) / events;
    analysis.push({ kind: 'chunk', at, read: n, wireBytes: bytes.length, bytes });
  }
  const ended = { kind: 'end', at: end, reason } as const;
  analysis.push(ended);
  const { diagnosed, diagnosis } = analysis;
  return { diagnosed, diagnosis, end: ended, began: 0, digest, capture: null };
}

describe('probe again', () => {
  const request = parseStreamRequest({ url: 'http://h/', client: 'raw' });
  const cut = 'premature-close';
  test.each([
    [
      'a limit',
      [stream(10, 10_000, 50, cut), stream(10, 10_050, 48, cut), stream(10, 9_990, 51, cut)],
      'decided',
      'a time limit',
    ],
    [
      'content',
      [stream(10, 4000, 50, cut), stream(10, 8000, 50, cut), stream(10, 6000, 50, cut)],
      'decided',
      'the content at that position',
    ],
    [
      'either',
      [stream(10, 4000, 50, cut), stream(10, 4010, 50, cut), stream(10, 4020, 50, cut)],
      'undecided',
      'the cause is a limit or the content',
    ],
    [
      'a fault',
      [stream(10, 4000, 50, cut), stream(10, 9000, 20, cut), stream(10, 6000, 60, cut)],
      'decided',
      'a fault, not a limit',
    ],
    [
      'a fault that is gone',
      [stream(10, 4000, 50, cut), stream(10, 9000, 90, 'complete'), stream(10, 9000, 90, 'complete')],
      'decided',
      'not a limit',
    ],
    [
      'a cache',
      [stream(2000, 2100, 20, 'complete'), stream(20, 30, 20, 'complete'), stream(21, 30, 20, 'complete')],
      'decided',
      'a cache responded',
    ],
    [
      'a queue',
      [
        stream(100, 2100, 20, 'complete'),
        stream(2000, 4000, 20, 'complete'),
        stream(90, 2000, 20, 'complete'),
      ],
      'undecided',
      'a queue, or a busy server',
    ],
    [
      'neither',
      [
        stream(100, 2100, 20, 'complete'),
        stream(110, 2100, 20, 'complete', 'a'),
        stream(90, 2000, 20, 'complete', 'b'),
      ],
      'decided',
      'no cache and no queue',
    ],
  ] as const)('recognises %s', (_name, [first, ...runs], state, words) => {
    expect(compareAgain({ request, ...first }, runs)).toMatchObject({ state, text: saying(words) });
  });
});
