import { faultUsage, parseFault, type ReplayFault, replayFaultNames } from '../core/replay/fault.ts';
import {
  parseReplaySpeed,
  parseReplaySplit,
  recordedVariant,
  type ReplaySpeed,
  type ReplaySplit,
} from '../core/replay/variant.ts';
import { duration, plural, size } from '../core/text/wording.ts';
import { ReplayServer } from '../main/replay/replay-server.ts';
import { captureOption, chosenSource, formatOption } from './capture-input.ts';
import { defineCommand, type CommandInput, type Program } from './command.ts';
import { ExitStatus, displayPath, usageFailure } from './command-failure.ts';
import {
  optional,
  orList,
  outputOptions,
  portOption,
  repeatable,
  wholeNumber,
  type ValueType,
} from './option.ts';
import { printLogOf } from './printed-log.ts';
import { Printer, type View } from './printer.ts';

const splitType: ValueType<ReplaySplit> = {
  parse(text, option) {
    const split = parseReplaySplit(text);
    if (split !== null) return split;
    const forms = ['recorded', 'a number of bytes', 'random:SEED', 'inside-utf8', 'inside-crlf', 'glued'];
    throw usageFailure(`${option} takes ${orList(forms)}, not "${text}"`);
  },
};

const speedType: ValueType<ReplaySpeed> = {
  parse(text, option) {
    const speed = parseReplaySpeed(text);
    if (speed !== null) return speed;
    throw usageFailure(`${option} takes instant or a number from 0.001 to 1000, such as 2, not "${text}"`);
  },
};

const faultType: ValueType<ReplayFault> = {
  parse(text, option) {
    const fault = parseFault(text);
    if (!('problem' in fault)) return fault;
    throw usageFailure(`${option}: ${fault.problem}`);
  },
};

/** The origin of a page, as a browser sends it. */
const originType: ValueType<string> = {
  parse(text, option) {
    const origin = URL.canParse(text) ? new URL(text).origin : 'null';
    if (origin !== 'null' && text.replace(/\/$/, '') === origin) return origin;
    throw usageFailure(`${option} takes an origin such as http://localhost:5173, not "${text}"`);
  },
};

const declaredOptions = {
  port: portOption,
  speed: optional({
    placeholder: 'K',
    type: speedType,
    help: 'times faster than recorded, such as 2 or 0.5, or instant; by default 1',
  }),
  split: optional({
    placeholder: 'HOW',
    type: splitType,
    help: 'the pieces of the body: recorded (default), N bytes each, random:SEED, inside-utf8, inside-crlf or glued',
  }),
  cut: optional({
    placeholder: 'BYTE',
    type: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    help: 'end the body at this byte',
  }),
  fault: repeatable({
    placeholder: 'NAME',
    type: faultType,
    help: `add a fault: ${orList(replayFaultNames.map(faultUsage))}`,
  }),
  'allow-origin': repeatable({
    placeholder: 'ORIGIN',
    type: originType,
    help: 'let pages of this origin read the replay; by default no page may',
  }),
  capture: captureOption,
  format: formatOption,
  ...outputOptions,
};

export const command = defineCommand({
  summary: `Serves a capture again on 127.0.0.1 until Ctrl-C, at every path: with its own status, header fields, chunks and times, or harsher. Point your own client there to see whether it survives.
Prints the address, then who connects, what is sent, and when a client stops reading or leaves.`,
  usages: [{ arguments: ['FILE|-'] }],
  options: declaredOptions,
  run: replay,
});

async function replay(
  { arguments: [path = ''], options, asTable }: CommandInput<typeof declaredOptions>,
  program: Program,
): Promise<ExitStatus> {
  const { port, speed, split, cut, fault, capture, format } = options;
  const { output, notify } = program;
  const source = await chosenSource({ path, format }, capture, notify);
  const start = (): Promise<ReplayServer> =>
    ReplayServer.start(source, {
      port,
      allowedOrigins: options['allow-origin'],
      variant: {
        speed: speed ?? recordedVariant.speed,
        split: split ?? recordedVariant.split,
        cut: cut ?? null,
        faults: fault,
      },
    });
  const announce = async (server: ReplayServer): Promise<void> => {
    await new Printer(output, serverView, asTable).print(server);
    await output.flush();
    notify(`Serving ${displayPath(path)} at ${server.origin} and every path below it; press Ctrl-C to stop`);
  };
  await printLogOf(start, announce, program, asTable);
  return ExitStatus.done;
}

const serverView: View<ReplayServer> = {
  columns: [
    { title: 'address', width: 24 },
    { title: 'status', width: 6, right: true },
    { title: 'what it serves', width: 0 },
  ],
  json: ({ origin, survey: { status, bytes, chunks, duration, hasIds } }) =>
    JSON.stringify({ kind: 'replay', url: origin, status, bytes, chunks, duration, ids: hasIds }),
  cells: ({ origin, survey }) => [origin, String(survey.status ?? 200), serverText(survey)],
};

/** `3 chunks, 120 bytes, 1.20 s, with event ids` */
function serverText({ bytes, chunks, duration: ms, hasIds }: ReplayServer['survey']): string {
  const time = ms === null ? 'no recorded times' : duration(ms);
  return [plural(chunks, 'chunk'), size(bytes), time, ...(hasIds ? ['with event ids'] : [])].join(', ');
}
