import { ladderRungs, rungNumbers } from '../../core/rungs.ts';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useDialogs } from '../state/dialogs.ts';
import { useLadder } from '../state/ladder.ts';
import { usePreferences } from '../state/preferences.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { targetOf } from '../state/own-server.ts';
import './own-server-dialog.css';

/** What the server must send for each rung that has its own URL. */
const steps = {
  1: 'five hello world events',
  2: 'the same, for pages of another origin',
  3: 'any stream',
  4: 'events with delays',
  5: '{"step":1}, {"step":2}…',
  6: 'a base URL …/v1, or …/chat/completions',
  7: 'any stream, eight requests at once',
} as const;

/** The URLs of the user's server: one for all rungs, or one for each. */
export function OwnServerDialog() {
  const close = useDialogs((state) => state.close);
  const before = usePreferences((state) => state.ladder);
  const isIdle = useLadder((state) => state.phase === 'idle');
  const [url, setUrl] = useState(before.url);
  const [rungs, setRungs] = useState(before.rungs);
  // A run that is in progress belongs to the URLs that it started with.
  const cannotSave = !isIdle || targetOf({ url, rungs }) === null;

  const save = (): void => {
    usePreferences.getState().change({ ladder: { on: 'target', url: url.trim(), rungs } });
    close();
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    save();
    void useLadder.getState().run();
  };
  return (
    <Dialog label="Your server" className="own-server" onClose={close}>
      <h2>The ladder on your server</h2>
      <p className="dim">
        With one URL for all rungs, the ladder checks what is true of any stream. For a rung with its own URL
        it also checks what this step must send. Rung 7 sends up to eleven requests, eight of them at once.
      </p>
      <form onSubmit={onSubmit}>
        <div className="own-server-fields">
          <label htmlFor="own-server-all">All rungs</label>
          <input
            id="own-server-all"
            className="field mono"
            autoFocus
            spellCheck={false}
            placeholder="http://127.0.0.1:8000/stream"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
          {rungNumbers.map((rung) => (
            <RungField
              key={rung}
              rung={rung}
              value={rungs[rung - 1] ?? ''}
              onChange={(value) => setRungs(rungs.with(rung - 1, value))}
            />
          ))}
        </div>
        <p className="dim hint">
          A URL that begins with / is relative to the URL for all rungs. To send headers or bodies, use a
          file: sse-inspector ladder --target FILE.
        </p>
        <div className="choices">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button type="button" className="button" disabled={cannotSave} onClick={save}>
            Save
          </button>
          <button type="submit" className="button primary" disabled={cannotSave}>
            Save and run
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface RungFieldProps {
  readonly rung: (typeof rungNumbers)[number];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function RungField({ rung, value, onChange }: RungFieldProps) {
  const id = `own-server-${rung}`;
  return (
    <>
      <label htmlFor={id}>
        <span className="n">{rung}</span> {ladderRungs[rung].title}
      </label>
      <input
        id={id}
        className="field mono"
        spellCheck={false}
        placeholder={steps[rung]}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </>
  );
}
