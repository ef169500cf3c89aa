import { redactRequest } from '../../core/capture/redact.ts';
import type { CaptureRequest } from '../../core/capture/record.ts';
import { REDACTED } from '../../core/capture/secret-name.ts';
import { type ProbeName, probeNames } from '../../core/findings/finding.ts';
import type { ProbeVerdict } from '../../core/findings/probe-verdict.ts';
import type { PlannedProbe } from '../../contract/probes.ts';
import { Refusal } from '../../contract/refusal.ts';
import { parseStreamRequest, type StreamRequest } from '../client/stream-request.ts';
import { again } from './again.ts';
import { browser } from './browser.ts';
import { eventsource } from './eventsource.ts';
import { identity } from './identity.ts';
import { longer } from './longer.ts';
import type { Probe, ProbeSetting, ProbeSubject } from './probe.ts';
import { reconnect } from './reconnect.ts';
import { together } from './together.ts';

const probes: Readonly<Record<ProbeName, Probe>> = {
  identity,
  browser,
  eventsource,
  again,
  together,
  longer,
  reconnect,
};

/** All probes in the order they are sent, with the number of their requests. Sends nothing. */
export function planProbes(
  subject: ProbeSubject,
  setting: Pick<ProbeSetting, 'browser'>,
): readonly PlannedProbe[] {
  return probeNames.map((probe) => {
    const { requests, question, whyNot } = probes[probe];
    const { response } = subject.diagnosed.facts;
    const skipped = response === null ? 'There was no response the first time.' : whyNot(subject, setting);
    return { probe, question, requests: skipped === null ? requests : 0, skipped };
  });
}

/** All probes, skipped for the same reason. */
export function skipAll(reason: string): readonly PlannedProbe[] {
  return probeNames.map((probe) => ({
    probe,
    question: probes[probe].question,
    requests: 0,
    skipped: reason,
  }));
}

/** Receives progress while probes are sent. */
export interface ProbeListener {
  readonly began?: (probe: ProbeName) => void;
  readonly decided?: (verdict: ProbeVerdict) => void;
}

/**
 * Sends probes one after another, so that they do not disturb each other, and returns their verdicts: those so far if
 * the signal is aborted.
 * @param wanted the probes to send; all if absent
 */
export async function runProbes(
  subject: ProbeSubject,
  setting: ProbeSetting,
  listener: ProbeListener = {},
  wanted: readonly ProbeName[] = probeNames,
): Promise<readonly ProbeVerdict[]> {
  const verdicts: ProbeVerdict[] = [];
  for (const { probe, skipped } of planProbes(subject, setting)) {
    if (!wanted.includes(probe)) continue;
    if (setting.signal.aborted) break;
    let verdict: ProbeVerdict;
    if (skipped !== null)
      verdict = { probe, state: 'skipped', text: skipped, about: [], findings: [], rung: null, captures: [] };
    else {
      listener.began?.(probe);
      try {
        verdict = { probe, ...(await probes[probe].run(subject, setting)) };
      } catch (error) {
        if (setting.signal.aborted) break;
        throw error;
      }
    }
    verdicts.push(verdict);
    listener.decided?.(verdict);
  }
  return verdicts;
}

/**
 * The request of a stored capture, to send it again, or the reason why that is not possible: the capture comes from a
 * file, or its secrets were redacted.
 */
export function requestAgain(request: CaptureRequest): StreamRequest | { readonly reason: string } {
  if (!/^https?:/i.test(request.url))
    return { reason: 'The capture comes from a file: there is no request to send again.' };
  if (hasRedacted(request))
    return {
      reason: 'The secrets of the request were redacted when it was stored: open the URL again with them.',
    };
  const { method, url, headers, body } = request;
  try {
    return parseStreamRequest({
      url,
      method,
      headers: headers.map(([name, value]) => [name, value]),
      client: 'raw',
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { reason: error.message };
  }
}

function hasRedacted(request: CaptureRequest): boolean {
  const { url, headers, body } = redactRequest(request);
  const texts = [decodeSafely(url), body ?? '', ...headers.map(([, value]) => value)];
  return texts.some((text) => text.includes(REDACTED));
}

function decodeSafely(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
