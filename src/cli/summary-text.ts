import { visibleText } from '../core/text/visible-text.ts';
import type { SummaryRecord } from './capture-summary.ts';
import type { Output } from './output.ts';

/** Prints a summary for people. */
export async function printSummary(output: Output, summary: SummaryRecord): Promise<void> {
  for (const [label, text] of summaryLines(summary)) {
    await output.write(`${label.padEnd(12)}${visibleText(text)}\n`);
  }
  await output.write('\n');
}

/** A line each of what there is to say. */
function* summaryLines(summary: SummaryRecord): Generator<readonly [label: string, text: string]> {
  const { request, end, gaps, tokens } = summary;
  if (summary.name !== null) yield ['name', summary.name];
  yield ['request', `${request.method} ${request.url} (${request.client})`];
  yield ['started', summary.startedAt];
  const version = summary.httpVersion === null ? '' : ` ${summary.httpVersion}`;
  const answer = `${summary.status}${version} ${summary.contentType ?? ''}`;
  yield ['response', summary.status === null ? 'none' : answer.trim()];
  if (summary.responses > 1) yield ['responses', String(summary.responses)];
  yield ['body', `${summary.bytes} bytes in ${summary.chunks} chunks, ${summary.wireBytes} on the wire`];
  if (summary.framing === 'ndjson') yield ['framing', 'JSON lines: each line is an event'];
  yield ['blocks', counts(summary.blocks)];
  yield ['documents', counts(summary.documents)];
  if (summary.firstByteAt !== null) yield ['first byte', ms(summary.firstByteAt)];
  if (summary.firstEventAt !== null) yield ['first event', ms(summary.firstEventAt)];
  if (gaps !== null) yield ['gaps', `p50 ${ms(gaps.p50)}, p95 ${ms(gaps.p95)}, max ${ms(gaps.max)}`];
  if (summary.stalls > 0) yield ['stalls', String(summary.stalls)];
  if (summary.dialect !== null) yield ['dialect', summary.dialect];
  if (summary.firstTokenAt !== null) yield ['first token', ms(summary.firstTokenAt)];
  if (tokens !== null) {
    const rate = summary.tokensPerSecond === null ? '' : `, ${summary.tokensPerSecond.toFixed(1)} a second`;
    yield ['tokens', `${tokens.count} (${tokens.source})${rate}`];
  }
  if (summary.duration !== null) yield ['duration', ms(summary.duration)];
  if (end !== null)
    yield ['end', end.error === undefined ? end.reason : `${end.reason}: ${end.error.message}`];
  for (const { message } of summary.warnings) yield ['warning', message];
}

function counts(numbers: Readonly<Record<string, number>>): string {
  const texts = Object.entries(numbers).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  return texts.length === 0 ? 'none' : texts.join(', ');
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
