import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { captureOrigins, capturePhases } from '../../src/contract/capture-summary.ts';
import { helpText } from '../../src/cli/help.ts';
import { captureFileFormats } from '../../src/core/import/file-format.ts';
import { clientNames, endReasons } from '../../src/core/capture/record.ts';
import { exportFormatNames } from '../../src/core/export/formats.ts';
import { payloadStates } from '../../src/core/json/payload.ts';
import { dialectNames } from '../../src/core/llm/dialects.ts';
import { blockKinds, framings } from '../../src/core/sse/block.ts';
import { nodeClientNames } from '../../src/main/client/client.ts';

const source = join(import.meta.dirname, '../../src');
const vocabularies: readonly (readonly string[])[] = [
  dialectNames,
  clientNames,
  blockKinds,
  payloadStates,
  endReasons,
  exportFormatNames,
  captureFileFormats,
  framings,
  capturePhases,
  captureOrigins,
];

/** Lists of words as code writes them: `['raw', 'openai']`, and unions of types `'raw' | 'openai'`. */
function listsIn(text: string): readonly (readonly string[])[] {
  const lists = text.match(/'[\w-]+'(?:\s*[,|]\s*'[\w-]+')+/g) ?? [];
  return lists.map((list) => [...list.matchAll(/'([\w-]+)'/g)].map(([, word = '']) => word));
}

describe('a vocabulary', () => {
  test('is listed in one place: no other file writes all of its words again', () => {
    const listings = new Map<readonly string[], string[]>(vocabularies.map((words) => [words, []]));
    for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file)) continue;
      for (const list of listsIn(readFileSync(join(source, file), 'utf8'))) {
        for (const [words, files] of listings) {
          if (list.length === words.length && words.every((word) => list.includes(word))) files.push(file);
        }
      }
    }
    for (const [words, files] of listings)
      expect(files.length, `${words.join()} in ${files.join()}`).toBeLessThan(2);
  });

  test('fits into the columns of the index: three bits a kind, and a payload state or none', () => {
    expect(blockKinds.length).toBeLessThanOrEqual(8);
    expect(payloadStates.length).toBeLessThanOrEqual(7);
  });

  test('is listed completely in the help of the command line', async () => {
    const [toExport, inspect, capture] = await Promise.all([
      helpText('export'),
      helpText('inspect'),
      helpText('capture'),
    ]);
    const formats = /--to [^]*?(?=--output)/.exec(toExport)?.[0];
    for (const format of exportFormatNames) expect(formats).toMatch(new RegExp(`\\b${format}\\b`));
    for (const format of captureFileFormats) expect(inspect).toContain(format);
    for (const client of nodeClientNames) expect(capture).toMatch(new RegExp(`--client.*${client}`));
  });
});
