// @ts-check
// Prints the answer of a chat completion, with the openai package: node openai.mjs URL
import OpenAI from 'openai';

const [url] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });

/** @returns whether the answer came to its end */
async function printAnswer() {
  const stream = await client.chat.completions.create({
    model: 'any',
    messages: [{ role: 'user', content: 'Hello' }],
    stream: true,
  });
  let isFinished = false;
  for await (const { choices } of stream) {
    for (const { delta, finish_reason: reason } of choices) {
      process.stdout.write(delta.content ?? '');
      isFinished ||= reason !== null;
    }
  }
  return isFinished;
}

try {
  // A stream that stops early is no error for the package: only the finish reason tells that the answer is whole.
  if (!(await printAnswer())) throw new Error('the stream ended before the answer did');
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
