import type { LabEndpoint } from '../contract/host-description.ts';
import { startLab } from '../main/lab/lab.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus } from './command-failure.ts';
import { outputOptions, portOption } from './option.ts';
import { Printer, type View } from './printer.ts';
import { printLogOf } from './printed-log.ts';

const endpointView: View<LabEndpoint> = {
  columns: [
    { title: 'endpoint', width: 24 },
    { title: 'address', width: 56 },
    { title: 'what it shows', width: 0 },
  ],
  json: ({ id, title, description, url }) =>
    JSON.stringify({ kind: 'endpoint', id, title, description, url }),
  cells: ({ id, url, description }) => [id, url, description],
};

const declaredOptions = { port: portOption, ...outputOptions };

export const command = defineCommand({
  summary:
    'Runs the lab until Ctrl-C. Prints its addresses, then each request, yield, write and end as it happens.',
  usages: [{ arguments: [] }],
  options: declaredOptions,
  run: lab,
});

async function lab(
  { options: { port }, asTable }: CommandInput<typeof declaredOptions>,
  program: Program,
): Promise<ExitStatus> {
  const { output, notify } = program;
  await printLogOf(
    () => startLab({ port }),
    async (running) => {
      const endpoints = new Printer(output, endpointView, asTable);
      for (const endpoint of running.endpoints) await endpoints.print(endpoint);
      await output.flush();
      notify(`The lab is running at ${running.origin}; press Ctrl-C to stop it`);
    },
    program,
    asTable,
  );
  return ExitStatus.done;
}
