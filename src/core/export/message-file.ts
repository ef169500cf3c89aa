import { Analysis } from '../analysis/analysis.ts';
import type { CaptureSource } from '../capture/capture-source.ts';
import type { Message } from '../llm/message.ts';
import { messageRecord, type MessageRecord } from '../llm/message-record.ts';

/** The messages of a capture as NDJSON, one `MessageRecord` per line. Nothing for a stream without a message. */
export async function* messageLines(source: CaptureSource): AsyncGenerator<string> {
  for (const message of await messagesOf(source)) yield `${JSON.stringify(messageRecord(message))}\n`;
}

/**
 * The messages of a capture as Markdown: reasoning as a quotation, the text as the model wrote it, tool calls with their
 * arguments as code. Several messages are divided by a line. For a stream without a message, a sentence that says so.
 */
export async function* messageMarkdown(source: CaptureSource): AsyncGenerator<string> {
  const messages = await messagesOf(source);
  if (messages.length === 0) yield 'This stream has no message.\n';
  for (const [index, message] of messages.entries()) {
    if (index > 0) yield '\n---\n\n';
    yield `${sections(messageRecord(message)).join('\n\n')}\n`;
  }
}

async function messagesOf(source: CaptureSource): Promise<readonly Message[]> {
  const analysis = new Analysis(source.header.request);
  for await (const record of source.records()) analysis.push(record);
  analysis.finish();
  return analysis.messages;
}

function sections({ reasoning, text, refusal, toolCalls, error, complete }: MessageRecord): string[] {
  const shown: string[] = [];
  if (reasoning !== null && reasoning !== '') shown.push(quotation(reasoning));
  if (text !== null && text !== '') shown.push(text);
  if (refusal !== null && refusal !== '') shown.push(`**Refusal:** ${refusal}`);
  for (const call of toolCalls) {
    const code = call.parsed === null ? call.arguments : JSON.stringify(call.parsed, null, 2);
    shown.push(
      `**Tool call:** ${inlineCode(call.name ?? 'unnamed')}\n\n${codeBlock(code, call.parsed === null ? '' : 'json')}`,
    );
  }
  if (error !== null) shown.push(`**Error:** ${error}`);
  if (!complete) shown.push('*The message is not complete.*');
  return shown;
}

function quotation(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}

/** [spec] CommonMark 6.1: a code span ends with as many backticks as it begins with. */
function inlineCode(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replaceAll('\n', ' ')}${pad}${fence}`;
}

/** [spec] CommonMark 4.5: the closing fence is at least as long as the opening one. */
function codeBlock(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** The length of the longest run of backticks. */
function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
