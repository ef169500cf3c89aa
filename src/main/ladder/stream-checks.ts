import type { EvidencePoint } from '../../contract/ladder.ts';
import type { JsonDocument } from '../../core/json/documents.ts';
import type { Climb } from './climb.ts';
import { evidence, headerOf, ms, type ReceivedStream, statusOf } from './received-stream.ts';

/** Checks the status and the content type of the response. */
export function checkResponse(climb: Climb, stream: ReceivedStream): void {
  const status = statusOf(stream);
  climb.check('status-is-200', 'The response has status 200.', status === 200, [
    evidence(stream, statusText(stream)),
  ]);
  const type = headerOf(stream, 'content-type');
  // [spec] HTML §9.2.2: any other content type makes an EventSource fail the connection.
  const essence = type?.split(';')[0]?.trim().toLowerCase();
  climb.check(
    'content-type-is-event-stream',
    'The content type is text/event-stream.',
    essence === 'text/event-stream',
    [evidence(stream, `content-type: ${type ?? '(none)'}`, { kind: 'header', name: 'content-type' })],
  );
}

/** Checks that caches may not store the response. */
export function checkCaching(climb: Climb, stream: ReceivedStream): void {
  const cache = headerOf(stream, 'cache-control');
  climb.check(
    'response-is-not-cached',
    'Caches may not store the response.',
    /\bno-(store|cache)\b/i.test(cache ?? ''),
    [evidence(stream, `cache-control: ${cache ?? '(none)'}`, { kind: 'header', name: 'cache-control' })],
  );
}

/** Checks that the response ended with its last chunk. */
export function checkEnd(climb: Climb, stream: ReceivedStream): void {
  const { reason, error, at } = stream.end;
  climb.check('ends-complete', 'The response ends with its last chunk.', reason === 'complete', [
    evidence(stream, `${reason} at ${ms(at ?? 0)}${error === undefined ? '' : `: ${error.message}`}`),
  ]);
}

/** Checks that none of `all` parallel streams is unfinished. */
export function checkAllComplete(climb: Climb, unfinished: readonly ReceivedStream[], all: number): void {
  climb.check('all-complete', 'All parallel streams end complete.', unfinished.length === 0, [
    evidence(null, `${all - unfinished.length} of ${all} ended complete`),
    ...unfinished
      .slice(0, 5)
      .map((stream) => evidence(stream, `${stream.end.reason}: ${stream.end.error?.message ?? ''}`)),
  ]);
}

/** The status of the response, or why there is no response. */
export function statusText(stream: Pick<ReceivedStream, 'records' | 'end'>): string {
  const status = statusOf(stream);
  return status === null
    ? `no response: ${stream.end.error?.message ?? stream.end.reason}`
    : `status ${status}`;
}

/** The state of a payload as JSON, with the position and the message of its problem. */
export function jsonState({ state, problem }: JsonDocument): string {
  return problem === null ? state : `${state} at ${problem.at}: ${problem.message}`;
}

/** Points at a document and at the event in which it begins. */
export function documentPoints({ index, events }: JsonDocument): EvidencePoint[] {
  return [
    { kind: 'document', index },
    { kind: 'event', seq: events[0] },
  ];
}

/** The beginning of a text in quotes. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
