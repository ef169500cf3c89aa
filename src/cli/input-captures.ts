import type { CaptureSource } from '../core/capture/capture-source.ts';
import type { CaptureHeader, CaptureRecord } from '../core/capture/record.ts';
import { readInput, type CaptureInput, type InputItem } from './capture-input.ts';

/** One capture of an input while it is read: its records have to be taken before the next capture is asked for. */
export interface InputCapture {
  /** Number in the input, from 0. */
  readonly index: number;
  readonly header: CaptureHeader;
  records(): AsyncGenerator<CaptureRecord>;
}

/**
 * The captures of an input, one after another as they are read. What is damaged is told through `report`, also while
 * records are taken. A capture whose records were not taken to the end is skipped to its end.
 */
export async function* inputCaptures(
  input: CaptureInput,
  report: (message: string, index: number) => void,
): AsyncGenerator<InputCapture> {
  const items = readInput(input);
  let next: IteratorResult<InputItem> = await items.next();
  let index = -1;
  async function* records(): AsyncGenerator<CaptureRecord> {
    for (; next.done !== true && next.value.kind !== 'header'; next = await items.next()) {
      if (next.value.kind === 'problem') report(next.value.problem.message, index);
      else yield next.value.record;
    }
  }
  try {
    while (next.done !== true) {
      if (next.value.kind === 'header') {
        const { header } = next.value;
        index++;
        next = await items.next();
        yield { index, header, records };
      }
      // What was not taken; or a problem before the first capture.
      const rest = records();
      while ((await rest.next()).done !== true);
    }
  } finally {
    await items.return(undefined);
  }
}

/** One capture of an input, to be gone through as often as it takes: by reading the input again. */
export async function inputSource(
  input: CaptureInput,
  wanted: number,
  report: (message: string) => void,
): Promise<{ readonly source: CaptureSource | null; readonly count: number }> {
  let header: CaptureHeader | null = null;
  let count = 0;
  // What cannot be read twice is held.
  const held: CaptureRecord[] = [];
  const twice = input.path !== '-';
  for await (const capture of inputCaptures(input, (message, index) => index === wanted && report(message))) {
    count++;
    if (capture.index !== wanted) continue;
    header = capture.header;
    if (!twice) for await (const record of capture.records()) held.push(record);
  }
  if (header === null) return { source: null, count };
  return { source: { header, records: twice ? () => recordsOf(input, wanted) : () => held }, count };
}

async function* recordsOf(input: CaptureInput, wanted: number): AsyncGenerator<CaptureRecord> {
  for await (const capture of inputCaptures(input, () => undefined)) {
    if (capture.index !== wanted) continue;
    yield* capture.records();
    return;
  }
}
