import { parseBounded } from '../capture/bounded-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { CaptureProblemCode } from '../capture/capture-problem.ts';
import { contentBytes, endRecord, isStream, requestHeader, responseRecord } from './har-entry-reader.ts';
import { ownRecords, readCaptureMember, readChunks, type HarCaptureMember } from './har-members.ts';
import { bodyOfMessages, bodyWithTimes } from './har-messages.ts';
import type { ChunkRecord } from '../capture/record.ts';
import type { CaptureSink } from '../capture/ssecap-reader.ts';

/**
 * Reads an HTTP archive (HAR 1.2). Every entry with an event stream or JSON lines becomes a capture. Its body comes
 * from the first of these that it has:
 * 1. `_sseChunks`, written by this program: chunks, times and notes are restored exactly;
 * 2. `response.content.text`: one chunk of unknown time; or one chunk per event, if Chrome's messages have the times of
 * the same events;
 * 3. `_eventSourceMessages`, written by Chrome without the body: an event stream is rebuilt from the messages, one
 * chunk per message, with their times, and a problem says so.
 */
export function readHar(text: string, sink: CaptureSink): void {
  const fail = (code: CaptureProblemCode, message: string): void =>
    sink.problem({ code, message, fatal: true, line: null, bytes: null });
  const parsed = parseBounded(text);
  if ('problem' in parsed) return fail('damaged-file', `the HAR file is damaged: ${parsed.problem}`);
  const archive = parsed.value;
  const log = isJsonObject(archive) ? archive['log'] : undefined;
  const entries = isJsonObject(log) ? log['entries'] : undefined;
  if (!Array.isArray(entries)) {
    fail('damaged-file', 'the HAR file has no list of entries');
    return;
  }
  const reader = new EntryReader(sink);
  for (const [index, entry] of (entries as readonly JsonValue[]).entries()) {
    if (isJsonObject(entry)) reader.read(entry, index + 1);
  }
  if (reader.captures > 0) return;
  fail(
    'no-event-stream',
    reader.withoutBody > 0
      ? 'the HAR file has streams without their bodies: save it again with content'
      : `none of the HAR file's ${entries.length} entries is an event stream or JSON lines`,
  );
}

class EntryReader {
  /** Captures read so far, and streams skipped without a body. */
  captures = 0;
  withoutBody = 0;
  readonly #sink: CaptureSink;
  /** The last entry, if the next one may continue its capture. */
  #last: HarCaptureMember | null = null;

  constructor(sink: CaptureSink) {
    this.#sink = sink;
  }

  /** Reads one entry; `number` is its number in the archive, from 1. */
  read(entry: JsonObject, number: number): void {
    const chunks = readChunks(entry['_sseChunks']);
    if (chunks === null) this.#readForeign(entry, number);
    else this.#readOwn(entry, chunks);
  }

  #readOwn(entry: JsonObject, chunks: readonly ChunkRecord[]): void {
    const member = readCaptureMember(entry['_sseCapture']);
    const last = this.#last;
    const goesOn =
      member !== null && last !== null && member.part === last.part + 1 && member.parts === last.parts;
    if (!goesOn) this.#begin(entry, member);
    this.#last = member;
    const response = responseRecord(entry);
    if (member !== null) {
      for (const record of ownRecords(chunks, member, response)) this.#sink.record(record);
      return;
    }
    if (response !== null) this.#sink.record(response);
    for (const chunk of chunks) this.#sink.record(chunk);
    this.#sink.record(endRecord(entry));
  }

  #readForeign(entry: JsonObject, number: number): void {
    const messages = entry['_eventSourceMessages'];
    if (!Array.isArray(messages) && !isStream(entry)) return;
    this.#last = null;
    const body = contentBytes(entry);
    const startedAt = Date.parse(requestHeader(entry, null).startedAt);
    const rebuilt = body === null && Array.isArray(messages) ? bodyOfMessages(messages, startedAt) : [];
    if (body === null && rebuilt.length === 0) {
      this.withoutBody++;
      this.#problem('no-body', `entry ${number} of the HAR file is a stream without its body`);
      return;
    }
    this.#begin(entry, null);
    const response = responseRecord(entry);
    if (response !== null) this.#sink.record(response);
    if (body !== null) {
      const chunks = bodyWithTimes(body, Array.isArray(messages) ? messages : [], startedAt);
      for (const chunk of chunks) this.#sink.record(chunk);
    } else {
      const text = `The HAR file has no body. It was rebuilt from the ${rebuilt.length} messages that the browser saved.`;
      this.#problem(
        'rebuilt-body',
        `entry ${number} of the HAR file has no body: it was rebuilt from its messages`,
      );
      this.#sink.record({ kind: 'note', at: null, note: 'log', fields: { text } });
      for (const chunk of rebuilt) this.#sink.record(chunk);
    }
    this.#sink.record(endRecord(entry));
  }

  #begin(entry: JsonObject, member: HarCaptureMember | null): void {
    this.captures++;
    this.#sink.header(requestHeader(entry, member));
  }

  #problem(code: CaptureProblemCode, message: string): void {
    this.#sink.problem({ code, message, fatal: false, line: null, bytes: null });
  }
}
