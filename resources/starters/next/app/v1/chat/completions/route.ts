import OpenAI from 'openai';
import { event, eventStream, pause } from '../../../../lib/event-stream';

// Rung 6, OpenAI: the stream of a model, passed on chunk by chunk.
export async function POST(request: Request): Promise<Response> {
  const { messages } = (await request.json()) as { messages: OpenAI.ChatCompletionMessageParam[] };
  // Starts before the response, so that errors of the model become HTTP errors.
  const chunks =
    process.env['OPENAI_API_KEY'] === undefined
      ? scriptedChunks(request.signal)
      : await new OpenAI().chat.completions.create(
          { model: process.env['OPENAI_MODEL'] ?? 'gpt-4o-mini', messages, stream: true },
          // Aborts the call when the client disconnects.
          { signal: request.signal },
        );
  return eventStream(request, events(chunks));
}

async function* events(chunks: AsyncIterable<object>) {
  let n = 0;
  for await (const chunk of chunks) yield event(n++, JSON.stringify(chunk));
  // Marks the answer as complete.
  yield event(n, '[DONE]');
}

/** Scripted chunks in the format of OpenAI, used without a key. */
async function* scriptedChunks(signal: AbortSignal): AsyncGenerator<object> {
  const created = Math.floor(Date.now() / 1000);
  const chunk = (delta: object, finish_reason: string | null) => ({
    id: 'chatcmpl-scripted',
    object: 'chat.completion.chunk',
    created,
    model: 'scripted',
    choices: [{ index: 0, delta, finish_reason }],
  });
  yield chunk({ role: 'assistant', content: '' }, null);
  for (const content of ['Hello', ' world,', ' says', ' the', ' script', '.']) {
    yield chunk({ content }, null);
    await pause(50, signal);
  }
  yield chunk({}, 'stop');
}
