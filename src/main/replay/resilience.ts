import { Refusal } from '../../contract/refusal.ts';
import type { CaptureSource } from '../../core/capture/capture-source.ts';
import { type HarshVariant, harshVariants, unharmedVariant } from '../../core/replay/harsh-variants.ts';
import { type ClientRun, judge, unusable, type Verdict } from '../../core/replay/survival.ts';
import { runClient } from './client-command.ts';
import { ReplayServer } from './replay-server.ts';

/** How a client is tested. */
export interface ResilienceOptions {
  /** A program and its arguments; `{url}` in them stands for the address of the replay. */
  readonly command: readonly string[];
  /** ms that a run may take before it counts as hung. */
  readonly limit: number;
  /** Names of the only variants to run; all where empty. */
  readonly only: readonly string[];
  readonly signal: AbortSignal;
}

/** What became of one variant. */
export type ResilienceRun =
  | { readonly kind: 'skipped'; readonly harsh: HarshVariant; readonly reason: string }
  | {
      readonly kind: 'run';
      readonly harsh: HarshVariant;
      readonly run: ClientRun;
      readonly verdict: Verdict;
    };

/**
 * Runs a client against harsh replays of a capture, one after the other, and judges each run by what the client prints
 * without harm.
 *
 * @throws Refusal `bad-params` for a command that cannot be run or a variant that does not exist, `not-available` for a
 *   client that cannot be tested because it fails, hangs or differs without harm, and what `ReplayServer.start` throws
 */
export async function* testResilience(
  source: CaptureSource,
  { command, limit, only, signal }: ResilienceOptions,
): AsyncGenerator<ResilienceRun, void> {
  const server = await ReplayServer.start(source, { variant: unharmedVariant });
  try {
    const variants = chosen(harshVariants(server.survey), only);
    const run = (): Promise<ClientRun> => runClient(command, server.origin, limit, signal);
    const unharmed = await run();
    const problem = unusable(unharmed, await run());
    if (problem !== null) throw new Refusal('not-available', `The command cannot be tested: ${problem}`);
    for (const harsh of variants) {
      if (harsh.skipped !== null) {
        yield { kind: 'skipped', harsh, reason: harsh.skipped };
        continue;
      }
      server.change(harsh.variant);
      const harmed = await run();
      yield { kind: 'run', harsh, run: harmed, verdict: judge(harmed, unharmed, harsh.expects) };
    }
  } finally {
    await server.close();
  }
}

function chosen(variants: readonly HarshVariant[], only: readonly string[]): readonly HarshVariant[] {
  const names = variants.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Refusal('bad-params', `there is no variant "${unknown}"; variants are ${names.join(', ')}`);
  return only.length === 0 ? variants : variants.filter(({ name }) => only.includes(name));
}
