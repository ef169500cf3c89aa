import { z } from 'zod';
import { captureId, type CaptureId } from './capture-id.ts';
import { captureQueries } from './capture-queries.ts';
import type { CaptureSummary } from './capture-summary.ts';
import { command, type ResultOf } from './command.ts';
import { comparisonCommands } from './comparison.ts';
import { connectParams } from './connect-params.ts';
import type { HostDescription, LabDescription } from './host-description.ts';
import type { HostEvent } from './host-event.ts';
import { captureFileFormats } from '../core/import/file-format.ts';
import type { LabRecords } from './lab-log.ts';
import { exportFormat, type ExportResult } from './export.ts';
import { ladderCommands } from './ladder-commands.ts';
import { probeCommands } from './probes.ts';
import { preferences, type Preferences } from './preferences.ts';
import { sentRequestCommands } from './sent-request.ts';

const none = z.object({});
const row = z.number().int().nonnegative();
const ofCapture = z.object({ capture: captureId });

/** All commands that a user interface may send to its host. A host that lacks one does not compile. */
export const commands = {
  'host.describe': command<HostDescription>()(none),
  'lab.describe': command<LabDescription>()(none),
  /** The lab's log from record `from` on, without the requests of the ladder; at most 1,000 records per request. */
  'lab.log': command<LabRecords>()(z.object({ from: row })),

  'stream.connect': command<{ readonly capture: CaptureId }>()(connectParams),
  'stream.stop': command<null>()(ofCapture),
  ...sentRequestCommands,

  /** Newest first. */
  'captures.list': command<readonly CaptureSummary[]>()(none),
  /** Opens a stored capture. It can be queried at once, as far as it has been read. */
  'captures.open': command<CaptureSummary>()(ofCapture),
  'captures.rename': command<null>()(z.object({ capture: captureId, name: z.string().trim().max(200) })),
  'captures.delete': command<null>()(ofCapture),

  ...captureQueries,
  'capture.export': command<ExportResult>()(
    z.object({ capture: captureId, format: exportFormat, withSecrets: z.boolean().optional() }),
  ),

  /**
   * Imports a file of the user: `begin`, then `append` its bytes in order, then `finish`. `format` overrides the detection of
   * its format.
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
export type CommandResult<N extends CommandName> = ResultOf<Commands[N]>;

/** All commands of a host, with checked parameters. They throw a `Refusal`. */
export type HostCommands = {
  readonly [N in CommandName]: (params: z.output<Commands[N]['params']>) => Promise<CommandResult<N>>;
};

/** How a user interface reaches its host. */
export interface Connection {
  call<N extends CommandName>(name: N, params: CommandParams<N>): Promise<CommandResult<N>>;
  /** Calls `listener` for every event of the host until the returned function is called. */
  listen(listener: (event: HostEvent) => void): () => void;
}
