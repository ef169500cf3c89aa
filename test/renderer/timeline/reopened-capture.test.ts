import { beforeEach, expect, test, vi } from 'vitest';
import { captureId, type CaptureId } from '../../../src/contract/capture-id.ts';
import type { Density } from '../../../src/contract/lane.ts';
import type { CaptureRecord } from '../../../src/core/capture/record.ts';
import type { CaptureLibrary } from '../../../src/main/captures/library.ts';
import { contentVersion, currentSummary, useCaptures } from '../../../src/renderer/state/captures.ts';
import { useHost } from '../../../src/renderer/state/host.ts';
import { useDensity } from '../../../src/renderer/timeline/use-density.ts';
import { openLibrary, temporaryFolder, importRecords } from '../../main/captures/capture-fixture.ts';
import { chunk, complete, header, response } from '../../main/captures/capture-records.ts';
import { FakeHost } from '../fake-host.ts';
import { mount } from '../mount.ts';
import { resetSlices } from '../reset-slices.ts';

/** Some 800 KB: the file is read in several pieces. */
const events = 2000;
const padding = 'x'.repeat(400);
const captures = () => useCaptures.getState();
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

beforeEach(resetSlices);

interface Setting {
  readonly library: CaptureLibrary;
  readonly first: CaptureId;
  readonly second: CaptureId;
  /** One frame of the host: the newest summary of each capture that has changed. */
  readonly push: () => void;
}

/** The window's captures on top of a real library, which keeps one capture open. */
async function windowOn(): Promise<Setting> {
  const library = await openLibrary(await temporaryFolder(), { openAtMost: 1 });
  const records: CaptureRecord[] = [response];
  for (let n = 0; n < events; n += 1)
    records.push(chunk(`data: {"n":${n},"padding":"${padding}"}\n\n`, 10 + n * 10, n));
  const first = await importRecords(library, header, [...records, complete]);
  const second = await importRecords(library, header, [response, chunk('data: x\n\n', 5), complete]);
  const host = new FakeHost({
    'captures.open': ({ capture }) => library.load(captureId.parse(capture)),
    'capture.density': ({ capture, ...span }) =>
      library.ask(captureId.parse(capture), (session) => session.reader.density(span)),
  });
  useHost.getState().attach(host);
  const changed = new Set<CaptureId>();
  library.onChange((id) => changed.add(id));
  captures().merge(await library.list());
  const push = (): void => {
    captures().merge([...changed].flatMap((id) => library.summary(id) ?? []));
    changed.clear();
  };
  return { library, first, second, push };
}

/** Draws a capture as the timeline does: asks for what is drawn whenever its content has changed. */
function timelineOf(capture: CaptureId): { readonly drawn: () => readonly Density[] } {
  const counts = mount(() => {
    const summary = useCaptures((state) => state.byId.get(capture));
    const version = summary === undefined ? '' : contentVersion(summary);
    return useDensity(capture, { from: 0, to: 10 + events * 10 }, 100, version);
  }, {});
  return { drawn: () => counts.results.flatMap(({ data }) => data ?? []) };
}

test('a capture that the host closed meanwhile is drawn completely when it is shown again', async () => {
  const { library, first, second, push } = await windowOn();
  captures().show(first);
  await library.whole(first);
  push();
  expect(currentSummary(captures())).toMatchObject({ phase: 'ended' });
  captures().show(second);
  await library.load(second);
  // The window has a summary of the whole first capture, but the host has closed it.
  expect(captures().byId.get(first)).toMatchObject({ phase: 'ended', dispatched: events });
  // The host then has nothing to close first, so the request for the first capture arrives while its file is being read.
  await library.delete(second);

  captures().show(first);
  const timeline = timelineOf(first);
  await vi.waitFor(() => expect(timeline.drawn().length).toBeGreaterThan(0));
  const [partial] = timeline.drawn();
  // The first answer says that it covers only a part, and up to where.
  expect(sum(partial?.chunks ?? [])).toBeLessThan(events);
  expect(partial?.loadedTo).toBeLessThan(events * 10);
  // Reading ends within one frame: the window gets only the last summary, whose counts it already had.
  await library.whole(first);
  push();
  await vi.waitFor(() => {
    const newest = timeline.drawn().at(-1);
    expect(newest?.loadedTo).toBeNull();
    expect(sum(newest?.chunks ?? [])).toBe(events);
    expect(sum(newest?.documents.ok ?? [])).toBe(events);
  });
});
