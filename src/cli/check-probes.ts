import type { Analysis } from '../core/analysis/analysis.ts';
import { redactHeader, redactRecord } from '../core/capture/redact.ts';
import type { CaptureHeader, CaptureRequest } from '../core/capture/record.ts';
import { plural } from '../core/text/wording.ts';
import type { ProbeVerdict } from '../core/findings/probe-verdict.ts';
import type { StreamRequest } from '../main/client/stream-request.ts';
import { localBrowser } from '../main/browser/chromium-browser.ts';
import { planProbes, requestAgain, runProbes } from '../main/probes/probes.ts';
import type { ProbeRecorder } from '../main/probes/probe.ts';
import { CaptureWriter } from './capture-writer.ts';
import type { Program } from './command.ts';
import { untilStopped } from './until-stopped.ts';

/** Sends more requests to find the causes of a stream's findings. */
export interface Probing {
  /** For a stream that was opened with this request. */
  send(request: StreamRequest, analysis: Analysis): Promise<readonly ProbeVerdict[]>;
  /** For a stored capture. Its request is sent again if it is complete. */
  again(request: CaptureRequest, analysis: Analysis): Promise<readonly ProbeVerdict[]>;
}

/** @param kept capture file of the first request: the captures of probes are written next to it; undefined to keep none */
export function probing({ notify, output }: Program, kept: string | undefined): Probing {
  const browser = localBrowser(process.env);
  const recorder = kept === undefined ? null : recorderBeside(kept);
  const send = async (request: StreamRequest, analysis: Analysis): Promise<readonly ProbeVerdict[]> => {
    const { diagnosed, diagnosis } = analysis;
    const subject = { request, diagnosed, diagnosis };
    const requests = planProbes(subject, { browser }).reduce((sum, probe) => sum + probe.requests, 0);
    notify(`Sending up to ${plural(requests, 'more request')}; Ctrl-C stops them`);
    const stopped = untilStopped();
    const signal = AbortSignal.any([stopped.signal, output.closed]);
    try {
      const began = (probe: string): void => notify(`Probe ${probe} …`);
      return await runProbes(subject, { recorder, browser, signal }, { began });
    } finally {
      stopped.release();
    }
  };
  return {
    send,
    async again(given, analysis) {
      const request = requestAgain(given);
      if (!('reason' in request)) return send(request, analysis);
      notify(`No probes: ${request.reason}`);
      return [];
    },
  };
}

/** Writes `name.probe-1-identity.ssecap.ndjson` and so on next to `name.ssecap.ndjson`. */
function recorderBeside(path: string): ProbeRecorder {
  const base = path.replace(/(\.ssecap)?\.ndjson$/, '');
  let number = 0;
  return async (title, request, startedAt) => {
    const name = /^Probe (\w+)/.exec(title)?.[1] ?? 'probe';
    const header: CaptureHeader = { format: 'ssecap', version: 1, request, startedAt, name: title };
    const file = `${base}.probe-${++number}-${name}.ssecap.ndjson`;
    const writer = await CaptureWriter.begin(file, true, redactHeader(header));
    return {
      capture: writer.path,
      sink: (record) => writer.write(redactRecord(record)),
      done: async () => {
        await writer.close();
        if (writer.failure !== null) throw writer.failure;
      },
    };
  };
}
