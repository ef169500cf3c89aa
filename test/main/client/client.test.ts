import { describe, expect, test } from 'vitest';
import { clientNames } from '../../../src/core/capture/record.ts';
import type { OpenStream } from '../../../src/main/client/client.ts';

describe('every client of the vocabulary', () => {
  test.each(clientNames)('%s has a file that exports openStream', async (name) => {
    const file = (await import(`../../../src/main/client/${name}-client.ts`)) as {
      readonly openStream: OpenStream;
    };
    expect(file.openStream).toBeTypeOf('function');
  });
});
