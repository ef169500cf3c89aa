import { useRef } from 'react';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { ProbeName } from '../../core/findings/finding.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { countOf } from '../format/count.ts';
import { useCaptures } from '../state/captures.ts';
import { dropProbe, planProbe, sendProbe, stopProbe, useProbes, type ProbeState } from '../state/probes.ts';

interface ProbeControlProps {
  readonly capture: CaptureId;
  readonly probe: ProbeName;
}

/** Plans and sends a probe. The user first sees how many requests it takes, as each may cost money. */
export function ProbeControl({ capture, probe }: ProbeControlProps) {
  const state = useProbes((probes) => probes.byCapture.get(capture)?.get(probe) ?? null);
  const control = useRef<HTMLSpanElement>(null);
  // The pressed button is replaced, so the focus moves to its container.
  const press = (act: () => unknown): void => {
    control.current?.focus();
    act();
  };
  return (
    <span
      ref={control}
      className="probe"
      role="group"
      aria-label={`Probe ${probe}`}
      aria-busy={state?.phase === 'planning' || state?.phase === 'running'}
      tabIndex={-1}
    >
      <ProbeStep capture={capture} probe={probe} state={state} press={press} />
    </span>
  );
}

interface ProbeStepProps extends ProbeControlProps {
  readonly state: ProbeState | null;
  readonly press: (act: () => unknown) => void;
}

function ProbeStep({ capture, probe, state, press }: ProbeStepProps) {
  const drop = (): void => dropProbe(capture, probe);
  switch (state?.phase) {
    case undefined:
      return (
        <button type="button" className="button small" onClick={() => press(() => planProbe(capture, probe))}>
          Send probe {probe}…
        </button>
      );
    case 'planning':
      return <span className="dim">Preparing the probe…</span>;
    case 'planned': {
      const { plan } = state;
      return (
        <>
          <span role="status">
            {plan.question} It sends {countOf(plan.requests, 'more request')}.
          </span>
          <button
            type="button"
            className="button small primary"
            onClick={() => press(() => sendProbe(capture, plan))}
          >
            Send
          </button>
          <button type="button" className="button small" onClick={() => press(drop)}>
            Cancel
          </button>
        </>
      );
    }
    case 'running':
      return (
        <>
          <span role="status">Sending {countOf(state.plan.requests, 'request')}…</span>
          <button type="button" className="button small" onClick={() => press(stopProbe)}>
            Stop
          </button>
        </>
      );
    case 'done': {
      const { text, captures } = state.verdict;
      return (
        <>
          <span role="status">{visibleText(text)}</span>
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
        </>
      );
    }
    case 'refused':
      return (
        <>
          <span role="status">{visibleText(state.problem)}</span>
          {state.isBusy && (
            <button
              type="button"
              className="button small"
              onClick={() => press(() => stopProbe().then(drop))}
            >
              Stop the other probe
            </button>
          )}
          <button type="button" className="button small" onClick={() => press(drop)}>
            Close
          </button>
        </>
      );
  }
}
