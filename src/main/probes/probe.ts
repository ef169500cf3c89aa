import { createHash } from 'node:crypto';
import { Analysis } from '../../core/analysis/analysis.ts';
import { redactRecord, redactRequest } from '../../core/capture/redact.ts';
import type { CaptureRecord, CaptureRequest, EndRecord, RecordSink } from '../../core/capture/record.ts';
import type { Diagnosis } from '../../core/findings/diagnosis.ts';
import type { DiagnosisInput } from '../../core/findings/facts/stream-facts.ts';
import type { ProbeName } from '../../core/findings/finding.ts';
import type { ProbeVerdict } from '../../core/findings/probe-verdict.ts';
import type { ProxyEnvironment } from '../client/proxy.ts';
import { describedRequest, type StreamRequest } from '../client/stream-request.ts';
import { createClient, type StreamClient } from '../client/client.ts';
import type { Browser } from '../browser/browser.ts';

/** The stream that probes examine: its request as sent, and the diagnosis of its capture. */
export interface ProbeSubject {
  readonly request: StreamRequest;
  readonly diagnosed: DiagnosisInput;
  readonly diagnosis: Diagnosis;
}

/** Where the capture of a probe is stored. `capture` names it for the user. */
export interface ProbeRecord {
  readonly capture: string;
  readonly sink: RecordSink;
  /** Resolves when the capture is completely stored. */
  readonly done?: () => Promise<void>;
}

/**
 * Creates a capture for a probe. The request and the records contain secrets, which the recorder redacts, as for every
 * capture.
 */
export type ProbeRecorder = (
  title: string,
  request: CaptureRequest,
  startedAt: string,
) => Promise<ProbeRecord>;

/** Settings for sending probes. */
export interface ProbeSetting {
  /** Null if the captures of probes are not stored. */
  readonly recorder: ProbeRecorder | null;
  /** The browser for client `browser`, or why there is none. */
  readonly browser: Browser | { readonly missing: string };
  /** Aborting it ends every request. */
  readonly signal: AbortSignal;
  /** Environment with proxy variables; `process.env` if absent. */
  readonly environment?: ProxyEnvironment | undefined;
  /** ms after which a request is ended; `longestProbe` if absent. */
  readonly longest?: number | undefined;
}

/** A kind of probe. */
export interface Probe {
  readonly name: ProbeName;
  /** Number of requests that it sends. Each may cost money. */
  readonly requests: number;
  /** The question that it answers, for the user. */
  readonly question: string;
  /** Why it cannot be sent or would decide nothing; null if it can be sent. */
  readonly whyNot: (subject: ProbeSubject, setting: Pick<ProbeSetting, 'browser'>) => string | null;
  readonly run: (subject: ProbeSubject, setting: ProbeSetting) => Promise<Outcome>;
}

/** The verdict of a probe, without its name. */
export type Outcome = Omit<ProbeVerdict, 'probe'>;

/** Limits for a request of a probe, ms: without a byte, and in total. A longer stream is stopped. */
const longestSilence = 60_000;
const longestProbe = 300_000;

/** One request of a probe, and its result. */
export interface ProbeRun {
  readonly diagnosed: DiagnosisInput;
  readonly diagnosis: Diagnosis;
  readonly end: EndRecord;
  /** `performance.now()` when the request began. */
  readonly began: number;
  /** SHA-256 of the decoded body. */
  readonly digest: string;
  /** Where its capture is stored; null if it is not. */
  readonly capture: string | null;
}

/** How to send a request of a probe. The defaults come from the subject. */
export interface ProbeRunOptions {
  readonly title: string;
  readonly request?: Partial<StreamRequest>;
  readonly client?: StreamClient;
  /** Called with each record before it is analysed; `stop` ends the request. */
  readonly onRecord?: (record: CaptureRecord, stop: () => void) => void;
}

/** Sends a request of a probe, reads the whole response, and stores it. Throws if the signal is aborted. */
export async function runProbe(
  subject: ProbeSubject,
  setting: ProbeSetting,
  { title, request: change, client: given, onRecord }: ProbeRunOptions,
): Promise<ProbeRun> {
  setting.signal.throwIfAborted();
  const request: StreamRequest = {
    ...subject.request,
    reconnect: false,
    idleTimeout: longestSilence,
    ...change,
  };
  const client = given ?? createClient('raw', environmentOf(setting));
  const described = describedRequest(request, client.name);
  const kept = (await setting.recorder?.(title, described, new Date().toISOString())) ?? null;
  const analysis = new Analysis(redactRequest(described));
  const digest = createHash('sha256');
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), setting.longest ?? longestProbe);
  const began = performance.now();
  let end: EndRecord;
  try {
    end = await client.open(
      request,
      (record) => {
        onRecord?.(record, () => stop.abort());
        if (record.kind === 'chunk') digest.update(record.bytes);
        analysis.push(redactRecord(record));
        return kept?.sink(record);
      },
      AbortSignal.any([setting.signal, stop.signal]),
    );
  } finally {
    clearTimeout(timer);
    await kept?.done?.();
  }
  setting.signal.throwIfAborted();
  analysis.finish();
  const { diagnosed, diagnosis } = analysis;
  return { diagnosed, diagnosis, end, began, digest: digest.digest('hex'), capture: kept?.capture ?? null };
}

/** Client options with the environment of the setting. */
export function environmentOf({ environment }: ProbeSetting): { readonly environment?: ProxyEnvironment } {
  return environment === undefined ? {} : { environment };
}

/** Times count as the same within this many ms, or within this share. */
const SAME_MS = 300;
const SAME_SHARE = 0.03;

/** Whether streams ended at the same time after their requests. Times are in ms. */
export function areSameTimes(times: readonly number[]): boolean {
  const spread = Math.max(...times) - Math.min(...times);
  return spread <= Math.max(SAME_MS, SAME_SHARE * Math.max(...times));
}

/** Creates a verdict. */
export function outcome(
  state: Outcome['state'],
  text: string,
  runs: readonly ProbeRun[],
  more: Partial<Outcome> = {},
): Outcome {
  const captures = runs.flatMap(({ capture }) => (capture === null ? [] : [capture]));
  return { state, text, about: [], findings: [], rung: null, captures, ...more };
}

/** Why a run decides nothing: no response, or not a stream; null if a stream was received. */
export function whyNoAnswer({ diagnosed: { facts }, end }: ProbeRun): string | null {
  if (facts.response === null) return `No response: ${end.error?.message ?? end.reason}`;
  const { status } = facts.response;
  if (status !== 200) return `The server responded with status ${status} this time.`;
  return facts.bytes === 0 ? 'The response had no body this time.' : null;
}
