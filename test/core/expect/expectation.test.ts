import { describe, expect, test } from 'vitest';
import { judgeExpectation, parseExpectation } from '../../../src/core/expect/expectation.ts';
import type { JudgedStream } from '../../../src/core/expect/stream-values.ts';
import { CaptureBuilder, chatEnd, deltas, event } from '../../fixtures/capture-builder.ts';

function judgedBy(capture: CaptureBuilder): JudgedStream {
  const { diagnosed, diagnosis, messages } = capture.analysis();
  return { ...diagnosed, diagnosis, messages, sameContent: null };
}

const stream = judgedBy(
  new CaptureBuilder()
    .response()
    .chunks([...deltas(10), chatEnd], 100, 50)
    .end(),
);

function judge(line: string, judged = stream) {
  const parsed = parseExpectation(line);
  if (!parsed.ok) throw new Error(parsed.problem);
  return judgeExpectation(parsed.expectation, judged);
}

describe('an expectation', () => {
  test.each([
    ['first-event<=100ms', true],
    ['first-event<0.1s', false],
    ['first-event < 101 ms', true],
    ['time_to_first_chunk>=100ms', true],
    ['time_per_output_chunk=50ms', true],
    ['events=12', true],
    ['events!=12', false],
    ['bytes>1k', true],
    ['bytes>1M', false],
    ['status==200', true],
    ['finish=stop', true],
    ['finish!=length', true],
    ['message=complete', true],
    ['end=complete', true],
    ['dialect=openai-chat', true],
    ['content-type=text/event-stream', true],
    ['errors=0', true],
    ['no:response-buffered', true],
  ])('%s is %s for a stream', (line, passed) => {
    expect(judge(line)).toMatchObject({ kind: 'expectation', expectation: line, passed });
  });

  test('about an unknown value fails, and says why', () => {
    const raw = judgedBy(new CaptureBuilder().chunk(event('a') + event('b'), null).end('complete', null));
    expect(judge('first-event<1s', raw)).toMatchObject({
      passed: false,
      actual: null,
      evidence: 'first-event is unknown: the capture has no times',
    });
    expect(judge('finish=stop', raw)).toMatchObject({ passed: false, actual: null });
    expect(judge('no:response-buffered', raw)).toMatchObject({
      passed: false,
      evidence: 'response-buffered could not be judged: the capture has no times',
    });
  });

  test.each([
    ['context-lost', 'no log line of the stream has a context'],
    ['abort-not-propagated', 'the log lines of fewer than 3 connections count open streams'],
    ['resources-left-open', 'the log lines of fewer than 3 connections count open streams'],
    ['last-event-id-ignored', 'the client did not reconnect'],
  ])('that there is no %s fails if the stream cannot show it', (code, reason) => {
    expect(judge(`no:${code}`)).toMatchObject({
      passed: false,
      actual: null,
      evidence: `${code} could not be judged: ${reason}`,
    });
  });

  test.each([
    ['', 'is not an expectation'],
    ['events', 'is not an expectation'],
    ['events>=', 'needs a value'],
    ['events>=many', 'is not a number'],
    ['events>=5ms', 'unknown unit "ms" for events'],
    ['finish<stop', 'compare it with = or !='],
    ['__proto__=1', 'unknown value "__proto__"'],
    ['events=5constructor', 'unknown unit "constructor"'],
  ])('%j is refused: %s', (line, problem) => {
    const parsed = parseExpectation(line);
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining(problem) as string });
  });
});
