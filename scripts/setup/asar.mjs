// @ts-check

/**
 * Writes Electron's archive format: a header (JSON in Chromium's pickle format), then the contents of the files.
 * @param {readonly { name: string, content: Buffer }[]} files In one folder.
 * @returns {Buffer}
 */
export function writeAsar(files) {
  let offset = 0;
  /** @type {Record<string, { size: number, offset: string }>} */
  const entries = {};
  for (const { name, content } of files) {
    entries[name] = { size: content.length, offset: String(offset) };
    offset += content.length;
  }
  const json = Buffer.from(JSON.stringify({ files: entries }));
  // A pickle is the length of its payload, then the payload, padded to four bytes. The first pickle has the length of
  // the second one, which has the header as a string: length and bytes.
  const padded = Math.ceil(json.length / 4) * 4;
  const header = Buffer.alloc(16 + padded);
  header.writeUInt32LE(4, 0);
  header.writeUInt32LE(8 + padded, 4);
  header.writeUInt32LE(4 + padded, 8);
  header.writeUInt32LE(json.length, 12);
  json.copy(header, 16);
  return Buffer.concat([header, ...files.map((file) => file.content)]);
}
