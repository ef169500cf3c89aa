import { describe, expect, test } from 'vitest';
import { parseFault } from '../../../src/core/replay/fault.ts';
import { harshVariants, replayOptions } from '../../../src/core/replay/harsh-variants.ts';
import {
  parseReplaySpeed,
  parseReplaySplit,
  recordedVariant,
  variantProblem,
} from '../../../src/core/replay/variant.ts';
import { CaptureBuilder } from '../../fixtures/capture-builder.ts';
import { bodyOf, scriptOf, surveyed } from './replay-script.ts';

const rich = new CaptureBuilder()
  .response()
  .chunk('id: 1\r\ndata: Zürich\r\n\r\nid: 2\r\ndata: [DONE]\r\n\r\n')
  .end().records;
const plain = new CaptureBuilder().chunk('data: a\n', null).end('complete', null).records;

describe('the harsh variants', () => {
  test('are all worth a run where the capture has everything', async () => {
    const variants = harshVariants(await surveyed(rich));
    expect(variants.filter(({ skipped }) => skipped !== null)).toEqual([]);
    expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
    for (const { variant } of variants) expect(variantProblem(variant)).toBeNull();
  });

  test('keep every byte where the same is expected, and only there', async () => {
    const all = bodyOf(await scriptOf(rich));
    for (const { name, variant, expects } of harshVariants(await surveyed(rich))) {
      const steps = await scriptOf(rich, variant);
      const head = steps[0]?.kind === 'head' ? steps[0].head : null;
      const isWhole =
        bodyOf(steps) === all &&
        head?.status === 200 &&
        head.headers.some(([, value]) => value === 'text/event-stream');
      expect(isWhole, name).toBe(expects === 'same');
    }
  });

  test('are left out, with the reason, where they would change nothing', async () => {
    const skipped = harshVariants(await surveyed(plain)).flatMap(({ name, skipped }) =>
      skipped === null ? [] : [name],
    );
    expect(skipped).toEqual([
      'recorded-pace',
      'inside-utf8',
      'inside-crlf',
      'no-final-blank-line',
      'duplicate-after-reconnect',
    ]);
    const empty = harshVariants(await surveyed(new CaptureBuilder().response().end().records));
    expect(empty.every(({ skipped }) => skipped !== null)).toBe(true);
    const huge = harshVariants({ ...(await surveyed(rich)), bytes: 50_000_000 });
    expect(huge.find(({ name }) => name === 'one-byte')?.skipped).toContain('too many pieces');
  });

  test('are told as options of the command replay that give the same variant', async () => {
    for (const { variant } of harshVariants(await surveyed(rich))) {
      const words = replayOptions(variant).split(' ');
      const values = (name: string): string[] => words.filter((_, index) => words[index - 1] === `--${name}`);
      const [split, speed, cut] = ['split', 'speed', 'cut'].map((name) => values(name)[0]);
      expect({
        split: split === undefined ? recordedVariant.split : parseReplaySplit(split),
        speed: speed === undefined ? 1 : parseReplaySpeed(speed),
        cut: cut === undefined ? null : Number(cut),
        faults: values('fault').map(parseFault),
      }).toEqual(variant);
    }
  });
});
