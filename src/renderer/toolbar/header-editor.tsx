import { useState } from 'react';
import type { ClipboardEvent } from 'react';
import { draftHeader, useDraft, type DraftHeader } from '../state/draft.ts';
import { foreignHeader, originOf } from '../state/draft-origin.ts';
import { Icon } from '../widgets/icon.tsx';
import { ForeignMark } from './foreign-mark.tsx';
import { headerLines, parseHeaderLines } from './header-lines.ts';

const commonNames = [
  'Accept',
  'Authorization',
  'Cache-Control',
  'Content-Type',
  'Cookie',
  'Last-Event-ID',
  'User-Agent',
  'x-api-key',
];

/** Edits the header fields as rows of name and value, or as text. */
export function HeaderEditor() {
  const headers = useDraft((state) => state.headers);
  const origin = useDraft((state) => originOf(state.url));
  const [text, setText] = useState<string | null>(null);

  const edit = (id: string, changes: Partial<DraftHeader>): void =>
    useDraft
      .getState()
      .edit({ headers: headers.map((header) => (header.id === id ? { ...header, ...changes } : header)) });
  const add = (): void => useDraft.getState().edit({ headers: [...headers, draftHeader('', '')] });
  const remove = (id: string): void =>
    useDraft.getState().edit({ headers: headers.filter((header) => header.id !== id) });

  const pasteLines = (event: ClipboardEvent, id: string): void => {
    const pasted = event.clipboardData.getData('text');
    const fields = pasted.includes(':') ? parseHeaderLines(pasted) : null;
    if (fields === null || fields.length === 0) return;
    event.preventDefault();
    const at = headers.findIndex((header) => header.id === id);
    const rows = fields.map(([name, value]) => draftHeader(name, value));
    useDraft.getState().edit({ headers: headers.toSpliced(at, 1, ...rows) });
  };

  return (
    <section className="editor-part">
      <header>
        <h2>Headers</h2>
        <button
          type="button"
          className="button quiet small"
          onClick={() => setText(text === null ? headerLines(headers) : null)}
        >
          {text === null ? 'Edit as text' : 'Edit as rows'}
        </button>
        <button type="button" className="button quiet small" onClick={add} disabled={text !== null}>
          <Icon name="plus" size={13} /> Add header
        </button>
      </header>
      {text !== null ? (
        <HeaderText text={text} onText={setText} />
      ) : (
        <>
          {headers.length === 0 && <p className="hint">Only the headers that the client sends by default.</p>}
          {headers.map((header, index) => (
            <div className="header-row" key={header.id}>
              <input
                type="checkbox"
                checked={header.enabled}
                aria-label={`Send header ${index + 1}`}
                onChange={(event) => edit(header.id, { enabled: event.target.checked })}
              />
              <input
                className="field mono"
                placeholder="Name"
                aria-label={`Name of header ${index + 1}`}
                list="common-headers"
                spellCheck={false}
                value={header.name}
                autoFocus={header.name === '' && index === headers.length - 1}
                onPaste={(event) => pasteLines(event, header.id)}
                onChange={(event) => edit(header.id, { name: event.target.value })}
              />
              <input
                className="field mono"
                placeholder="Value"
                aria-label={`Value of header ${index + 1}`}
                spellCheck={false}
                value={header.value}
                onChange={(event) => edit(header.id, { value: event.target.value })}
                onKeyDown={(event) => {
                  if (event.key === 'Enter') add();
                }}
              />
              <button
                type="button"
                className="button quiet square"
                aria-label={`Remove header ${index + 1}`}
                title="Remove"
                onClick={() => remove(header.id)}
              >
                <Icon name="close" size={14} />
              </button>
              <ForeignMark
                part={header.id}
                name={header.name}
                foreign={foreignHeader(header, origin)}
                from={header.origin}
              />
            </div>
          ))}
          <datalist id="common-headers">
            {commonNames.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </section>
  );
}

function HeaderText({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const bad = parseHeaderLines(text) === null;
  return (
    <>
      <textarea
        className="field mono"
        rows={6}
        spellCheck={false}
        aria-label="Headers as text"
        aria-invalid={bad}
        placeholder="Name: value"
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          const fields = parseHeaderLines(event.target.value);
          if (fields !== null) useDraft.getState().setHeaders(fields);
        }}
      />
      {bad && <p className="hint problem">Each line must be a name, a colon and a value.</p>}
    </>
  );
}
