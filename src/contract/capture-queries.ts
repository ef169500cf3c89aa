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

/** Questions about one capture, answered as far as it has been read or recorded. */
export const captureQueries = {
  /** Positions [from, to) of the lane, filtered where a filter is given; at most 1,000 at once. */
  'capture.rows': command<RowsWindow>()(
    z.object({ capture: captureId, lane, from: row, to: row, filter: filter.optional() }),
  ),
  /** Position of a row in the filtered lane: its own, or that of the nearest one before it that matches. */
  'capture.position': command<{ readonly position: number }>()(
    z.object({ capture: captureId, lane, row, filter: filter.optional() }),
  ),
  'capture.detail': command<ItemDetail>()(z.object({ capture: captureId, lane, row })),
  /** Row in the `blocks` lane of a dispatched event: not its number where other blocks stand between. */
  'capture.eventRow': command<{ readonly row: number }>()(z.object({ capture: captureId, seq: row })),
  /** Rows that have bytes in the range [start, end) of the body, first to last; null for none. */
  'capture.rowsOf': command<Pick<ItemDetail['related'], 'chunks' | 'blocks'>>()(
    z.object({ capture: captureId, start: row, end: row }),
  ),
  /** At most 256 KiB at once; shorter at the end of the body. */
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
  /** Event types that occurred, with counts, most frequent first; at most 200. */
  'capture.types': command<readonly { readonly type: string; readonly count: number }[]>()(ofCapture),
  /** The messages, with what is new of each text since the lengths `known`, by `message/part`. */
  'capture.messages': command<MessagesView>()(
    z.object({ capture: captureId, known: z.record(z.string().max(30), row) }),
  ),
  /** The event that brought a character of a message; null where there is no such character. */
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

/** Answers all questions about one capture: a method for each, named like the command without `capture.`. */
export type CaptureAnswers = {
  readonly [N in CaptureQuery as N extends `capture.${infer Method}` ? Method : never]: (
    params: z.output<CaptureQueries[N]['params']>,
  ) => ResultOf<CaptureQueries[N]> | Promise<ResultOf<CaptureQueries[N]>>;
};
