import { useHost } from '../state/host.ts';
import { useLabLog } from '../state/lab-log.ts';
import { Icon } from '../widgets/icon.tsx';
import './lab-log.css';

/** The button below the ladder that opens the lab log. It shows the lab's port. */
export function LabLogLink() {
  const lab = useHost((state) => state.lab);
  const shown = useLabLog((state) => state.shown);
  return (
    <button
      type="button"
      className="lab-log-link"
      aria-current={shown}
      title="What the server of the lab does, request by request"
      onClick={() => useLabLog.getState().show(!shown)}
    >
      <Icon name="log" size={14} />
      <span className="title">Lab log</span>
      <span className="dim">
        {lab === null ? '' : lab.origin === null ? 'not running' : `port ${new URL(lab.origin).port}`}
      </span>
    </button>
  );
}
