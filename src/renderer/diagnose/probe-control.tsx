import type { CaptureId } from '../../contract/capture-id.ts';
import type { ProbeName } from '../../core/findings/finding.ts';
import { visibleText } from '../detail/visible-text.ts';
import { countOf } from '../format/count.ts';
import { useCaptures } from '../state/captures.ts';
import { callHost, notifyProblem } from '../state/host.ts';
import { dropProbe, planProbe, probeState, sendProbe, useProbes } from '../state/probes.ts';

/** Sends the probe that would decide, after the user has seen how many requests it takes: each may cost money. */
export function ProbeControl({ capture, probe }: { readonly capture: CaptureId; readonly probe: ProbeName }) {
  const state = useProbes((probes) => probeState(probes, capture, probe));
  switch (state?.phase) {
    case undefined:
      return (
        <button type="button" className="button small" onClick={() => void planProbe(capture, probe)}>
          Send probe {probe}…
        </button>
      );
    case 'planning':
      return <span className="dim">Asking what it takes…</span>;
    case 'planned': {
      const { plan } = state;
      return (
        <span className="probe" role="group" aria-label={`Probe ${probe}`}>
          <span>
            {plan.question} It sends {countOf(plan.requests, 'more request')}.
          </span>
          <button
            type="button"
            className="button small primary"
            onClick={() => void sendProbe(capture, plan)}
          >
            Send
          </button>
          <button type="button" className="button small" onClick={() => dropProbe(capture, probe)}>
            Cancel
          </button>
        </span>
      );
    }
    case 'running':
      return (
        <span className="probe" aria-busy="true">
          <span role="status">Sending {countOf(state.plan.requests, 'request')}…</span>
          <button
            type="button"
            className="button small"
            onClick={() => void callHost('probe.stop', {}).catch(notifyProblem)}
          >
            Stop
          </button>
        </span>
      );
    case 'done': {
      const { text, captures } = state.verdict;
      return (
        <span className="probe" role="status">
          <span>{visibleText(text)}</span>
          {captures.map((id, n) => (
            <button
              key={id}
              type="button"
              className="row-link"
              onClick={() => useCaptures.getState().show(id as CaptureId)}
            >
              capture {n + 1}
            </button>
          ))}
        </span>
      );
    }
    case 'refused':
      return (
        <span className="probe">
          <span role="status">{visibleText(state.problem)}</span>
          <button type="button" className="button small" onClick={() => dropProbe(capture, probe)}>
            Close
          </button>
        </span>
      );
  }
}
