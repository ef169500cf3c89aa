import { useRef, useState } from 'react';
import { useDraft, type Draft } from '../state/draft.ts';
import { foreignBody, headersHeldBack, originOf } from '../state/draft-origin.ts';
import { countOf } from '../format/count.ts';
import { Popover } from '../widgets/popover.tsx';
import { ForeignMark } from './foreign-mark.tsx';
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
  const heldBack = useDraft(partsHeldBack);
  const label = `Headers${headers === 0 ? '' : ` ${headers}`}${hasBody ? ' · Body' : ''}${options === 0 ? '' : ' · Options'}${heldBack === 0 ? '' : ` · ${heldBack} held back`}`;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={heldBack === 0 ? 'button' : 'button held-back'}
        aria-haspopup="dialog"
        aria-expanded={open}
        title={`${countOf(headers, 'header')}, ${hasBody ? 'a body' : 'no body'}: edit headers, body and options${heldBack === 0 ? '' : '. Secrets that were entered for another server are held back.'}`}
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

/** How many secrets would be sent, were they not of another server. */
function partsHeldBack(draft: Draft): number {
  const body = foreignBody(draft, originOf(draft.url)) === 'held-back' ? 1 : 0;
  return headersHeldBack(draft).length + body;
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
  const foreign = useDraft((state) => foreignBody(state, originOf(state.url)));
  const from = useDraft((state) => state.bodyOrigin);
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
      <ForeignMark part="body" name="The body" foreign={foreign} from={from} />
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
