import { describe, expect, test } from 'vitest';
import { exportFormatNames } from '../../../src/core/export/formats.ts';
import type { ExportFormat, ExportResult } from '../../../src/contract/export.ts';
import { deliverCapture } from '../../../src/main/host/exports.ts';
import type { HostPlatform, OutgoingFile } from '../../../src/main/host/platform.ts';
import { openLibrary, temporaryFolder, importRecords } from '../captures/capture-fixture.ts';
import { bodyOf, fewRecords, header } from '../captures/capture-records.ts';

/** A platform that takes what it is given. */
class Taking implements Pick<HostPlatform, 'deliver'> {
  readonly files: OutgoingFile[] = [];

  readonly deliver = async (file: OutgoingFile): Promise<ExportResult> => {
    this.files.push(file);
    return { kind: 'cancelled' };
  };
}

const secret = 'Bearer hunter2';

async function exported(format: ExportFormat, withSecrets?: boolean) {
  const library = await openLibrary(await temporaryFolder());
  const request = { ...header.request, headers: [['Authorization', secret]] as const };
  const capture = await importRecords(library, { ...header, request }, fewRecords, {
    origin: 'connection',
    keepSecrets: true,
  });
  const platform = new Taking();
  const result = await deliverCapture(library, platform, '1.2.3', {
    capture,
    format,
    ...(withSecrets === undefined ? {} : { withSecrets }),
  });
  const [file] = platform.files;
  if (file === undefined) throw new Error('nothing was delivered');
  const pieces: Uint8Array[] = [];
  for await (const piece of file.body()) pieces.push(piece);
  return { result, file, bytes: Buffer.concat(pieces) };
}

describe('an export', () => {
  test('of the body is the bytes that were received', async () => {
    const { bytes, file } = await exported('sse');
    expect(bytes.equals(bodyOf(fewRecords))).toBe(true);
    expect(file.contentType).toMatch(/^text\/event-stream/);
  });

  test.each(exportFormatNames)('to %s has a name without a path, and its format’s type', async (format) => {
    const { file, bytes } = await exported(format);
    expect(file.fileName).toMatch(/^[^/\\]+\.[a-z.]+$/);
    expect(file.contentType).toMatch(/^[a-z]+\/[\w.+-]+/);
    // This stream has no message.
    expect(bytes.length > 0).toBe(format !== 'messages');
  });

  test.each(exportFormatNames)('to %s holds no secret unless that export is asked to', async (format) => {
    expect((await exported(format)).bytes.includes('hunter2')).toBe(false);
    expect((await exported(format, false)).bytes.includes('hunter2')).toBe(false);
    const withRequest = ['ssecap', 'har', 'curl', 'fetch', 'python'].includes(format);
    expect((await exported(format, true)).bytes.includes('hunter2')).toBe(withRequest);
  });

  test('says what the platform made of it', async () => {
    expect((await exported('csv')).result).toEqual({ kind: 'cancelled' });
  });

  test('of a capture that does not exist is refused before any bytes are delivered', async () => {
    const library = await openLibrary(await temporaryFolder());
    const platform = new Taking();
    const params = { capture: 'no-such-capture' as never, format: 'sse' } as const;
    await expect(deliverCapture(library, platform, '1', params)).rejects.toMatchObject({
      code: 'no-such-capture',
    });
    expect(platform.files).toEqual([]);
  });
});
