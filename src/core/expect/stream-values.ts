import { mediaType } from '../headers.ts';
import type { DiagnosisInput } from '../findings/facts/stream-facts.ts';
import type { Diagnosis } from '../findings/diagnosis.ts';
import type { Message } from '../llm/message.ts';

/** The stream that expectations are about. */
export interface JudgedStream extends DiagnosisInput {
  readonly diagnosis: Diagnosis;
  readonly messages: readonly Message[];
  /** Whether the content equals that of the other capture; null without one. */
  readonly sameContent: boolean | null;
}

/** The actual value, or why it is unknown. A stream with several messages has several texts. */
type StreamValue =
  | { readonly known: true; readonly value: number | readonly string[] }
  | { readonly known: false; readonly reason: string };

/** What a value measures: a `time` in ms, `bytes`, a `count`, a `rate` per second, or a `text`. */
export type Quantity = 'time' | 'bytes' | 'count' | 'rate' | 'text';

/** A name that an expectation may use. */
export interface ValueName {
  readonly name: string;
  readonly quantity: Quantity;
  /** Its meaning, for the documentation. */
  readonly meaning: string;
  readonly of: (stream: JudgedStream) => StreamValue;
}

const noTimes = 'the capture has no times';
const noResponse = 'no response arrived';
const noModel = 'the stream has no output of a known dialect';

/**
 * Every value that an expectation can name. `time_to_first_chunk` and `time_per_output_chunk` mean what OpenTelemetry's
 * `gen_ai.client.operation.…` metrics of these names mean, where a chunk is an event of the stream.
 */
export const streamValues: readonly ValueName[] = [
  time('first-byte', 'from the request to the first byte of the body', ({ metrics, facts }) =>
    at(metrics.firstByteAt, facts.bytes > 0, 'no byte of the body arrived'),
  ),
  time('first-event', 'from the request to the first event', firstEvent),
  time(
    'time_to_first_chunk',
    'first-event by its OpenTelemetry name: SDKs call an event a chunk',
    firstEvent,
  ),
  time('time_to_first_token', 'from the request to the first event with model output', (stream) =>
    stream.metrics.deltas === 0 ? unknown(noModel) : at(stream.metrics.firstTokenAt, true, noModel),
  ),
  time(
    'time_per_output_chunk',
    'mean time from one output to the next; outputs are the model’s deltas, or events where there is no model',
    meanGap,
  ),
  time('gap.p50', 'median time from one output to the next', gap('p50')),
  time('gap.p95', '95th percentile of the time from one output to the next', gap('p95')),
  time('gap.max', 'longest time from one output to the next, or to the end', gap('max')),
  time('time_per_output_chunk.p50', 'same as gap.p50', gap('p50')),
  time('time_per_output_chunk.p95', 'same as gap.p95', gap('p95')),
  time('time_per_output_chunk.max', 'same as gap.max', gap('max')),
  time('silence.max', 'longest time without a byte; keep-alive comments count as bytes', ({ metrics }) =>
    at(metrics.longestQuiet?.ms ?? null, true, noTimes),
  ),
  time('duration', 'from the request to the end of the stream', ({ facts: { end } }) =>
    end === null ? unknown('the stream has no end') : at(end.at, true, noTimes),
  ),
  count('events', 'dispatched events', ({ facts }) => number(facts.events)),
  count('comments', 'blocks with only comments, such as heartbeats', ({ facts }) => number(facts.comments)),
  count('chunks', 'body chunks, as the HTTP client delivered them', ({ facts }) => number(facts.chunks)),
  count('responses', 'responses; more than one after a reconnection', ({ facts }) => number(facts.responses)),
  count('messages', 'messages (choices) of a model', ({ messages }) => number(messages.length)),
  count('tool-calls', 'tool calls in all messages', ({ messages }) =>
    number(
      messages.reduce((sum, { parts }) => sum + parts.filter(({ kind }) => kind === 'tool-call').length, 0),
    ),
  ),
  count('tokens', 'output tokens as counted by the provider, otherwise one for each delta', ({ metrics }) =>
    metrics.tokens === null ? unknown(noModel) : number(metrics.tokens.count),
  ),
  count('status', 'status of the last response', ({ facts: { response } }) =>
    response === null ? unknown(noResponse) : number(response.status),
  ),
  count('errors', 'findings that are errors', ({ diagnosis }) => number(findings(diagnosis, 'error'))),
  count('warnings', 'findings that are warnings', ({ diagnosis }) => number(findings(diagnosis, 'warning'))),
  {
    name: 'bytes',
    quantity: 'bytes',
    meaning: 'bytes of the body after content decoding',
    of: ({ facts }) => number(facts.bytes),
  },
  {
    name: 'wire-bytes',
    quantity: 'bytes',
    meaning: 'bytes of the body on the wire',
    of: ({ facts }) => number(facts.wireBytes),
  },
  {
    name: 'tokens-per-second',
    quantity: 'rate',
    meaning: 'output tokens per second, from the first to the last streamed token',
    of: ({ metrics }) => {
      if (metrics.tokensPerSecond !== null) return number(metrics.tokensPerSecond);
      return unknown(metrics.tokens === null ? noModel : 'too few tokens with times');
    },
  },
  text('finish', 'finish reason of every message', ({ messages }) =>
    messages.length === 0
      ? unknown(noModel)
      : texts(messages.map(({ finishReason }) => finishReason ?? 'none')),
  ),
  text('message', 'how the message ended: complete, unfinished, failed or none', ({ messageEnd }) =>
    texts([messageEnd]),
  ),
  text(
    'end',
    'how the transport ended: complete, aborted, premature-close, timeout or error',
    ({ facts: { end } }) => (end === null ? unknown('the capture has no end record') : texts([end.reason])),
  ),
  text('content-type', 'media type of the last response, without parameters', ({ facts }) => {
    const type = facts.header('content-type');
    if (facts.response === null) return unknown(noResponse);
    return type === null ? unknown('the response has no Content-Type') : texts([mediaType(type)]);
  }),
  text('dialect', 'dialect of the model', ({ dialect }) =>
    dialect === null ? unknown(noModel) : texts([dialect]),
  ),
  text('content', 'with --against: same or different, by the content of the events', ({ sameContent }) =>
    sameContent === null ? unknown('it needs --against FILE') : texts([sameContent ? 'same' : 'different']),
  ),
];

function firstEvent({ metrics, facts }: JudgedStream): StreamValue {
  return at(metrics.firstEventAt, facts.events > 0, 'no event arrived');
}

function meanGap({ metrics, facts }: JudgedStream): StreamValue {
  const isModel = metrics.deltas > 0;
  const first = isModel ? metrics.firstTokenAt : metrics.firstEventAt;
  const last = isModel ? metrics.lastTokenAt : metrics.lastEventAt;
  const outputs = isModel ? metrics.deltas : facts.events;
  if (outputs < 2) return unknown('fewer than two outputs arrived');
  return first === null || last === null ? unknown(noTimes) : number((last - first) / (outputs - 1));
}

function gap(which: 'p50' | 'p95' | 'max'): (stream: JudgedStream) => StreamValue {
  return ({ metrics: { gaps, firstByteAt }, facts }) => {
    if (gaps !== null) return number(gaps[which]);
    return unknown(firstByteAt === null && facts.bytes > 0 ? noTimes : 'fewer than two outputs arrived');
  };
}

/** @param came the measured thing happened, so only its time can be missing */
function at(ms: number | null, came: boolean, otherwise: string): StreamValue {
  if (ms !== null) return number(ms);
  return unknown(came ? noTimes : otherwise);
}

function findings({ findings }: Diagnosis, severity: 'error' | 'warning'): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

function time(name: string, meaning: string, of: ValueName['of']): ValueName {
  return { name, quantity: 'time', meaning, of };
}

function count(name: string, meaning: string, of: ValueName['of']): ValueName {
  return { name, quantity: 'count', meaning, of };
}

function text(name: string, meaning: string, of: ValueName['of']): ValueName {
  return { name, quantity: 'text', meaning, of };
}

function number(value: number): StreamValue {
  return { known: true, value };
}

function texts(value: readonly string[]): StreamValue {
  return { known: true, value };
}

function unknown(reason: string): StreamValue {
  return { known: false, reason };
}
