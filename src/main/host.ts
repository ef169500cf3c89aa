import { basename, dirname, join } from 'node:path';
import type { CaptureId } from '../contract/capture-id.ts';
import { type CaptureAnswers, captureQueries, type CaptureQuery } from '../contract/capture-queries.ts';
import type { HostCommands } from '../contract/commands.ts';
import type { HostDescription } from '../contract/host-description.ts';
import type { HostEvent } from '../contract/host-event.ts';
import { Comparisons } from './compare/comparisons.ts';
import { CaptureLibrary } from './captures/library.ts';
import { Connections } from './host/connections.ts';
import { deliverCapture, deliverLadderRun } from './host/exports.ts';
import { importCaptureFile, type ImportOptions } from './host/imports.ts';
import { LadderRuns } from './host/ladder-runs.ts';
import { ModelSettings } from './host/model-settings.ts';
import type { HostPlatform } from './host/platform.ts';
import { PreferencesFile } from './host/preferences-file.ts';
import { ProbeRuns } from './host/probe-runs.ts';
import { PushBatcher } from './host/push-batcher.ts';
import { Uploads } from './host/uploads.ts';
import { LabStart } from './host/lab-start.ts';
import { compareLadderRuns } from './ladder/ladder-run.ts';
import { LadderRunStore } from './ladder/ladder-run-store.ts';

export type { HostPlatform } from './host/platform.ts';

export interface HostOptions {
  /** Where captures are stored; created if necessary. */
  readonly capturesFolder: string;
  /** The model's settings and the runs of the ladder are stored next to it. */
  readonly preferencesFile: string;
  readonly version: string;
  readonly platform: HostPlatform;
}

/** What a user interface talks to, through any connection. */
export interface Host {
  readonly commands: HostCommands;
  /** Calls `listener` for every event until the returned function is called. */
  listen(listener: (event: HostEvent) => void): () => void;
  /** Sends an event of the platform (a menu, a file opened by the system) to every listener. */
  emit(event: HostEvent): void;
  /** Imports a file by path and shows its first capture. Throws a `Refusal`. */
  openFile(path: string): Promise<void>;
  /** Stops connections, recordings and the lab. */
  close(): Promise<void>;
}

/** Creates a host. Throws a `Refusal` (`storage`) if the captures folder cannot be used. */
export async function createHost(options: HostOptions): Promise<Host> {
  const { platform } = options;
  const library = await CaptureLibrary.open(options.capturesFolder);
  const preferences = await PreferencesFile.open(options.preferencesFile);
  const listeners = new Set<(event: HostEvent) => void>();
  const emit = (event: HostEvent): void => {
    for (const listener of listeners) listener(event);
  };

  const batcher = new PushBatcher((id) => library.summary(id), emit);
  library.onChange((id) => batcher.mark(id));
  library.onRemoved((id) => emit({ kind: 'removed', captures: [id] }));
  const connections = new Connections(library, platform.browser, () => preferences.get().captureLimits);
  const probes = new ProbeRuns(library, connections, platform.browser);
  const comparisons = new Comparisons(library);
  const uploads = new Uploads();
  const lab = new LabStart(emit);
  const modelFile = join(dirname(options.preferencesFile), 'model.json');
  const model = await ModelSettings.open(modelFile, platform.secrets, platform.environment);
  const runs = new LadderRunStore(join(dirname(options.preferencesFile), 'ladder-runs'));
  const ladder = new LadderRuns({
    lab: () => lab.started(),
    library,
    model,
    browser: platform.browser,
    store: runs,
    emit,
  });

  const openFile = async (path: string, options: ImportOptions = {}): Promise<readonly CaptureId[]> => {
    const { captures, problems, problemCount } = await importCaptureFile(library, path, options);
    batcher.flush();
    const [problem] = problems;
    if (problem !== undefined) {
      const more = problemCount > 1 ? ` (and ${problemCount - 1} more like it)` : '';
      emit({
        kind: 'notice',
        level: 'info',
        message: `${options.fileName ?? basename(path)}: ${problem.message}${more}`,
      });
    }
    return captures;
  };

  const commands: HostCommands = {
    'host.describe': async (): Promise<HostDescription> => ({
      version: options.version,
      capabilities: platform.capabilities,
      runtime: platform.runtime,
      capturesFolder: options.capturesFolder,
      modifier: process.platform === 'darwin' ? 'Cmd' : 'Ctrl',
    }),
    'lab.describe': () => lab.describe(),
    'lab.log': async ({ from }) => lab.log(from),

    'stream.connect': async (params) => ({ capture: await connections.connect(params) }),
    'request.again': async ({ capture }) => ({ capture: await connections.again(capture) }),
    'request.edit': ({ capture }) => connections.editable(capture),
    'stream.stop': async ({ capture }) => {
      await library.refuseElsewhere(capture);
      await connections.stop(capture);
      return null;
    },

    'captures.list': async () => library.list(),
    'captures.open': async ({ capture }) => library.load(capture),
    'captures.rename': async ({ capture, name }) => {
      await library.rename(capture, name);
      return null;
    },
    'captures.delete': async ({ capture }) => {
      await connections.stop(capture);
      await library.delete(capture);
      return null;
    },

    ...captureQueriesOf(library),
    'capture.export': (params) => deliverCapture(library, platform, options.version, params),

    'captures.compare': ({ a, b }) => comparisons.compare(a, b),
    'comparison.rows': ({ comparison, from, to }) => comparisons.rows(comparison, from, to),
    'comparison.links': async ({ comparison, from, to, width }) =>
      comparisons.links(comparison, from, to, width),

    'import.begin': async ({ fileName, size, format }) => ({
      upload: await uploads.begin(fileName, size, format),
    }),
    'import.append': async ({ upload, base64 }) => {
      await uploads.append(upload, base64);
      return null;
    },
    'import.finish': ({ upload }) =>
      uploads.finish(upload, async (path, fileName, format) => ({
        captures: await openFile(path, { fileName, format }),
      })),
    'import.cancel': async ({ upload }) => {
      await uploads.cancel(upload);
      return null;
    },

    'preferences.get': async () => preferences.get(),
    'preferences.set': async (change) => {
      await preferences.set(change);
      return null;
    },

    'probe.plan': ({ capture }) => probes.plan(capture),
    'probe.run': ({ capture, probe }) => probes.run(capture, probe),
    'probe.stop': async () => {
      await probes.stop();
      return null;
    },

    'ladder.describe': async () => ladder.describe(),
    'ladder.run': async (params) => {
      await ladder.run(params);
      return null;
    },
    'ladder.stop': async () => {
      await ladder.stop();
      return null;
    },
    'ladder.runs': async () => runs.list(),
    'ladder.open': async ({ run }) => runs.open(run),
    'ladder.export': async ({ run }) => deliverLadderRun(await runs.open(run), platform),
    'ladder.compare': async ({ a, b }) => compareLadderRuns(await runs.open(a), await runs.open(b)),
    'ladder.delete': async ({ run }) => {
      await runs.delete(run);
      return null;
    },
    'model.describe': () => model.describe(),
    'model.set': (params) => model.set(params),
  };

  return {
    commands,
    emit,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async openFile(path) {
      const [first] = await openFile(path);
      if (first !== undefined) emit({ kind: 'show', capture: first });
    },
    async close() {
      await ladder.close();
      await probes.stop();
      await comparisons.close();
      await connections.close();
      await uploads.close();
      await lab.close();
      await library.close();
      batcher.flush();
      listeners.clear();
      await preferences.flush();
    },
  };
}

/** Answers each query with the method of the capture's reader that is named like the command. */
function captureQueriesOf(library: CaptureLibrary): Pick<HostCommands, CaptureQuery> {
  const entries = Object.keys(captureQueries).map((name) => {
    const method = name.slice('capture.'.length) as keyof CaptureAnswers;
    // The command's schema checked the parameters. `CaptureReader` has a method for each command that takes them.
    const answer = (params: { readonly capture: CaptureId }) =>
      library.ask(params.capture, ({ reader }) =>
        (reader[method] as (params: unknown) => unknown).call(reader, params),
      );
    return [name, answer];
  });
  return Object.fromEntries(entries) as Pick<HostCommands, CaptureQuery>;
}
