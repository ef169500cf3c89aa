import { afterEach } from 'vitest';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import type { Records } from '../../../src/core/capture/capture-source.ts';
import type { ReplayFault, ReplayFaultName } from '../../../src/core/replay/fault.ts';
import { recordedVariant, type ReplayVariant } from '../../../src/core/replay/variant.ts';
import type { LabEntry } from '../../../src/main/lab/lab-log.ts';
import { type ReplayOptions, ReplayServer } from '../../../src/main/replay/replay-server.ts';
import { CaptureBuilder } from '../../fixtures/capture-builder.ts';
import { header } from '../../bench/stored-capture.ts';

const open: ReplayServer[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

export type ReplayTestOptions = Omit<ReplayOptions, 'variant'> & {
  readonly variant?: Partial<ReplayVariant>;
};

/** A replay of these records that is closed after the test. */
export async function replayOf(
  records: readonly CaptureRecord[] | (() => Records),
  { variant, ...options }: ReplayTestOptions = {},
): Promise<ReplayServer> {
  const source = { header, records: typeof records === 'function' ? records : () => records };
  const server = await ReplayServer.start(source, {
    ...options,
    variant: { ...recordedVariant, ...variant },
  });
  open.push(server);
  return server;
}

/** Resolves with the first entry of the log, from now on or already kept, that fits. */
export async function entry(
  { log }: Pick<ReplayServer, 'log'>,
  fits: (entry: LabEntry) => boolean,
): Promise<LabEntry> {
  const kept = log.entries().find(fits);
  if (kept !== undefined) return kept;
  return new Promise((resolve) => {
    const stop = log.listen((each) => {
      if (!fits(each)) return;
      stop();
      resolve(each);
    });
  });
}

export function fault(name: ReplayFaultName, amount = 0): readonly ReplayFault[] {
  return [{ name, amount }];
}

/** Events with ids from 1 on, a chunk each, the first at `from` and `gap` ms apart; the last is [DONE]. */
export function numbered(count: number, from = 0, gap = 0): CaptureBuilder {
  const builder = new CaptureBuilder().response([['Content-Type', 'text/event-stream']], { at: from });
  for (let n = 1; n < count; n++) builder.chunk(`id: ${n}\nretry: 60\ndata: ${n}\n\n`, from + n * gap);
  return builder.chunk(`id: ${count}\ndata: [DONE]\n\n`, from + count * gap).end();
}
