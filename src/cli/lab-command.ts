import type { LabEndpoint } from '../contract/host-description.ts';
import { startLab } from '../main/lab/lab.ts';
import { ExitStatus } from './exit-status.ts';
import { noArgument, parseOptions, portNumber } from './parse-options.ts';
import { Printer, type View } from './printer.ts';
import type { RunCommand } from './program.ts';
import { refusalFailure } from './refusal-failure.ts';
import { aborted, untilStopped } from './until-stopped.ts';

const endpointView: View<LabEndpoint> = {
  columns: [
    { title: 'endpoint', width: 24 },
    { title: 'address', width: 56 },
    { title: 'what it shows', width: 0 },
  ],
  json: ({ id, title, description, url }) => JSON.stringify({ id, title, description, url }),
  cells: ({ id, url, description }) => [id, url, description],
};

/** `lab`: runs the lab alone until it is stopped, and prints its addresses. */
export const lab: RunCommand = async (args, { output, tell }) => {
  const { values, positionals } = parseOptions(args, {
    port: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  noArgument('lab', positionals);
  const port = portNumber(values.port);
  const stopped = untilStopped();
  const running = await startLab({ port }).catch((error: unknown) => {
    throw refusalFailure(error);
  });
  try {
    const printer = new Printer(output, endpointView, output.isTerminal && !values.json);
    for (const endpoint of running.endpoints) await printer.print(endpoint);
    await output.flush();
    tell(`the lab runs at ${running.origin} until you press Ctrl-C`);
    await aborted(stopped.signal);
  } finally {
    await running.close();
    stopped.release();
  }
  return ExitStatus.done;
};
