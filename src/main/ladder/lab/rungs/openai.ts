import type { CheckEvidence } from '../../../../contract/ladder.ts';
import type { Block } from '../../../../core/sse/block.ts';
import type { MessageRecord } from '../../../../core/llm/message-record.ts';
import type { LabEntry } from '../../../lab/lab-log.ts';
import { replyTo } from '../../../lab/scripted-model/script.ts';
import { defaultPrompt } from '../../../lab/stages/openai.ts';
import { inParallel } from '../../../../core/in-parallel.ts';
import { eventsOf, evidence, messagesOf, ms } from '../../received-stream.ts';
import { documentPoints, jsonState } from '../../stream-checks.ts';
import { timingOf } from '../lab-checks.ts';
import type { LabClimb, LabRung } from '../lab-rung.ts';
import type { LabStream } from '../lab-stream.ts';

type Api = 'chat' | 'responses';
type Delta = Extract<LabEntry, { kind: 'upstream' }>;

/** Time between the scripted model's tokens, ms: the pace of a fast model. */
const scriptedDelay = 8;
/** The relay may delay a token by this time, ms. */
const mostOverhead = 250;
/** A real model may need this time before its first token, ms. */
const thinkingTime = 180_000;

/** The scripted model's errors, and the error code that the client must receive. */
const errors = {
  'scripted/unauthorized': 'invalid_api_key',
  'scripted/rate-limit': 'rate_limit_exceeded',
  'scripted/server-error': 'server_error',
  'scripted/error-in-stream': 'scripted_error',
  'scripted/cut': 'upstream_cut',
  'scripted/html': 'not_an_event_stream',
  'no-such-model': 'model_not_found',
} as const;

/** Rung 6: the stream of a model is passed on token by token. */
export const openaiRung: LabRung = {
  rung: 6,
  proves: 'The stream of a model is passed on token by token.',
  idea:
    'The server calls the model with the openai package and the request’s abort signal, and writes each delta at once. ' +
    'Errors arrive as error events, and the terminal event shows that the answer is complete.',

  async climb(climb: LabClimb): Promise<undefined> {
    const { lab, upstream } = climb.setting;
    const opened = upstream === null ? null : lab.openUpstream(upstream);
    try {
      const apis: readonly Api[] = upstream === null ? ['chat', 'responses'] : [upstream.api];
      for (const api of apis) await checkAnswer(climb, api, opened?.id ?? null);
    } finally {
      opened?.close();
    }
    if (upstream === null && climb.fault === null) await checkErrors(climb);
  },
};

async function checkAnswer(climb: LabClimb, api: Api, upstream: string | null): Promise<void> {
  const scripted = upstream === null;
  const path = climb.path('/stages/openai', { api, ...(scripted ? { delay: scriptedDelay } : { upstream }) });
  const stream = await climb.record(
    `${api} stream of ${scripted ? 'the scripted model' : (climb.setting.upstream?.model ?? '')}`,
    path,
    scripted ? {} : { idleTimeout: thinkingTime },
  );
  climb.timing ??= timingOf(stream);
  const events = eventsOf(stream);
  const failure = events.find(({ type }) => type === 'error');
  const answered = failure === undefined && events.length > 0;
  climb.check(`${api}-model-answers`, 'The model answers, and without an error.', answered, [
    failure === undefined
      ? evidence(
          stream,
          answered
            ? whoAnswered(climb, stream)
            : `no events: ${stream.end.error?.message ?? stream.end.reason}`,
        )
      : evidence(stream, errorText(failure), { kind: 'event', seq: failure.seq ?? 0 }),
  ]);
  if (!answered) return;
  const message = messageOf(stream);
  checkText(climb, api, stream, message, scripted);
  checkDeltas(climb, api, stream);
  checkFirstToken(climb, api, stream);
  checkJson(climb, api, stream);
  checkTerminal(climb, api, stream, message);
}

function whoAnswered(climb: LabClimb, stream: LabStream): string {
  const { upstream } = climb.setting;
  const events = `${eventsOf(stream).length} events`;
  if (upstream === null)
    return `${events} from the lab’s scripted model: no key is set, so no real model was called`;
  return `${events} from ${upstream.model} at ${new URL(upstream.baseUrl).host}`;
}

/** The error in an error event of the stage. */
function errorText({ data }: Block): string {
  const { code, message, status } = errorOf(data);
  return `${code}: ${message}${status === null ? '' : ` (HTTP ${status})`}`;
}

function errorOf(data: string): { code: string; message: string; status: number | null } {
  const fields = new Map<string, unknown>();
  try {
    const { error } = JSON.parse(data) as { error?: unknown };
    for (const [name, value] of Object.entries(error ?? {})) fields.set(name, value);
  } catch {
    // Not JSON: all fields are unknown.
  }
  const [code, message, status] = ['code', 'message', 'status'].map((name) => fields.get(name));
  return {
    code: typeof code === 'string' ? code : 'unknown',
    message: typeof message === 'string' ? message : 'the error event has no message',
    status: typeof status === 'number' ? status : null,
  };
}

/** Checks the client's text against that of the relay and of the script. */
function checkText(
  climb: LabClimb,
  api: Api,
  stream: LabStream,
  message: MessageRecord | null,
  scripted: boolean,
): void {
  const received = message?.text ?? '';
  const relayed = deltasOf(stream)
    .map(({ text }) => text)
    .join('');
  const sent = scripted ? replyTo(defaultPrompt).join('') : relayed;
  climb.check(
    `${api}-text-is-equal`,
    'The text received is the text that the model sent.',
    received === sent && received === relayed && received !== '',
    [
      evidence(
        stream,
        `sent ${sent.length} characters, relayed ${relayed.length}, received ${received.length}`,
      ),
      ...(received === sent
        ? []
        : [evidence(stream, `they differ at character ${firstDifference(received, sent)}`)]),
    ],
  );
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

/** Checks that each delta is written before the next arrives from the model. */
function checkDeltas(climb: LabClimb, api: Api, stream: LabStream): void {
  const deltas = deltasOf(stream);
  const written = new Map(
    stream.entries.flatMap((entry) =>
      entry.kind === 'written' && entry.requestId === stream.id ? [[entry.n, entry.at] as const] : [],
    ),
  );
  const held: CheckEvidence[] = [];
  for (const { n } of deltas) {
    const next = deltas[n + 1];
    const at = written.get(n);
    if (next === undefined || (at !== undefined && at <= next.at)) continue;
    const text = at === undefined ? 'was never written' : `was written at ${ms(at)}`;
    held.push(
      evidence(stream, `delta ${n} ${text}, delta ${n + 1} came at ${ms(next.at)}`, { kind: 'yield', n }),
    );
  }
  climb.check(
    `${api}-each-delta-at-once`,
    'Each delta is passed on before the next arrives.',
    held.length === 0,
    [evidence(stream, `${deltas.length} deltas, ${held.length} of them held back`), ...held.slice(0, 5)],
  );
}

/** Checks the delay of the first token in the relay. */
function checkFirstToken(climb: LabClimb, api: Api, stream: LabStream): void {
  const first = deltasOf(stream).find(({ text }) => text !== '');
  const arrived = first === undefined ? undefined : eventsOf(stream)[first.n];
  const overhead = (arrived?.at ?? Number.POSITIVE_INFINITY) - (first?.at ?? 0);
  const text =
    first === undefined || arrived === undefined
      ? 'no token arrived'
      : `the first token came to the relay at ${ms(first.at)} and to the client ${ms(overhead)} later`;
  climb.check(
    `${api}-first-token-at-once`,
    'The first token is passed on at once.',
    overhead <= mostOverhead,
    [evidence(stream, text, { kind: 'event', seq: first?.n ?? 0 })],
  );
}

function checkJson(climb: LabClimb, api: Api, stream: LabStream): void {
  const broken = stream.derived.documents.filter(({ state }) => state !== 'complete' && state !== 'sentinel');
  climb.check(
    `${api}-json-is-whole`,
    'Every payload is complete JSON or the sentinel.',
    broken.length === 0,
    [
      evidence(stream, `${stream.derived.documents.length} payloads, ${broken.length} of them broken`),
      ...broken
        .slice(0, 5)
        .map((document) =>
          evidence(
            stream,
            `payload ${document.index} is ${jsonState(document)}`,
            ...documentPoints(document),
          ),
        ),
    ],
  );
}

/** Checks the terminal event: `[DONE]` after a finish reason, or `response.completed`. */
function checkTerminal(climb: LabClimb, api: Api, stream: LabStream, message: MessageRecord | null): void {
  const last = eventsOf(stream).at(-1);
  const complete = message?.complete === true && stream.end.reason === 'complete';
  const finish = `finish reason ${message?.finishReason ?? 'missing'}`;
  const seen = last === undefined ? 'no event' : `${last.type} ${last.data.slice(0, 40)}`;
  const terminal =
    api === 'chat' ? last?.data === '[DONE]' : /^response\.(completed|incomplete)$/.test(last?.type ?? '');
  climb.check(`${api}-terminal-event`, 'The answer ends with its terminal event.', complete && terminal, [
    evidence(
      stream,
      `${finish}, last event: ${seen}`,
      ...(last === undefined || last.seq === null ? [] : [{ kind: 'event', seq: last.seq } as const]),
    ),
  ]);
}

/** Checks that upstream errors, before and inside the stream, arrive as error events. */
async function checkErrors(climb: LabClimb): Promise<void> {
  const results = await inParallel(Object.entries(errors), 4, async ([model, code]) => {
    const stream = await climb.open(climb.path('/stages/openai', { model, delay: 0 }));
    const last = eventsOf(stream).at(-1);
    const found = last?.type === 'error' ? errorOf(last.data).code : 'no error event';
    return {
      passed: found === code && stream.end.reason === 'complete',
      evidence: evidence(stream, `${model}: ${found}${found === code ? '' : `, expected ${code}`}`),
    };
  });
  climb.check(
    'errors-arrive-as-events',
    'Errors of the model arrive as error events.',
    results.every(({ passed }) => passed),
    results.map((result) => result.evidence),
  );
}

function deltasOf(stream: LabStream): readonly Delta[] {
  return stream.entries
    .filter((entry) => entry.kind === 'upstream')
    .filter(({ requestId, state }) => requestId === stream.id && state === 'delta');
}

function messageOf(stream: LabStream): MessageRecord | null {
  return messagesOf(stream)[0] ?? null;
}
