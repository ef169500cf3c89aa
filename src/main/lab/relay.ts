import { APIConnectionError, APIError } from 'openai';
import type { JsonObject } from '../../core/json/json-value.ts';
import { type LabEvent, event } from './lab-event.ts';
import { type ModelCall, type ModelCalls, type ModelChunk, NotAnEventStream } from './model-calls.ts';

/** A mistake that the relay makes on demand. */
export type RelayFault = 'missing-done' | 'lose-delta' | 'break-delta' | null;

/**
 * Passes a model's answer on as server-sent events in the API's own format, each chunk at once. A failed answer ends with an
 * `error` event: the status is already sent, and a stream that just ends would look complete.
 */
export async function* relay(
  calls: ModelCalls,
  call: ModelCall,
  fault: RelayFault,
): AsyncGenerator<LabEvent> {
  let finished = false;
  let n = 0;
  try {
    for await (const chunk of calls.stream(call)) {
      const json = JSON.stringify(chunk);
      const type = 'type' in chunk ? chunk.type : null;
      finished ||= isFinal(chunk);
      const broken = n++ === 2 ? fault : null;
      if (broken === 'lose-delta') continue;
      if (fault === 'missing-done' && type !== null && isFinal(chunk)) continue;
      yield event(broken === 'break-delta' ? json.slice(0, -1) : json, type === null ? {} : { event: type });
    }
  } catch (error) {
    if (call.signal.aborted) throw error;
    yield errorEvent(error, call.upstream.apiKey);
    return;
  }
  if (call.signal.aborted) return;
  if (!finished) {
    yield event(JSON.stringify(problem('upstream_cut', 'the model’s stream ended before its answer did')), {
      event: 'error',
    });
  } else if (call.api === 'chat' && fault !== 'missing-done') yield event('[DONE]');
}

/** Whether this chunk completes the answer. */
function isFinal(chunk: ModelChunk): boolean {
  if ('type' in chunk) return /^response\.(completed|incomplete|failed)$/.test(chunk.type);
  return chunk.choices.some(({ finish_reason: reason }) => reason !== null && reason !== undefined);
}

function errorEvent(error: unknown, apiKey: string): LabEvent {
  return event(JSON.stringify(describe(error, apiKey)), { event: 'error' });
}

/** Describes an error for the client. Removes the API key, which an upstream may repeat. */
function describe(error: unknown, apiKey: string): JsonObject {
  const clean = (text: string): string => (apiKey === '' ? text : text.replaceAll(apiKey, '[key]'));
  if (error instanceof APIConnectionError) {
    const { code, text } = rootCause(error);
    return problem('upstream_unreachable', clean(`cannot reach the base URL: ${text}`), { cause: code });
  }
  if (error instanceof APIError) {
    return problem(error.code ?? error.type ?? 'upstream_error', clean(error.message), {
      status: typeof error.status === 'number' ? error.status : null,
      type: error.type ?? null,
    });
  }
  if (error instanceof NotAnEventStream) return problem('not_an_event_stream', error.message);
  if (error instanceof SyntaxError)
    return problem('upstream_json', 'the model sent an event that is not JSON');
  return problem('upstream_cut', clean(`the model’s stream broke off: ${rootCause(error).text}`));
}

function problem(code: string, message: string, more: JsonObject = {}): JsonObject {
  return { error: { message, code, ...more } };
}

/** Finds the innermost error, since libraries wrap the error of the system ("Connection error." around ECONNREFUSED). */
function rootCause(error: unknown): { readonly code: string | null; readonly text: string } {
  let cause = error;
  for (let depth = 0; depth < 8 && cause instanceof Error && cause.cause instanceof Error; depth++)
    cause = cause.cause;
  if (!(cause instanceof Error)) return { code: null, text: String(cause) };
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  const inner = cause instanceof AggregateError ? cause.errors.find((each) => each instanceof Error) : cause;
  const text = inner instanceof Error && inner.message !== '' ? inner.message : (code ?? cause.name);
  return { code, text };
}
