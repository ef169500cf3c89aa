import { type KeptDraft, keptDraft } from '../../contract/kept-draft.ts';
import { redactHeaders } from '../../core/capture/redact.ts';
import { redactUrl } from '../../core/capture/redact-text.ts';
import { type Draft, draftHeader, emptyDraft, useDraft } from './draft.ts';
import { redactedBody } from './draft-origin.ts';
import { usePreferences } from './preferences.ts';

/** A draft as it may be written down: without its secrets, and without what is too long to be kept. */
export function keptDraftOf(draft: Draft): KeptDraft {
  const { method, url, client, headers, body, bodyOrigin } = draft;
  const { insecure, reconnect, keepSecrets, idleSeconds } = draft;
  const whole: KeptDraft = {
    method,
    url: redactUrl(url),
    client,
    headers: headers.map(({ name, value, enabled, origin }) => ({
      name,
      value: redactHeaders([[name.trim(), value]])[0]?.[1] ?? '',
      enabled,
      origin,
    })),
    body: redactedBody(body, headers),
    bodyOrigin,
    insecure,
    reconnect,
    keepSecrets,
    idleSeconds,
  };
  // What is pasted into a field can have any length.
  for (const part of [{}, { body: '' }, { body: '', headers: [] }]) {
    const kept = { ...whole, ...part };
    if (keptDraft.safeParse(kept).success) return kept;
  }
  return { ...emptyDraft, headers: [] };
}

/** Fills the draft with the one of the last run, unless something was typed in already. */
export function restoreDraft(): void {
  const { url, body, headers } = useDraft.getState();
  if (url !== '' || body !== '' || headers.length > 0) return;
  const { draft } = usePreferences.getState();
  useDraft.setState({
    ...draft,
    headers: draft.headers.map(({ name, value, ...state }) => ({ ...draftHeader(name, value), ...state })),
  });
}

/** Writes the draft down whenever it changes. Returns the end of it. */
export function keepDraft(): () => void {
  return useDraft.subscribe((now, before) => {
    if (!keys.some((key) => now[key] !== before[key])) return;
    const kept = keptDraftOf(now);
    const { draft, change } = usePreferences.getState();
    if (JSON.stringify(kept) !== JSON.stringify(draft)) change({ draft: kept });
  });
}

const keys = Object.keys(emptyDraft) as (keyof Draft)[];
