import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { dispatched, everyCut, readBlocks, withoutProvenance } from './body-pieces.ts';

/** The format cases of web-platform-tests, beside the project and not part of it. */
const file = fileURLToPath(
  new URL('../../../../shared/conformance/eventsource-format.json', import.meta.url),
);

interface ConformanceCase {
  readonly name: string;
  readonly input_b64: string;
  readonly events: readonly { readonly type: string; readonly data: string; readonly lastEventId: string }[];
  readonly retry: number | null;
}

const cases: readonly ConformanceCase[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
if (cases.length === 0) console.log(`conformance cases are skipped: there is no ${file}`);

describe.skipIf(cases.length === 0)('format cases of web-platform-tests', () => {
  test.each(cases)('$name: whole, in pieces of 1, 2 and 3 bytes, and cut at every point', (one) => {
    const body = new Uint8Array(Buffer.from(one.input_b64, 'base64'));
    const whole = withoutProvenance(readBlocks([body]));
    for (const pieces of everyCut(body)) {
      const blocks = readBlocks(pieces);
      expect(dispatched(blocks)).toEqual(one.events);
      expect(blocks.reduce<number | null>((time, { retry }) => retry ?? time, null)).toBe(one.retry);
      expect(withoutProvenance(blocks)).toEqual(whole);
    }
  });
});
