import { dialectNamed } from '../../../../core/llm/dialects.ts';
import { eventsOf, evidence, messagesOf } from '../../received-stream.ts';
import { quoted } from '../../stream-checks.ts';
import { checkAnswered, checkTargetEnd } from '../target-checks.ts';
import { TargetClimb, type TargetRung } from '../target-rung.ts';
import type { TargetStream } from '../target-stream.ts';

/** The prompt for a target without a body. */
const question = 'Say hello world in five words.';
/** The API requires a model, which a relaying server may replace. */
const model = 'gpt-4o-mini';
/** Yields must span at least this time to judge whether the stream is live, ms. */
const leastSpan = 200;
/** The arrivals must span at least this part of the yields' span. */
const leastPart = 0.5;
/** Maximum number of tries, as on rung 4. */
const tries = 3;

/** Rung 6 on a target: an OpenAI-compatible stream, read by the `openai` package. */
export const openaiTarget: TargetRung = {
  rung: 6,

  async climb(climb: TargetClimb): Promise<{ readonly skipped: string } | undefined> {
    return climb.request.own ? climbOwn(climb) : climbShared(climb);
  },
};

/** Checks the rung's own URL: a base URL, or that of the endpoint. */
async function climbOwn(climb: TargetClimb): Promise<undefined> {
  const api = new TargetClimb(climb.setting, completedRequest(climb.request), {
    check: () => undefined,
    capture: (capture) => climb.keep(capture),
  });
  let stream = await api.record('The model’s stream, read by the openai package', { client: 'openai' });
  for (let tried = 1; tried < tries && isLive(api, stream) === false; tried++)
    stream = await api.record(`The model’s stream, try ${tried + 1}`, { client: 'openai' });
  if (!checkAnswered(climb, stream)) return;
  checkPackage(climb, stream);
  checkMessage(climb, stream);
  checkTargetEnd(climb, stream);
  checkLive(climb, api, stream);
  climb.timing = api.paceOf(stream)?.timing ?? null;
}

/** Checks the shared stream if its dialect is known. */
async function climbShared(climb: TargetClimb): Promise<{ readonly skipped: string } | undefined> {
  const stream = await climb.record('The stream, opened by the raw client');
  if (!checkAnswered(climb, stream)) return undefined;
  if (messagesOf(stream).length === 0) return { skipped: 'its payloads do not match a known model API' };
  climb.leaveOut('package-reads-it', 'the openai package needs a separate URL for rung 6');
  checkMessage(climb, stream);
  checkTargetEnd(climb, stream);
  checkLive(climb, climb, stream);
  return undefined;
}

/** Adds the missing path, method and body. */
function completedRequest(request: TargetClimb['request']): TargetClimb['request'] {
  const url = new URL(request.url.includes('://') ? request.url : `http://${request.url}`);
  if (!/\/(chat\/completions|responses)\/?$/.test(url.pathname))
    url.pathname = `${url.pathname.replace(/\/$/, '')}/chat/completions`;
  const isResponses = /\/responses\/?$/.test(url.pathname);
  const asked = isResponses ? { input: question } : { messages: [{ role: 'user', content: question }] };
  return {
    ...request,
    url: url.href,
    method: request.method ?? 'POST',
    body: request.body ?? JSON.stringify({ model, ...asked, stream: true }),
  };
}

/** Checks that the package yields each payload except the sentinel, and throws no error. */
function checkPackage(climb: TargetClimb, stream: TargetStream): void {
  const payloads = stream.derived.payloads.filter((payload) => payload?.state === 'complete').length;
  const failures = stream.records.flatMap((record) => {
    if (record.kind !== 'note') return [];
    const text = record.fields['text'];
    return typeof text === 'string' && text.startsWith('openai: ') ? [text] : [];
  });
  const { length } = stream.packageEvents;
  climb.check(
    'package-reads-it',
    'The openai package reads the whole stream.',
    failures.length === 0 && length === payloads && length > 0,
    [
      evidence(stream, `${length} chunks from the package, ${payloads} JSON payloads in the bytes`),
      ...failures.map((text) => evidence(stream, text)),
    ],
  );
}

/** Checks the message that the deltas add up to, and its terminal event. */
function checkMessage(climb: TargetClimb, stream: TargetStream): void {
  const messages = messagesOf(stream);
  const [message] = messages;
  const error = messages.find((each) => each.error !== null)?.error ?? null;
  const says = message?.text ?? message?.reasoning ?? '';
  const answers = error === null && (says !== '' || (message?.toolCalls.length ?? 0) > 0);
  climb.check('model-answers', 'The model answers, and without an error.', answers, [
    evidence(stream, error ?? `${message?.dialect ?? 'unknown dialect'}: ${quoted(says)}`),
  ]);
  if (stream.isCut) return climb.leaveOut('answer-is-complete', 'the stream was not read to its end');
  const last = eventsOf(stream).at(-1);
  const hasSentinel = message !== undefined && dialectNamed(message.dialect).hasSentinel;
  const isDone = !hasSentinel || last?.data === '[DONE]';
  climb.check(
    'answer-is-complete',
    'The answer ends with its finish reason and its terminal event.',
    messages.length > 0 && messages.every(({ complete }) => complete) && isDone,
    [
      evidence(
        stream,
        `finish reason ${message?.finishReason ?? 'missing'}, last event ${last === undefined ? 'missing' : quoted(last.data)}`,
        ...(last?.seq == null ? [] : [{ kind: 'event', seq: last.seq } as const]),
      ),
    ],
  );
}

/** Whether deltas arrived as they were yielded; null if unknown. */
function isLive(climb: TargetClimb, stream: TargetStream): boolean | null {
  const pace = climb.paceOf(stream);
  if (pace === null || pace.yieldSpan < leastSpan) return null;
  return pace.arrivalSpan >= pace.yieldSpan * leastPart;
}

function checkLive(climb: TargetClimb, api: TargetClimb, stream: TargetStream): void {
  const live = isLive(api, stream);
  if (live === null) {
    const needed = `this needs “: yield” lines over at least ${leastSpan} ms`;
    climb.leaveOut('deltas-are-passed-on', `whether deltas are passed on at once is unknown: ${needed}`);
    return;
  }
  const pace = api.paceOf(stream);
  climb.check('deltas-are-passed-on', 'Deltas arrive as they are yielded.', live, [
    evidence(
      stream,
      `yielded over ${(pace?.yieldSpan ?? 0).toFixed(0)} ms, received over ${(pace?.arrivalSpan ?? 0).toFixed(0)} ms`,
    ),
  ]);
}
