import { beforeEach, describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../../src/core/capture/base64.ts';
import { Refusal } from '../../../src/contract/refusal.ts';
import { useCaptures } from '../../../src/renderer/state/captures.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { sliceSize, useImports } from '../../../src/renderer/state/imports.ts';
import { FakeHost, idOf, summaryOf } from '../fake-host.ts';
import { resetSlices } from '../reset-slices.ts';

beforeEach(resetSlices);

function uploads() {
  const received: Uint8Array[] = [];
  const host: FakeHost = new FakeHost({
    'import.begin': () => ({ upload: 'u1' }),
    'import.append': ({ base64 }) => {
      received.push(decodeBase64(base64) ?? new Uint8Array());
      return null;
    },
    'import.finish': () => ({ captures: [idOf('opened'), idOf('second')] }),
    'import.cancel': () => null,
    'captures.open': () => summaryOf('opened'),
  });
  useHost.getState().attach(host);
  return { host, received };
}

describe('opening a file', () => {
  it('sends its bytes in slices, in order, and shows the first capture in it', async () => {
    const { host, received } = uploads();
    const bytes = new Uint8Array(2.5 * sliceSize).map((_, at) => at % 251);
    await useImports.getState().open([new File([bytes], 'trace.har')]);
    expect(received.map((slice) => slice.length)).toEqual([sliceSize, sliceSize, sliceSize / 2]);
    expect(Buffer.compare(Buffer.concat(received), Buffer.from(bytes))).toBe(0);
    expect(host.callsOf('import.begin')).toEqual([{ fileName: 'trace.har', size: bytes.length }]);
    expect(useCaptures.getState().current).toBe(idOf('opened'));
    expect(useImports.getState().running).toBeNull();
  });

  it('sends the format that the user chose', async () => {
    const { host } = uploads();
    await useImports.getState().open([new File(['a'], 'a.bin')], 'event-stream');
    expect(host.callsOf('import.begin')).toEqual([{ fileName: 'a.bin', size: 1, format: 'event-stream' }]);
  });

  it('reports the name of a file that could not be opened and why, and continues with the next', async () => {
    let files = 0;
    const host = new FakeHost({
      'import.begin': () => {
        files += 1;
        if (files === 1) throw new Refusal('bad-file', 'It is empty.');
        return { upload: 'u2' };
      },
      'import.append': () => null,
      'import.finish': () => ({ captures: [] }),
    });
    useHost.getState().attach(host);
    await useImports.getState().open([new File([], 'empty.har'), new File(['data: x\n\n'], 'good.sse')]);
    expect(useHost.getState().notices.map(({ message }) => message)).toEqual([
      'empty.har could not be opened. It is empty. If you know its format, use “Open as…”.',
    ]);
    expect(host.callsOf('import.finish')).toHaveLength(1);
  });

  it('cancels the upload when a slice is refused', async () => {
    const host = new FakeHost({
      'import.begin': () => ({ upload: 'u3' }),
      'import.append': () => {
        throw new Refusal('storage', 'The disk is full.');
      },
      'import.cancel': () => null,
    });
    useHost.getState().attach(host);
    await useImports.getState().open([new File(['data: x\n\n'], 'a.sse')]);
    expect(host.callsOf('import.cancel')).toEqual([{ upload: 'u3' }]);
  });

  it('stops at the next slice when it is cancelled, and cancels the upload', async () => {
    const { host } = uploads();
    const release = useImports.subscribe(({ running }) => {
      if (running !== null && running.sent > 0) useImports.getState().cancel();
    });
    await useImports.getState().open([new File([new Uint8Array(5 * sliceSize)], 'long.sse')]);
    release();
    expect(host.callsOf('import.append')).toHaveLength(1);
    expect(host.callsOf('import.cancel')).toEqual([{ upload: 'u1' }]);
    expect(host.callsOf('import.finish')).toEqual([]);
  });
});
