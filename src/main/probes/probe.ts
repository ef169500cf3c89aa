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

/** The stream that probes ask about: its request as it was sent, and what its capture showed. */
export interface ProbeSubject {
  readonly request: StreamRequest;
  readonly diagnosed: DiagnosisInput;
  readonly diagnosis: Diagnosis;
}

/** A place where the capture of a probe is kept. `capture` names it for the user. */
export interface ProbeRecord {
  readonly capture: string;
  readonly sink: RecordSink;
  /** Settles when it is kept whole, or throws. */
  readonly done?: () => Promise<void>;
}

/**
 * Makes a place for the capture of a probe. The request has its secrets, and so have the records: the recorder takes them
 * out, as for every capture.
 */
export type ProbeRecorder = (
  title: string,
  request: CaptureRequest,
  startedAt: string,
) => Promise<ProbeRecord>;

/** What probes are sent with. */
export interface ProbeSetting {
  /** Null where the captures of probes are not kept. */
  readonly recorder: ProbeRecorder | null;
  /** The page that client `browser` opens streams in, or why there is none. */
  readonly browser: Browser | { readonly missing: string };
  /** Aborting it ends every request. */
  readonly signal: AbortSignal;
  /** Where proxies are looked up; the process's own if absent. */
  readonly environment?: ProxyEnvironment | undefined;
  /** Ends a request that goes on for longer, ms; if absent `longestProbe`. */
  readonly longest?: number | undefined;
}

/** A kind of probe. */
export interface Probe {
  readonly name: ProbeName;
  /** Requests that it sends: each may cost money. */
  readonly requests: number;
  /** What it asks, for the user. */
  readonly question: string;
  /** Why it cannot be sent, or has nothing to decide; null where it can. */
  readonly whyNot: (subject: ProbeSubject, setting: Pick<ProbeSetting, 'browser'>) => string | null;
  readonly run: (subject: ProbeSubject, setting: ProbeSetting) => Promise<Outcome>;
}

/** What a probe decided, without its name. */
export type Outcome = Omit<ProbeVerdict, 'probe'>;

/** Times of a probe's request: without a byte, and in all, ms. A stream that goes on is stopped: enough of it came. */
const longestSilence = 60_000;
const longestProbe = 300_000;

/** One request of a probe, and what came of it. */
export interface ProbeRun {
  readonly diagnosed: DiagnosisInput;
  readonly diagnosis: Diagnosis;
  readonly end: EndRecord;
  /** `performance.now()` when the request began. */
  readonly began: number;
  /** SHA-256 of the decoded body. */
  readonly digest: string;
  /** Where its capture is kept; null where it is not. */
  readonly capture: string | null;
}

/** How to send a probe's request; what is left out is as the subject's. */
export interface ProbeRunOptions {
  readonly title: string;
  readonly request?: Partial<StreamRequest>;
  readonly client?: StreamClient;
  /** Called with each record, before anything is derived; `stop` ends the request. */
  readonly onRecord?: (record: CaptureRecord, stop: () => void) => void;
}

/** Sends a probe's request, reads the answer to its end, and keeps it. Throws where the signal aborts. */
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

/** Options of a client, with the environment of the setting. */
export function environmentOf({ environment }: ProbeSetting): { readonly environment?: ProxyEnvironment } {
  return environment === undefined ? {} : { environment };
}

/** Ends at the same time: within so many ms, or that share. */
const SAME_MS = 300;
const SAME_SHARE = 0.03;

/** Whether streams ended at the same time, by ms since each request. */
export function areSameTimes(times: readonly number[]): boolean {
  const spread = Math.max(...times) - Math.min(...times);
  return spread <= Math.max(SAME_MS, SAME_SHARE * Math.max(...times));
}

/** A verdict from runs: what is left out says nothing. */
export function outcome(
  state: Outcome['state'],
  text: string,
  runs: readonly ProbeRun[],
  more: Partial<Outcome> = {},
): Outcome {
  const captures = runs.flatMap(({ capture }) => (capture === null ? [] : [capture]));
  return { state, text, about: [], findings: [], rung: null, captures, ...more };
}

/** Why a run says nothing: no response came, or one that is no stream; null where a stream came. */
export function whyNoAnswer({ diagnosed: { facts }, end }: ProbeRun): string | null {
  if (facts.response === null) return `No answer came: ${end.error?.message ?? end.reason}`;
  const { status } = facts.response;
  if (status !== 200) return `The server answered with status ${status} this time.`;
  return facts.bytes === 0 ? 'The answer had no body this time.' : null;
}
