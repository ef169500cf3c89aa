import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { startServe } from '../main/serve/serve.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus, refusalFailure } from './command-failure.ts';
import { outputOptions, optional, portOption, text } from './option.ts';
import { aborted, untilStopped } from './until-stopped.ts';

const declaredOptions = {
  port: portOption,
  data: optional({
    placeholder: 'FOLDER',
    type: text,
    help: 'folder of captures and preferences; by default that of the desktop application',
  }),
  ...outputOptions,
};

export const command = defineCommand({
  summary: 'Serves the user interface to a browser on this machine until Ctrl-C, with the files open.',
  usages: [{ arguments: ['[FILE…]'] }],
  options: declaredOptions,
  run: serve,
});

async function serve(
  { arguments: files, options: { port, data }, asTable }: CommandInput<typeof declaredOptions>,
  { output, notify, version, projectFolder }: Program,
): Promise<ExitStatus> {
  const folder = data === undefined ? dataFolder() : resolve(data);
  const stopped = untilStopped();
  const serving = await startServe({
    port,
    version,
    pageFolder: join(projectFolder, 'out', 'renderer'),
    capturesFolder: join(folder, 'captures'),
    preferencesFile: join(folder, 'preferences.json'),
  });
  try {
    for (const file of files) {
      await serving.host.openFile(resolve(file)).catch((error: unknown) => {
        const failure = refusalFailure(error);
        if (failure === error) throw error;
        notify(`${file}: ${failure instanceof Error ? failure.message : String(failure)}`);
      });
    }
    const address = asTable ? serving.address : JSON.stringify({ address: serving.address });
    await output.write(`${address}\n`);
    await output.flush();
    notify('Open this address in a browser on this machine; press Ctrl-C to stop');
    await aborted(stopped.signal);
  } finally {
    await serving.close();
    stopped.release();
  }
  return ExitStatus.done;
}

/** The data folder of the desktop application. */
function dataFolder(): string {
  const name = 'sse-inspector';
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  if (process.platform === 'win32') {
    return join(process.env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), name);
  }
  return join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), name);
}
