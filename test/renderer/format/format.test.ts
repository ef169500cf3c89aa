import { describe, expect, it } from 'vitest';
import type { CaptureSummary } from '../../../src/contract/capture-summary.ts';
import type { EndReason } from '../../../src/core/capture/record.ts';
import type { Severity } from '../../../src/core/findings/finding.ts';
import { atText, gapText, exactWhenText, whenText } from '../../../src/renderer/format/time.ts';
import { captureState } from '../../../src/renderer/format/capture-state.ts';
import { countOf, countText, rateText, shortCountText } from '../../../src/renderer/format/count.ts';
import { requestModel, requestTitle } from '../../../src/renderer/format/request-title.ts';
import { summaryOf } from '../fake-host.ts';

describe('counts', () => {
  it('have separated thousands', () => {
    expect(countText(7)).toBe('7');
    expect(countText(1204)).toBe('1,204');
    expect(countText(1_000_000)).toBe('1,000,000');
  });

  it('are rounded down in short form', () => {
    const counts = [7, 9999, 10_000, 10_299, 412_999, 999_999, 1_059_999, 23_450_000, 999_999_999];
    const short = ['7', '9,999', '10.0k', '10.2k', '412k', '999k', '1.05M', '23.4M', '999M'];
    expect(counts.map(shortCountText)).toEqual(short);
  });

  it('have a noun in singular or plural', () => {
    expect(countOf(1, 'event')).toBe('1 event');
    expect(countOf(0, 'event')).toBe('0 events');
    expect(countOf(2, 'reply', 'replies')).toBe('2 replies');
  });

  it('have a decimal in rates only if it matters', () => {
    expect([0, 0.42, 9.94, 38.4, 9870.2].map(rateText)).toEqual(['0', '0.4', '9.9', '38', '9,870']);
  });
});

describe('moments of a capture', () => {
  it('are seconds to the millisecond, and a dash without times', () => {
    expect(atText(1634)).toBe('1.634');
    expect(atText(null)).toBe('–');
  });

  it('have gaps in ms, with decimals below ten, and 0 within one read', () => {
    expect([24.4, 0.31, 1130, 9.97].map(gapText)).toEqual(['+24', '+0.3', '+1,130', '+10']);
    expect([0.04, 0.001, 0].map(gapText)).toEqual(['+0.04', '+0.01', '0']);
    expect(gapText(null)).toBe('');
  });
});

describe('when a capture was made', () => {
  const now = new Date(2025, 10, 20, 18, 0);

  it('is a time today, a day and time this year, and a date before', () => {
    expect(whenText(new Date(2025, 10, 20, 9, 5).toISOString(), now)).toBe('09:05');
    expect(whenText(new Date(2025, 1, 3, 9, 5).toISOString(), now)).toBe('3 Feb 09:05');
    expect(whenText(new Date(2024, 11, 31, 9, 5).toISOString(), now)).toBe('31 Dec 2024');
  });

  it('is empty if a file has no valid date', () => {
    expect(whenText('yesterday', now)).toBe('');
    expect(exactWhenText('yesterday')).toBe('yesterday');
  });
});

describe('a capture in the list', () => {
  it('has its method, path and query as title', () => {
    expect(requestTitle({ method: 'POST', url: 'https://api.test:8443/v1/chat?beta=1#x' })).toEqual({
      method: 'POST',
      path: '/v1/chat?beta=1',
      host: 'api.test:8443',
    });
  });

  it('has a title even with no URL or an invalid one', () => {
    expect(requestTitle({ method: '', url: '' })).toEqual({
      method: '',
      path: 'Stream',
      host: 'from a file',
    });
    expect(requestTitle({ method: 'GET', url: 'not a url' }).path).toBe('not a url');
  });
});

describe('the state of a capture', () => {
  it('has a word and a matching tone', () => {
    const ended = (reason: EndReason) =>
      captureState(summaryOf('x', { end: { reason, at: 1, error: null } }));
    expect(ended('complete')).toEqual({ tone: 'ok', word: 'Ended' });
    expect(ended('aborted')).toEqual({ tone: 'warn', word: 'Stopped' });
    expect(ended('premature-close')).toEqual({ tone: 'bad', word: 'Cut off' });
    expect(ended('timeout')).toEqual({ tone: 'bad', word: 'Timed out' });
    expect(ended('error')).toEqual({ tone: 'bad', word: 'Failed' });
    expect(captureState(summaryOf('x', { phase: 'connecting', end: null }))).toEqual({
      tone: 'wait',
      word: 'Connecting',
    });
    expect(captureState(summaryOf('x', { phase: 'streaming', end: null }))).toEqual({
      tone: 'live',
      word: 'Streaming',
    });
  });

  it('is bad if a complete body came with an error status', () => {
    expect(captureState(summaryOf('x', { status: 404 }))).toEqual({ tone: 'bad', word: 'Status 404' });
  });

  it('is not ok if its diagnosis found an error or a warning', () => {
    const worst = (severity: Severity, changes: Partial<CaptureSummary> = {}) =>
      captureState(summaryOf('x', { worst: severity, ...changes }));
    expect(worst('error')).toEqual({ tone: 'bad', word: 'Ended with errors' });
    expect(worst('warning')).toEqual({ tone: 'warn', word: 'Ended with warnings' });
    expect(worst('info')).toEqual({ tone: 'ok', word: 'Ended' });
    expect(worst('warning', { status: 404 }).word).toBe('Status 404');
    expect(worst('error', { phase: 'streaming', end: null }).tone).toBe('live');
  });

  it('is unfinished if a crash left no end', () => {
    expect(captureState(summaryOf('x', { end: null }))).toEqual({ tone: 'warn', word: 'Unfinished' });
    expect(captureState(summaryOf('x', { end: null, phase: 'stored' }))).toEqual({
      tone: 'idle',
      word: 'Stored',
    });
  });
});

describe('the model of a request', () => {
  it('is what its JSON body names', () => {
    expect(requestModel('{"stream":true,"model":"gpt-x"}')).toBe('gpt-x');
  });

  it('is null without one, and for a body that is not such JSON', () => {
    expect(
      [undefined, '', 'model=a', '"model"', '{"model":7}', '["model"]', '{"model":'].map(requestModel),
    ).toEqual(Array(7).fill(null));
  });
});
