import { useRef, useState } from 'react';
import { useDraft, type Draft } from '../state/draft.ts';
import { countOf } from '../format/count.ts';
import { Popover } from '../widgets/popover.tsx';
import { HeaderEditor } from './header-editor.tsx';
import { jsonHint } from './json-hint.ts';

/** The button `Headers 3 · Body`, which opens the editor of headers, body and options. */
export function RequestEditor() {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const headers = useDraft(
    (state) => state.headers.filter((header) => header.enabled && header.name.trim() !== '').length,
  );
  const hasBody = useDraft((state) => state.body !== '');
  const options = useDraft(optionsSet);
  const label = `Headers${headers === 0 ? '' : ` ${headers}`}${hasBody ? ' · Body' : ''}${options === 0 ? '' : ' · Options'}`;
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        title={`${countOf(headers, 'header')}, ${hasBody ? 'a body' : 'no body'}: edit headers, body and options`}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open && (
        <Popover
          at={button}
          label="Headers, body and options"
          align="end"
          className="request-editor"
          onClose={() => setOpen(false)}
        >
          <HeaderEditor />
          <BodyEditor />
          <Options />
        </Popover>
      )}
    </>
  );
}

function optionsSet(draft: Draft): number {
  return [draft.insecure, draft.reconnect, draft.keepSecrets, draft.idleSeconds.trim() !== ''].filter(Boolean)
    .length;
}

function BodyEditor() {
  const body = useDraft((state) => state.body);
  const method = useDraft((state) => state.method);
  const type = useDraft(
    (state) =>
      state.headers.find((header) => header.enabled && header.name.toLowerCase() === 'content-type')?.value,
  );
  const hint = jsonHint(body, type ?? null);
  const odd = body !== '' && /^(?:GET|HEAD)$/i.test(method);
  return (
    <section className="editor-part">
      <header>
        <h2>Body</h2>
        {hint?.ok === true && (
          <button
            type="button"
            className="button quiet small"
            title="Indent the JSON, unless a number would lose digits"
            onClick={() => useDraft.getState().edit({ body: indented(body) })}
          >
            Indent
          </button>
        )}
      </header>
      <textarea
        className="field mono"
        rows={7}
        spellCheck={false}
        aria-label="Body"
        placeholder={'{"model": "…", "stream": true}'}
        value={body}
        onChange={(event) => useDraft.getState().edit({ body: event.target.value })}
      />
      {hint !== null && <p className={hint.ok ? 'hint' : 'hint problem'}>{hint.message}</p>}
      {odd && (
        <p className="hint">
          A {method.toUpperCase()} request with a body is unusual: many servers ignore it.
        </p>
      )}
    </section>
  );
}

/** The JSON indented; unchanged if that would alter a number. */
function indented(body: string): string {
  const result = JSON.stringify(JSON.parse(body), null, 2);
  return withoutSpace(result) === withoutSpace(body) ? result : body;
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}

const switches = [
  [
    'reconnect',
    'Reconnect when the stream ends',
    'Like EventSource in a browser, with Last-Event-ID. Reconnections are part of the same capture.',
  ],
  [
    'insecure',
    'Accept any certificate',
    'For self-signed test servers. Anyone on the network path can read and change the stream.',
  ],
  [
    'keepSecrets',
    'Store secrets',
    'Authorization, cookies and API keys are stored in the capture as sent. By default they are redacted.',
  ],
] as const;

function Options() {
  const idle = useDraft((state) => state.idleSeconds);
  const set = useDraft();
  return (
    <section className="editor-part options">
      <header>
        <h2>Options for this connection</h2>
      </header>
      {switches.map(([name, title, meaning]) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={set[name]}
            onChange={(event) => useDraft.getState().edit({ [name]: event.target.checked })}
          />
          <span>
            {title}
            <small>{meaning}</small>
          </span>
        </label>
      ))}
      <label className="idle">
        <span>
          Give up after a silence of
          <small>Empty: no limit.</small>
        </span>
        <input
          className="field"
          inputMode="decimal"
          aria-label="Seconds of silence before giving up"
          value={idle}
          onChange={(event) => useDraft.getState().edit({ idleSeconds: event.target.value })}
        />
        s
      </label>
    </section>
  );
}
