import type { CaptureSummary, Exchange } from '../../contract/capture-summary.ts';
import type { CaptureHeader, NoteRecord } from '../../core/capture/record.ts';
import type { BodyReader } from './body-reader.ts';
import type { RecordMap } from './record-map.ts';

const mostNotes = 10_000;

/** Reads the request, the responses and the notes of a capture. */
export async function readExchange(
  { request, startedAt }: CaptureHeader,
  map: RecordMap,
  body: BodyReader,
  end: CaptureSummary['end'],
): Promise<Exchange> {
  const responses: Exchange['responses'][number][] = [];
  const notes: NoteRecord[] = [];
  for (let number = 0; number < map.length; number += 1) {
    if (map.isNote(number) && notes.length >= mostNotes) continue;
    const record = await body.record(number);
    if (record?.kind === 'note') notes.push(record);
    if (record?.kind === 'response') {
      const { at, status, headers, httpVersion, url } = record;
      responses.push({ at, status, headers, httpVersion, url: url ?? null });
    }
  }
  return { request, startedAt, responses, notes, end };
}
