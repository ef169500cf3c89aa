import { firstHeaderValue } from '../../core/headers.ts';
import type { FindingCode } from '../../core/findings/finding.ts';
import { duration } from '../../core/text/wording.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import { withHeaders } from '../client/stream-request.ts';
import {
  areSameTimes,
  outcome,
  type Outcome,
  type Probe,
  type ProbeRun,
  type ProbeSubject,
  runProbe,
  whyNoAnswer,
} from './probe.ts';

/** How many times as long an answer must be to be compared. */
const LONGER_FACTOR = 1.5;
/** Growth of the wait as a share of the growth of the length: from here it grows with the length, */
const GROWS_SHARE = 0.6;
/** and up to here it does not. */
const STAYS_SHARE = 0.25;
/** Factor for the token limit of the request. */
const MORE_TOKENS = 4;

const lengthRequest =
  'Answer at great length, with as much detail as you can: several times as long as you would otherwise.';

/** Members that limit the length of an answer in the known dialects. */
const limits = ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens', 'num_predict'];

/** Requests a longer answer, to see whether the wait grows with it, or whether it is cut off after the same time. */
export const longer: Probe = {
  name: 'longer',
  requests: 1,
  question: 'Does the wait or the time of the end change with the length of the answer?',
  whyNot: ({ request }) =>
    longerBody(request.body) === null
      ? 'A longer answer can only be requested from a model: with a JSON body that has messages, input, contents or prompt.'
      : null,
  async run(subject, setting) {
    const body = longerBody(subject.request.body);
    if (body === null) return outcome('skipped', 'A longer answer cannot be requested.', []);
    const { headers } = subject.request;
    const length = firstHeaderValue(headers, 'content-length') !== null;
    const request = {
      body,
      headers: length ? withHeaders(headers, [['Content-Length', String(Buffer.byteLength(body))]]) : headers,
    };
    const run = await runProbe(subject, setting, { title: 'Probe longer: a longer answer', request });
    const reason = whyNoAnswer(run);
    if (reason !== null) return outcome('failed', reason, [run]);
    const isCut =
      subject.diagnosed.facts.end?.reason !== 'complete' || subject.diagnosed.messageEnd === 'unfinished';
    return isCut ? aboutEnds(subject, run) : aboutWaits(subject, run);
  },
};

function aboutEnds(subject: ProbeSubject, run: ProbeRun): Outcome {
  const about: FindingCode[] = ['platform-time-limit', 'premature-close', 'idle-timeout-close'];
  const before = subject.diagnosed.facts.end?.at ?? null;
  const after = run.end.at;
  if (before === null || after === null) return outcome('undecided', 'The ends have no times.', [run]);
  const times = `${duration(before)}, then ${duration(after)}`;
  const isWhole = run.end.reason === 'complete' && run.diagnosed.messageEnd !== 'unfinished';
  if (isWhole)
    return outcome(
      'decided',
      `The longer answer was complete (ends after ${times}): there is no time limit.`,
      [run],
      { about },
    );
  if (areSameTimes([before, after]))
    return outcome(
      'decided',
      `The longer answer was cut off after the same time (${times}): a time limit.`,
      [run],
      { about },
    );
  return outcome(
    'decided',
    `The longer answer was cut off after a different time (${times}): there is no time limit.`,
    [run],
    { about },
  );
}

function aboutWaits(subject: ProbeSubject, run: ProbeRun): Outcome {
  const about: FindingCode[] = ['response-buffered'];
  const lengths = [subject, run].map(({ diagnosed }) => diagnosed.metrics.outputLength);
  const waits = [subject, run].map(({ diagnosed }) => diagnosed.metrics.firstTokenAt);
  const [shortLength = 0, longLength = 0] = lengths;
  const [shortWait = null, longWait = null] = waits;
  if (shortWait === null || longWait === null || shortLength === 0)
    return outcome('undecided', 'One of the answers had no model output with times.', [run]);
  const grown = longLength / shortLength;
  const seen = `${shortLength} characters after ${duration(shortWait)}, then ${longLength} after ${duration(longWait)}`;
  if (grown < LONGER_FACTOR) return outcome('undecided', `The answer was not much longer (${seen}).`, [run]);
  const share = (longWait / shortWait - 1) / (grown - 1);
  if (share >= GROWS_SHARE)
    return outcome(
      'decided',
      `The wait grew with the length of the answer (${seen}): it is generated completely before any of it is sent.`,
      [run],
      { about },
    );
  if (share <= STAYS_SHARE)
    return outcome(
      'decided',
      `The wait did not grow with the length of the answer (${seen}): it is sent while it is generated.`,
      [run],
      { about },
    );
  return outcome('undecided', `The wait grew, but less than the answer (${seen}).`, [run], { about });
}

/**
 * Changes the body of a request to a model so that it requests a longer answer: raises token limits, and appends an
 * instruction to the last user message. Null for an unknown kind of request.
 */
export function longerBody(body: string | null): string | null {
  if (body === null) return null;
  let value: JsonValue;
  try {
    value = JSON.parse(body) as JsonValue;
  } catch {
    return null;
  }
  if (!isJsonObject(value)) return null;
  const asked = withLengthRequest(value);
  return asked === null ? null : JSON.stringify(withMoreTokens(asked));
}

function withLengthRequest(value: JsonObject): JsonObject | null {
  for (const key of ['messages', 'contents', 'input'] as const) {
    const list = value[key];
    if (!isJsonArray(list)) continue;
    const at = list.findLastIndex(
      (one) => isJsonObject(one) && (one['role'] === 'user' || one['role'] === undefined),
    );
    const last = list[at];
    if (at === -1 || !isJsonObject(last)) return null;
    const worded =
      key === 'contents' ? withPart(last, 'parts', { text: lengthRequest }) : withContent(last, key);
    return worded === null ? null : { ...value, [key]: list.with(at, worded) };
  }
  for (const key of ['input', 'prompt'] as const) {
    const text = value[key];
    if (typeof text === 'string') return { ...value, [key]: `${text}\n\n${lengthRequest}` };
  }
  return null;
}

function withContent(message: JsonObject, key: 'messages' | 'input'): JsonObject | null {
  const { content } = message;
  if (typeof content === 'string') return { ...message, content: `${content}\n\n${lengthRequest}` };
  return withPart(message, 'content', { type: key === 'input' ? 'input_text' : 'text', text: lengthRequest });
}

function withPart(message: JsonObject, key: string, part: JsonObject): JsonObject | null {
  const parts = message[key];
  return isJsonArray(parts) ? { ...message, [key]: [...parts, part] } : null;
}

function withMoreTokens(value: JsonObject): JsonObject {
  const raised: Record<string, JsonValue> = { ...value };
  for (const [key, member] of Object.entries(value)) {
    if (limits.includes(key) && typeof member === 'number') raised[key] = member * MORE_TOKENS;
    else if ((key === 'generationConfig' || key === 'options') && isJsonObject(member))
      raised[key] = withMoreTokens(member);
  }
  return raised;
}
