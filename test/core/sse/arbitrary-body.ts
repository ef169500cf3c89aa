import fc from 'fast-check';

const fragments = [
  'data:',
  'data: ',
  'data',
  'event: a',
  'event:',
  'id: 1',
  'id:',
  'id: \0',
  'retry: 10',
  'retry: x',
  ': note',
  'Data: no',
  ' data: no',
  'x',
  'word ',
  ':',
  'é',
  '漢字',
  '😀',
  '\ufffd',
  '\ufeff',
  '{"a":',
  '1}',
  '\n',
  '\n\n',
  '\r',
  '\r\n',
  '\r\n\r\n',
  '\n\r',
].map((text) => new TextEncoder().encode(text));

const illFormed = [
  [0xff],
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x98],
  [0x80],
  [0xed, 0xa0, 0x80],
  [0xc0, 0xaf],
].map((bytes) => Uint8Array.from(bytes));

/** Event streams with everything that the standard has a word on, in any order, some of it ill-formed. */
export const arbitraryBody = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...fragments) }, fc.constantFrom(...illFormed)), {
    maxLength: 60,
  })
  .map(joined);

/** The same, well-formed. */
export const arbitraryWellFormedBody = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map(joined);

/** Places to cut a body at, to be taken modulo its length. */
export const arbitraryCuts = fc.array(fc.nat(), { maxLength: 12 });

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const body = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
