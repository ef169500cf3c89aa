import type { LadderProgress, LadderResult, RungResult } from '../../../src/contract/ladder.ts';
import type { Lab } from '../../../src/main/lab/lab.ts';
import { type LadderOptions, runLadder } from '../../../src/main/ladder/lab/lab-ladder.ts';

/** No browser: rung 2 is skipped. */
export const noBrowser = { missing: 'this test has no browser' } as const;

/** Runs the ladder on a lab, with short delays. */
export async function climb(lab: Lab, options: Partial<LadderOptions> = {}): Promise<LadderResult> {
  return runLadder({ lab, browser: noBrowser, delay: 60, ...options });
}

export function rung(result: LadderResult, number: number): RungResult {
  const found = result.rungs.find((each) => each.rung === number);
  if (found === undefined) throw new Error(`no rung ${number}`);
  return found;
}

/** The names of failed checks with their evidence, for the output of a failing test. */
export function failures(result: LadderResult): string[] {
  return result.rungs.flatMap(({ rung: number, checks }) =>
    checks
      .filter(({ passed }) => !passed)
      .map(({ name, evidence }) => `${number} ${name}: ${evidence.map(({ text }) => text).join('; ')}`),
  );
}

/** Collects the progress of a ladder. */
export function listener(): {
  readonly news: LadderProgress[];
  readonly onProgress: (news: LadderProgress) => void;
} {
  const news: LadderProgress[] = [];
  return { news, onProgress: (each) => news.push(each) };
}
