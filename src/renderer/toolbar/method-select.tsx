import { useState } from 'react';
import { useDraft } from '../state/draft.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY'];

/** The request method: selected from a list, or typed. */
export function MethodSelect() {
  const method = useDraft((state) => state.method);
  const [typing, setTyping] = useState(false);
  if (typing) {
    return (
      <input
        className="field mono method"
        aria-label="Method"
        autoFocus
        spellCheck={false}
        value={method}
        onChange={(event) => edit(event.target.value.toUpperCase())}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') setTyping(false);
        }}
        onBlur={() => {
          if (method.trim() === '') edit('GET');
          setTyping(false);
        }}
      />
    );
  }
  return (
    <select
      className="select method"
      aria-label="Method"
      value={method}
      onChange={(event) => {
        if (event.target.value === '') {
          edit('');
          setTyping(true);
        } else edit(event.target.value);
      }}
    >
      {!methods.includes(method) && <option value={method}>{method}</option>}
      {methods.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
      <option value="">Other…</option>
    </select>
  );
}

function edit(method: string): void {
  useDraft.getState().edit({ method });
}
