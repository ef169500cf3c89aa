import { assertNever } from '../assert-never.ts';
import { diagnose, worstFirst } from './diagnose.ts';
import { endVerdict, type EndVerdict } from './end-verdict.ts';
import type { DiagnosisInput } from './facts/stream-facts.ts';
import { type RungNumber, rungNumbers, ladderRungs } from '../rungs.ts';
import type { Finding, FindingCode } from './finding.ts';
import { duration, plural, size } from '../text/wording.ts';

/** A question of a rung about a capture, and the answer. */
export interface RungCheck {
  readonly name: string;
  readonly passed: boolean;
  /** What was seen: one line. */
  readonly evidence: string;
}

/** The verdict of one capture on one rung. */
export interface RungVerdict {
  readonly rung: RungNumber;
  /** Name of the rung, as in records of the ladder. */
  readonly name: (typeof ladderRungs)[RungNumber]['name'];
  /** `failed`: a finding of the rung is a warning or an error. `skipped`: the capture cannot tell. */
  readonly state: 'passed' | 'failed' | 'skipped';
  /** One line: what is wrong, what was seen, or why the rung is skipped. */
  readonly text: string;
  readonly checks: readonly RungCheck[];
}

/** The diagnosis of one capture, rung by rung. */
export interface Diagnosis {
  /** All seven, in order. */
  readonly rungs: readonly RungVerdict[];
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly end: EndVerdict;
}

/** Diagnoses one capture, complete or live. */
export function diagnosisOf(diagnosed: DiagnosisInput): Diagnosis {
  const findings = worstFirst(diagnose(diagnosed));
  return {
    rungs: rungNumbers.map((rung) => verdict(rung, diagnosed, findings)),
    findings,
    end: endVerdict(diagnosed.facts.end?.reason ?? null, diagnosed.messageEnd),
  };
}

/** Whether a finding makes its rung fail. */
export function isFailure({ severity }: Finding): boolean {
  return severity !== 'info';
}

function verdict(rung: RungNumber, diagnosed: DiagnosisInput, all: readonly Finding[]): RungVerdict {
  const { name } = ladderRungs[rung];
  const failures = all.filter((finding) => finding.rung === rung && isFailure(finding));
  const checks = checksOf(rung, diagnosed, failures);
  const [worst] = failures;
  if (worst !== undefined) {
    const more = failures.length > 1 ? ` And ${failures.length - 1} more.` : '';
    return { rung, name, state: 'failed', text: `${worst.code}: ${worst.message}${more}`, checks };
  }
  const unknown = whyUnknown(rung, diagnosed);
  if (unknown !== null) return { rung, name, state: 'skipped', text: unknown, checks: [] };
  return { rung, name, state: 'passed', text: checks.map(({ evidence }) => evidence).join(', '), checks };
}

/** Why the capture cannot decide a rung; null if it can. */
function whyUnknown(
  rung: RungNumber,
  { request, facts, metrics, messageEnd, dialect }: DiagnosisInput,
): string | null {
  const { response, bytes, events, end, json } = facts;
  // A file of raw bytes has a body without a response.
  if (response === null && bytes === 0)
    return end === null ? 'No response has come yet.' : 'No response came.';
  if (rung === 1) return response === null ? 'The capture holds a body and no response.' : null;
  switch (rung) {
    case 2:
      if (request.client === 'browser') return null;
      return `Opened with client ${request.client}: only a browser can say. A probe with client browser would.`;
    case 3:
      return bytes === 0 ? 'The body is empty.' : null;
    case 4:
      if (metrics.firstByteAt === null)
        return bytes === 0 ? 'The body is empty.' : 'The capture has no times.';
      return events < 2 ? 'Fewer than two events: nothing to compare.' : null;
    case 5: {
      const texts = json.complete + json.malformed.count + json.truncated.count;
      return texts === 0 ? 'No payload is JSON.' : null;
    }
    case 6:
      return dialect === null && messageEnd === 'none'
        ? 'The stream is in no known dialect of a model.'
        : null;
    case 7:
      return end === null ? 'The stream has not ended yet.' : null;
    default:
      return assertNever(rung);
  }
}

/** The questions of a rung with the failures that answer them, then all other failures. */
function checksOf(rung: RungNumber, diagnosed: DiagnosisInput, failures: readonly Finding[]): RungCheck[] {
  const questions = questionsOf(rung, diagnosed);
  const asked = new Set(questions.flatMap(({ codes }) => codes));
  const checks = questions.map(({ name, codes, evidence }) => {
    const found = failures.find(({ code }) => codes.includes(code));
    return { name, passed: found === undefined, evidence: found?.message ?? evidence };
  });
  const others = failures.filter(({ code }) => !asked.has(code));
  return [
    ...checks,
    ...others.map(({ code, message }) => ({ name: code, passed: false, evidence: message })),
  ];
}

/** The questions of a rung: the findings that answer no, and what was seen. */
interface Question {
  readonly name: string;
  readonly codes: readonly FindingCode[];
  readonly evidence: string;
}

function questionsOf(rung: RungNumber, diagnosed: DiagnosisInput): readonly Question[] {
  const { facts, metrics, request, messageEnd } = diagnosed;
  const ask = (name: string, codes: readonly FindingCode[], evidence: string): Question => ({
    name,
    codes,
    evidence,
  });
  switch (rung) {
    case 1: {
      const type = facts.header('content-type') ?? 'no Content-Type';
      return [
        ask('connects', ['connection-failed'], `answered after ${time(facts.response?.at ?? null)}`),
        ask('status', ['http-status'], `status ${facts.response?.status ?? 'none'}`),
        ask('content-type', ['wrong-content-type', 'body-not-sse'], type),
        ask(
          'caching',
          ['cacheable-response', 'redirected'],
          facts.header('cache-control') ?? 'no Cache-Control',
        ),
      ];
    }
    case 2:
      return [
        ask('cors', ['cors-missing'], 'the page could read the response'),
        ask(
          'eventsource',
          ['not-eventsource-compatible', 'http1-connection-limit'],
          `opened with client ${request.client}`,
        ),
      ];
    case 3:
      return [
        ask(
          'events',
          ['no-events', 'event-without-blank-line', 'line-too-long'],
          plural(facts.events, 'event'),
        ),
        ask(
          'fields',
          ['unknown-field', 'stray-bom', 'retry-invalid', 'id-contains-null'],
          `${size(facts.bytes)} in ${plural(facts.chunks, 'chunk')}`,
        ),
        ask('utf-8', ['utf8-invalid'], 'well-formed UTF-8'),
      ];
    case 4:
      return [
        ask(
          'live',
          ['response-buffered', 'one-event-late'],
          `first event after ${time(metrics.firstEventAt)}`,
        ),
        ask('pieces', ['coalesced-delivery'], plural(facts.arrivals.count, 'arrival')),
        ask(
          'silence',
          ['stalled', 'no-heartbeat'],
          `longest silence ${duration(metrics.longestQuiet?.ms ?? 0)}`,
        ),
      ];
    case 5:
      return [
        ask('parses', ['json-malformed', 'json-truncated'], plural(facts.json.complete, 'JSON text')),
        ask('whole', ['json-split-across-events'], 'each in one event'),
        ask('exact', ['duplicate-key', 'number-precision-loss'], 'no key twice, no number changed'),
      ];
    case 6:
      return [
        ask('terminal-event', ['missing-terminal-event', 'data-after-done'], `message ${messageEnd}`),
        ask(
          'errors',
          ['error-in-stream', 'content-filtered', 'length-limit-reached'],
          plural(metrics.deltas, 'delta'),
        ),
        ask('order', ['out-of-order', 'sequence-gap'], 'each event in its place'),
        ask(
          'tool-calls',
          ['tool-arguments-invalid', 'tool-index-missing'],
          diagnosed.dialect ?? 'no dialect',
        ),
      ];
    case 7:
      return [
        ask(
          'end',
          ['premature-close', 'idle-timeout-close', 'platform-time-limit'],
          `ended: ${facts.end?.reason ?? 'not yet'}`,
        ),
        ask(
          'reconnection',
          ['last-event-id-ignored', 'duplicate-after-reconnect'],
          plural(facts.reconnections.count, 'reconnection'),
        ),
      ];
    default:
      return assertNever(rung);
  }
}

function time(at: number | null): string {
  return at === null ? 'an unknown time' : duration(at);
}
