import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { startServe } from '../main/serve/serve.ts';
import { ExitStatus, refusalFailure } from './command-failure.ts';
import { parseOptions, portNumber } from './parse-options.ts';
import type { RunCommand } from './program.ts';
import { aborted, untilStopped } from './until-stopped.ts';

/** `serve [FILE…]`: the user interface in a browser, until it is stopped; files are opened in it. */
export const serve: RunCommand = async (args, { output, tell, version, projectFolder }) => {
  const { values, positionals } = parseOptions(args, {
    port: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const port = portNumber(values.port);
  const folder = values.data === undefined ? dataFolder() : resolve(values.data);
  const stopped = untilStopped();
  const serving = await startServe({
    port,
    version,
    pageFolder: join(projectFolder, 'out', 'renderer'),
    capturesFolder: join(folder, 'captures'),
    preferencesFile: join(folder, 'preferences.json'),
  }).catch((error: unknown) => {
    throw refusalFailure(error);
  });
  try {
    for (const file of positionals) {
      await serving.host.openFile(resolve(file)).catch((error: unknown) => {
        const failure = refusalFailure(error);
        if (failure === error) throw error;
        tell(`${file}: ${failure instanceof Error ? failure.message : String(failure)}`);
      });
    }
    const asJson = values.json || !output.isTerminal;
    const address = asJson ? JSON.stringify({ address: serving.address }) : serving.address;
    await output.write(`${address}\n`);
    await output.flush();
    tell('open this address in a browser on this machine; Ctrl-C ends it');
    await aborted(stopped.signal);
  } finally {
    await serving.close();
    stopped.release();
  }
  return ExitStatus.done;
};

/** Where the desktop application keeps its captures too. */
function dataFolder(): string {
  const name = 'sse-inspector';
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  if (process.platform === 'win32') {
    return join(process.env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), name);
  }
  return join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), name);
}
