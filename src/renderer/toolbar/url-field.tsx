import { useId, useMemo, useRef, useState } from 'react';
import type { ClipboardEvent, KeyboardEvent } from 'react';
import { visibleText } from '../../core/text/visible-text.ts';
import { useCaptures } from '../state/captures.ts';
import { useDraft } from '../state/draft.ts';
import { useHost } from '../state/host.ts';
import { recentUrls } from './recent-urls.ts';

/**
 * The URL of the stream. Enter connects. The arrow keys select a recent URL. A curl command or fetch() call that is pasted
 * or submitted also fills in method, headers and body.
 */
export function UrlField() {
  const url = useDraft((state) => state.url);
  const problem = useDraft((state) => state.problem);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const list = useId();
  const message = useId();
  const input = useRef<HTMLInputElement>(null);
  const suggestions = useSuggestions(open, url);
  const shown = open && suggestions.length > 0;

  const take = (value: string): void => {
    useDraft.getState().edit({ url: value });
    setOpen(false);
    setChosen(-1);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const by = event.key === 'ArrowDown' ? 1 : -1;
      if (suggestions.length > 0) setChosen((now) => (now + by + suggestions.length) % suggestions.length);
    } else if (isUndo(event) && useDraft.getState().isFresh) {
      // The field's own undo knows only what was typed into it.
      event.preventDefault();
      useDraft.getState().undo();
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const suggestion = shown ? suggestions[chosen] : undefined;
      if (suggestion !== undefined) take(suggestion);
      setOpen(false);
      void useDraft.getState().connect();
    }
  };

  return (
    <div className="url-field">
      <input
        ref={input}
        id="url"
        className="field mono"
        type="text"
        inputMode="url"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        placeholder="https://… or localhost:8080/events, or paste curl or fetch()"
        aria-label="URL of the stream"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : message}
        role="combobox"
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown && chosen >= 0 ? `${list}-${chosen}` : undefined}
        value={url}
        onChange={(event) => {
          useDraft.getState().edit({ url: event.target.value });
          setOpen(true);
          setChosen(-1);
        }}
        onPaste={pasteCommand}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      {shown && (
        <ul id={list} className="suggestions" role="listbox" aria-label="Recent URLs">
          {suggestions.map((suggestion, index) => (
            <li
              key={suggestion}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === chosen}
              className="wire"
              onPointerDown={(event) => {
                event.preventDefault();
                take(suggestion);
              }}
            >
              {visibleText(suggestion)}
            </li>
          ))}
        </ul>
      )}
      {problem !== null && !shown && (
        <p id={message} className="url-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function isUndo({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  const isModified = useHost.getState().description?.modifier === 'Cmd' ? metaKey : ctrlKey;
  return isModified && !shiftKey && !altKey && key.toLowerCase() === 'z';
}

function useSuggestions(open: boolean, typed: string): readonly string[] {
  const recent = useDraft((state) => state.recent);
  const order = useCaptures((state) => state.order);
  return useMemo(() => {
    if (!open) return [];
    const captures = useCaptures.getState();
    // The lab has another port in each run of the application, so URLs of the ladder do not work any more.
    const own = order.filter((id) => captures.byId.get(id)?.origin !== 'ladder');
    const stored = own.map((id) => captures.byId.get(id)?.request.url ?? '');
    return recentUrls(recent, stored, typed);
  }, [open, typed, recent, order]);
}

function pasteCommand(event: ClipboardEvent<HTMLInputElement>): void {
  if (useDraft.getState().takeCommand(event.clipboardData.getData('text')) !== 'none') event.preventDefault();
}
