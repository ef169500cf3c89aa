import { useEffect } from 'react';
import { visibleText } from '../../core/text/visible-text.ts';
import { useHost, type Notice } from '../state/host.ts';
import { useImports } from '../state/imports.ts';
import { quantityText } from '../format/quantity.ts';
import { Icon } from '../widgets/icon.tsx';
import './notices.css';

/** How long a notice of level info is shown, in ms. */
const stay = 5000;

/** Notices, and the progress of files that are being opened. */
export function Notices() {
  const notices = useHost((state) => state.notices);
  const running = useImports((state) => state.running);
  return (
    <div className="notices">
      {running !== null && (
        <div className="notice" role="status">
          <span className="text">
            Opening <span className="wire">{visibleText(running.fileName)}</span>{' '}
            <span className="dim">
              {running.sent < running.size
                ? `${quantityText(running.sent, 'bytes')} of ${quantityText(running.size, 'bytes')}`
                : 'reading…'}
            </span>
            <progress
              aria-label={`Opening ${running.fileName}`}
              max={Math.max(1, running.size)}
              value={running.sent < running.size ? running.sent : undefined}
            />
          </span>
          <button type="button" className="button small" onClick={() => useImports.getState().cancel()}>
            Cancel
          </button>
        </div>
      )}
      {notices.map((notice) => (
        <NoticeLine key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeLine({ notice }: { readonly notice: Notice }) {
  const { id, level, message } = notice;
  useEffect(() => {
    if (level === 'error') return undefined;
    const timer = setTimeout(() => useHost.getState().dismiss(id), stay);
    return () => clearTimeout(timer);
  }, [id, level]);
  return (
    <div className={`notice ${level}`} role={level === 'error' ? 'alert' : 'status'}>
      {level === 'error' && <Icon name="warning" size={15} />}
      <span className="text">{visibleText(message)}</span>
      <button
        type="button"
        className="button quiet square small"
        aria-label="Dismiss"
        onClick={() => useHost.getState().dismiss(id)}
      >
        <Icon name="close" size={13} />
      </button>
    </div>
  );
}
