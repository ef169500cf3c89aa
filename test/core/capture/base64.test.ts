import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Base64Encoder, decodeBase64, encodeBase64 } from '../../../src/core/capture/base64.ts';

describe('base64', () => {
  test('agrees with Node both ways, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(encodeBase64(bytes)).toBe(text);
        expect(decodeBase64(text)).toEqual(bytes);
        expect(decodeBase64(text.replaceAll('=', ''))).toEqual(bytes);
      }),
    );
  });

  test('of pieces equals that of the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 7 })), (pieces) => {
        const encoder = new Base64Encoder();
        const text = pieces.map((piece) => encoder.push(piece)).join('') + encoder.end();
        expect(text).toBe(Buffer.concat(pieces).toString('base64'));
      }),
    );
  });

  test.each(['A', 'AAAAA', 'A===', 'AA=A', '====', 'AA*A', 'AA\nA', 'ÄAAA', 'AA='])(
    '%j is not base64',
    (text) => {
      expect(decodeBase64(text)).toBeNull();
    },
  );
});
