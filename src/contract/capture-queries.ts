import { z } from 'zod';
import type { Diagnosis } from '../core/findings/diagnosis.ts';
import type { StreamMetrics } from '../core/metrics/stream-metrics.ts';
import { captureId } from './capture-id.ts';
import type { Exchange } from './capture-summary.ts';
import { command, type ResultOf } from './command.ts';
import type { BodyBytes, ItemDetail } from './item.ts';
import { filter, lane, type Density, type RowsWindow } from './lane.ts';
import type { MessageSource, MessageSpan, MessagesView } from './message-view.ts';

const row = z.number().int().nonnegative();
const ofCapture = z.object({ capture: captureId });

/** Queries about one capture, answered as far as it has been read or recorded. */
export const captureQueries = {
  /** Positions [from, to) of a lane, or of its rows that match a filter; at most 1,000 per request. */
  'capture.rows': command<RowsWindow>()(
    z.object({ capture: captureId, lane, from: row, to: row, filter: filter.optional() }),
  ),
  /** Position in the filtered lane of a row, or of the nearest match before it. */
  'capture.position': command<{ readonly position: number }>()(
    z.object({ capture: captureId, lane, row, filter: filter.optional() }),
  ),
  'capture.detail': command<ItemDetail>()(z.object({ capture: captureId, lane, row })),
  /** Row in the `blocks` lane of a dispatched event. */
  'capture.eventRow': command<{ readonly row: number }>()(z.object({ capture: captureId, seq: row })),
  /** First and last rows with bytes in the range [start, end) of the body; null if there are none. */
  'capture.rowsOf': command<Pick<ItemDetail['related'], 'chunks' | 'blocks'>>()(
    z.object({ capture: captureId, start: row, end: row }),
  ),
  /** At most 256 KiB per request; shorter at the end of the body. */
  'capture.bytes': command<BodyBytes>()(z.object({ capture: captureId, start: row, end: row })),
  'capture.density': command<Density>()(
    z.object({
      capture: captureId,
      from: z.number(),
      to: z.number(),
      width: z.number().int().min(1).max(8192),
    }),
  ),
  'capture.exchange': command<Exchange>()(ofCapture),
  /** Event types with counts, most frequent first; at most 200. */
  'capture.types': command<readonly { readonly type: string; readonly count: number }[]>()(ofCapture),
  /** The messages, each text from its `known` length on, by `message/part`. */
  'capture.messages': command<MessagesView>()(
    z.object({ capture: captureId, known: z.record(z.string().max(30), row) }),
  ),
  /** The event that brought a character of a message; null if there is no such character. */
  'capture.messageSource': command<MessageSource | null>()(
    z.object({ capture: captureId, message: row, part: row, position: row }),
  ),
  /** What an event brought, in all messages. */
  'capture.messageSpans': command<readonly MessageSpan[]>()(z.object({ capture: captureId, seq: row })),
  'capture.metrics': command<StreamMetrics>()(ofCapture),
  /** What is wrong with the stream, rung by rung, as far as it has come. */
  'capture.diagnosis': command<Diagnosis>()(ofCapture),
} as const;

type CaptureQueries = typeof captureQueries;
export type CaptureQuery = keyof CaptureQueries;

/** Answers all queries about one capture: a method for each, named like the command without `capture.`. */
export type CaptureAnswers = {
  readonly [N in CaptureQuery as N extends `capture.${infer Method}` ? Method : never]: (
    params: z.output<CaptureQueries[N]['params']>,
  ) => ResultOf<CaptureQueries[N]> | Promise<ResultOf<CaptureQueries[N]>>;
};
