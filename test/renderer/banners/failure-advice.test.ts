import { describe, expect, it } from 'vitest';
import type { CaptureSummary } from '../../../src/contract/capture-summary.ts';
import { failureOf } from '../../../src/renderer/banners/failure-advice.ts';
import { summaryOf } from '../fake-host.ts';

const failed = (code: string, changes: Partial<CaptureSummary> = {}) =>
  failureOf(
    summaryOf('x', {
      status: null,
      end: { reason: 'error', at: 3, error: { code, message: `it: ${code}` } },
      ...changes,
    }),
  );

describe('the failure of a capture', () => {
  it('is null if the capture completed, is still running or was stopped', () => {
    expect(failureOf(summaryOf('x'))).toBeNull();
    expect(failureOf(summaryOf('x', { phase: 'streaming', end: null }))).toBeNull();
    expect(failureOf(summaryOf('x', { end: { reason: 'aborted', at: 9, error: null } }))).toBeNull();
  });

  it('has the message, the code and advice', () => {
    expect(failed('ECONNREFUSED')).toEqual({
      severity: 'error',
      title: 'Could not connect',
      code: 'ECONNREFUSED',
      cause: 'it: ECONNREFUSED',
      advice: 'Is the server running, and on this port?',
    });
  });

  it('names the option that accepts a self-signed certificate', () => {
    expect(failed('DEPTH_ZERO_SELF_SIGNED_CERT')?.advice).toContain('Accept any certificate');
  });

  it('has no advice for an unknown code', () => {
    expect(failed('E_NEVER_SEEN')?.advice).toBeNull();
  });

  it('distinguishes a failed connection from a failure in the body', () => {
    expect(failed('ECONNRESET')?.title).toBe('Could not connect');
    expect(failed('ECONNRESET', { status: 200 })?.title).toBe('The stream failed after 3 ms');
  });

  it('distinguishes a cut connection from a timeout', () => {
    const cut = failureOf(summaryOf('x', { end: { reason: 'premature-close', at: 10_000, error: null } }));
    expect(cut?.title).toBe('Cut off after 10 s');
    const silent = failureOf(summaryOf('x', { end: { reason: 'timeout', at: 60_000, error: null } }));
    expect(silent).toMatchObject({ severity: 'warning', title: 'Given up after 1 min' });
    expect(silent?.advice).toContain('heartbeat');
  });

  it('names an error status and its usual cause', () => {
    expect(failureOf(summaryOf('x', { status: 401 }))).toMatchObject({
      title: 'The server answered with status 401',
    });
    expect(failureOf(summaryOf('x', { status: 401 }))?.advice).toContain('Authorization');
    expect(failureOf(summaryOf('x', { status: 503 }))?.advice).toContain('server failed');
    expect(failureOf(summaryOf('x', { status: 418 }))?.advice).toBeNull();
    expect(failureOf(summaryOf('x', { status: 204 }))?.title).toContain('nothing to stream');
  });
});
