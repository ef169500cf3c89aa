import { z } from 'zod';
import { captureId, type CaptureId } from './capture-id.ts';
import type { CaptureSummary, Exchange } from './capture-summary.ts';
import { command, type Command } from './command.ts';
import { comparisonCommands } from './comparison.ts';
import { connectParams } from './connect-params.ts';
import type { HostDescription, LabDescription } from './host-description.ts';
import type { HostEvent } from './host-event.ts';
import type { BodyBytes, ItemDetail } from './item.ts';
import { captureFileFormats } from '../core/import/detect.ts';
import { exportFormatNames } from '../core/export/formats.ts';
import type { Diagnosis } from '../core/findings/diagnosis.ts';
import type { StreamMetrics } from '../core/metrics/stream-metrics.ts';
import type { LabRecords } from './lab-log.ts';
import type { ExportResult } from './export-result.ts';
import { ladderCommands } from './ladder-commands.ts';
import { probeCommands } from './probes.ts';
import type { MessageSource, MessageSpan, MessagesView } from './message-view.ts';
import { filter, lane, type Density, type RowsWindow } from './lane.ts';
import { preferences, type Preferences } from './preferences.ts';

const none = z.object({});
const row = z.number().int().nonnegative();
const ofCapture = z.object({ capture: captureId });

/** Formats that a capture can be exported to. */
export const exportFormat = z.enum(exportFormatNames);
export type ExportFormat = z.infer<typeof exportFormat>;

export type { ExportResult } from './export-result.ts';

/** Every command that a user interface may send to its host. A host that lacks one does not compile. */
export const commands = {
  'host.describe': command<HostDescription>()(none),
  'lab.describe': command<LabDescription>()(none),
  /** The lab's log from number `from` on, without the requests of the ladder; at most 1,000 records at once. */
  'lab.log': command<LabRecords>()(z.object({ from: row })),

  'stream.connect': command<{ readonly capture: CaptureId }>()(connectParams),
  'stream.stop': command<null>()(ofCapture),

  /** Newest first. */
  'captures.list': command<readonly CaptureSummary[]>()(none),
  /** Loads a stored capture; its rows can be asked for at once, as far as they are read. */
  'captures.open': command<CaptureSummary>()(ofCapture),
  'captures.rename': command<null>()(z.object({ capture: captureId, name: z.string().trim().max(200) })),
  'captures.delete': command<null>()(ofCapture),

  /** Positions [from, to) of the lane, filtered where a filter is given; at most 1,000 at once. */
  'capture.rows': command<RowsWindow>()(
    z.object({ capture: captureId, lane, from: row, to: row, filter: filter.optional() }),
  ),
  /** Position of a row in the filtered lane: its own, or that of the nearest one before it that matches. */
  'capture.position': command<{ readonly position: number }>()(
    z.object({ capture: captureId, lane, row, filter: filter.optional() }),
  ),
  'capture.detail': command<ItemDetail>()(z.object({ capture: captureId, lane, row })),
  /** Row in the `events` lane of a dispatched event: not its number where other blocks stand between. */
  'capture.eventRow': command<{ readonly row: number }>()(z.object({ capture: captureId, seq: row })),
  /** Rows that have bytes in the range [start, end) of the body, first to last; null for none. */
  'capture.rowsOf': command<Pick<ItemDetail['related'], 'chunks' | 'events'>>()(
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
  'capture.export': command<ExportResult>()(
    z.object({ capture: captureId, format: exportFormat, withSecrets: z.boolean().optional() }),
  ),

  /**
   * Opens a file that the user gave: `begin`, then `append` its bytes in order, then `finish`. `format` reads it as that
   * format, whatever its content looks like; without it the content tells.
   */
  'import.begin': command<{ readonly upload: string }>()(
    z.object({ fileName: z.string().max(1000), size: row, format: z.enum(captureFileFormats).optional() }),
  ),
  'import.append': command<null>()(
    z.object({ upload: z.string().max(100), base64: z.string().max(4 * 1024 * 1024) }),
  ),
  'import.finish': command<{ readonly captures: readonly CaptureId[] }>()(
    z.object({ upload: z.string().max(100) }),
  ),
  'import.cancel': command<null>()(z.object({ upload: z.string().max(100) })),

  'preferences.get': command<Preferences>()(none),
  'preferences.set': command<null>()(preferences.partial()),

  ...comparisonCommands,
  ...probeCommands,
  ...ladderCommands,
} as const;

export type Commands = typeof commands;
export type CommandName = keyof Commands;
export type CommandParams<N extends CommandName> = z.input<Commands[N]['params']>;
export type CommandResult<N extends CommandName> =
  Commands[N] extends Command<z.ZodType, infer R> ? R : never;

/** A host: every command, with checked parameters. Refusals are thrown as `Refusal`. */
export type HostCommands = {
  readonly [N in CommandName]: (params: z.output<Commands[N]['params']>) => Promise<CommandResult<N>>;
};

/** How a user interface reaches its host. */
export interface Connection {
  call<N extends CommandName>(name: N, params: CommandParams<N>): Promise<CommandResult<N>>;
  /** Calls `listener` for every event of the host until the returned function is called. */
  listen(listener: (event: HostEvent) => void): () => void;
}
