// @ts-check
import { writeFileSync } from 'node:fs';

/** Reporter for Playwright: the same `Tally` as vitest-tally.mjs. */
export default class PlaywrightTally {
  #errors = 0;
  /** @type {import('@playwright/test/reporter').Suite | null} */
  #suite = null;

  /** @param {unknown} _config @param {import('@playwright/test/reporter').Suite} suite */
  onBegin(_config, suite) {
    this.#suite = suite;
  }

  onError() {
    this.#errors += 1;
  }

  onEnd() {
    /** @type {import('./vitest-tally.mjs').Tally} */
    const tally = { passed: 0, failed: [], skipped: [] };
    for (const test of this.#suite?.allTests() ?? []) {
      const name = test.titlePath().filter(Boolean).join(' › ');
      const outcome = test.outcome();
      if (outcome === 'skipped') {
        const marks = [...test.annotations, ...test.results.flatMap((result) => result.annotations)];
        const reason = marks.find((mark) => mark.type === 'skip' || mark.type === 'fixme')?.description;
        // The run ended before this test: it did not pass.
        if (reason === undefined && test.results.length === 0) tally.failed.push(`${name}: did not run`);
        else tally.skipped.push({ name, reason: reason ?? 'no reason given' });
      } else if (outcome === 'unexpected') tally.failed.push(name);
      else tally.passed += 1;
    }
    if (this.#errors > 0) tally.failed.push(`${this.#errors} error(s) outside of tests, see above`);
    const path = process.env['SSE_INSPECTOR_TALLY'];
    if (path !== undefined) writeFileSync(path, JSON.stringify(tally));
  }
}
