import { dialectNamed } from '../../../../core/llm/dialects.ts';
import { eventsOf, evidence, messagesOf } from '../../received-stream.ts';
import { quoted } from '../../stream-checks.ts';
import { checkAnswered, checkTargetEnd } from '../target-checks.ts';
import { TargetClimb, type TargetRung } from '../target-rung.ts';
import type { TargetStream } from '../target-stream.ts';

/** What is asked of a model where the target names no body. */
const question = 'Say hello world in five words.';
/** The model is the server's own choice where it relays; a name has to be sent. */
const model = 'gpt-4o-mini';
/** Yields over less than this, ms, arrive together on any busy machine. */
const leastSpan = 200;
/** A relay that holds deltas back gives them in a small part of the time in which they were yielded. */
const leastPart = 0.5;
/** Tries until one is good, as on rung 4. */
const tries = 3;

/** Rung 6 on somebody's server: an OpenAI-compatible stream, read by the `openai` package. */
export const openaiTarget: TargetRung = {
  rung: 6,

  async climb(climb: TargetClimb): Promise<{ readonly skipped: string } | undefined> {
    return climb.request.own ? climbOwn(climb) : climbShared(climb);
  },
};

/** The rung's own URL: a base URL as the package takes it, or that of the API itself. */
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

/** The stream of all rungs, where it is one of a dialect that is known. */
async function climbShared(climb: TargetClimb): Promise<{ readonly skipped: string } | undefined> {
  const stream = await climb.record('The stream, opened by the raw client');
  if (!checkAnswered(climb, stream)) return undefined;
  if (messagesOf(stream).length === 0) return { skipped: 'its payloads are of no model API that is known' };
  climb.leaveOut('package-reads-it', 'the openai package is for a URL of rung 6’s own');
  checkMessage(climb, stream);
  checkTargetEnd(climb, stream);
  checkLive(climb, climb, stream);
  return undefined;
}

/** With the path, the method and the body that are missing. */
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

/** The package yields each payload but the sentinel, and throws nothing. */
function checkPackage(climb: TargetClimb, stream: TargetStream): void {
  const payloads = stream.derived.payloads.filter((payload) => payload?.state === 'complete').length;
  const failures = stream.records.flatMap((record) => {
    if (record.kind !== 'note') return [];
    const text = record.fields['text'];
    return typeof text === 'string' && text.startsWith('openai: ') ? [text] : [];
  });
  const { length } = stream.libraryEvents;
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

/** The answer as its deltas add up, with the dialect's own sign of the end. */
function checkMessage(climb: TargetClimb, stream: TargetStream): void {
  const messages = messagesOf(stream);
  const [message] = messages;
  const error = messages.find((each) => each.error !== null)?.error ?? null;
  const says = message?.text ?? message?.reasoning ?? '';
  const answers = error === null && (says !== '' || (message?.toolCalls.length ?? 0) > 0);
  climb.check('model-answers', 'The model answers, and without an error.', answers, [
    evidence(stream, error ?? `${message?.dialect ?? 'no dialect that is known'}: ${quoted(says)}`),
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

/** Whether deltas arrived as they were yielded; null where that cannot be known. */
function isLive(climb: TargetClimb, stream: TargetStream): boolean | null {
  const pace = climb.paceOf(stream);
  if (pace === null || pace.yieldSpan < leastSpan) return null;
  return pace.arrivalSpan >= pace.yieldSpan * leastPart;
}

function checkLive(climb: TargetClimb, api: TargetClimb, stream: TargetStream): void {
  const live = isLive(api, stream);
  if (live === null) {
    const needed = `it takes “: yield” lines over ${leastSpan} ms or more to see it`;
    climb.leaveOut('deltas-are-passed-on', `whether deltas are passed on at once is not known: ${needed}`);
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
