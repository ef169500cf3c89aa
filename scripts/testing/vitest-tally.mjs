// @ts-check
import { writeFileSync } from 'node:fs';

/**
 * @typedef {object} Tally The result of a test runner, written as JSON to the file SSE_INSPECTOR_TALLY.
 * @property {number} passed
 * @property {string[]} failed Names.
 * @property {{ name: string, reason: string }[]} skipped
 */

/** Reporter for vitest. A file that fails to load counts as one failed test. */
export default class VitestTally {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Tally} */
    const tally = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') tally.passed += 1;
        else if (result.state === 'failed') tally.failed.push(`${module.relativeModuleId}: ${test.fullName}`);
        else {
          const reason = ('note' in result ? result.note : undefined) ?? 'no reason given';
          tally.skipped.push({ name: `${module.relativeModuleId}: ${test.fullName}`, reason });
        }
      }
      const errors = module.errors();
      if (errors.length > 0)
        tally.failed.push(`${module.relativeModuleId}: ${errors[0]?.message ?? 'not loaded'}`);
    }
    if (unhandledErrors.length > 0)
      tally.failed.push(`${unhandledErrors.length} unhandled error(s), see above`);
    const path = process.env['SSE_INSPECTOR_TALLY'];
    if (path !== undefined) writeFileSync(path, JSON.stringify(tally));
  }
}
