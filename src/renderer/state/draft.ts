import { create } from 'zustand';
import { completeAddress } from '../../contract/complete-address.ts';
import type { ConnectParams } from '../../contract/connect-params.ts';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { emptyKeptDraft } from '../../contract/kept-draft.ts';
import { Refusal } from '../../contract/refusal.ts';
import { REDACTED } from '../../core/capture/secret-name.ts';
import { useCaptures } from './captures.ts';
import { curlCommand } from './curl-command.ts';
import { fetchCommand } from './fetch-command.ts';
import { enteredFor, foreignBody, foreignHeader, headersHeldBack, originOf, sentTo } from './draft-origin.ts';
import { callHost, problemOf, useHost } from './host.ts';

/** A header field in the editor. `id` identifies its row while rows above are removed. */
export interface DraftHeader {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  /** Whether it is sent: a field can be switched off without losing it. */
  readonly enabled: boolean;
  /** The origin that the value was entered for or last sent to; null for none yet. */
  readonly origin: string | null;
}

/** The request that Connect sends, as in the text fields. */
export interface Draft {
  readonly method: string;
  readonly url: string;
  readonly client: ConnectParams['client'];
  readonly headers: readonly DraftHeader[];
  readonly body: string;
  /** As `DraftHeader.origin`. */
  readonly bodyOrigin: string | null;
  readonly insecure: boolean;
  readonly reconnect: boolean;
  readonly keepSecrets: boolean;
  /** Idle timeout in seconds, as typed; empty for none. */
  readonly idleSeconds: string;
  /** The capture that the request was copied from, if the host still has the secrets that are redacted here. */
  readonly secretsOf: CaptureId | null;
}

export interface DraftState extends Draft {
  /** Why the host refused to connect; null after an edit. */
  readonly problem: string | null;
  /** Between Connect and the host's answer to it. */
  readonly sending: boolean;
  /** URLs connected to in this window, newest first, as typed. */
  readonly recent: readonly string[];
  /** The draft that was replaced as a whole last; null for none. */
  readonly before: Draft | null;
  /** Nothing was changed by hand since: one step back is the draft before. */
  readonly isFresh: boolean;
  readonly edit: (changes: Partial<Draft>) => void;
  readonly setHeaders: (headers: readonly (readonly [name: string, value: string])[]) => void;
  /** Clears everything that was typed. */
  readonly clear: () => void;
  /** Brings back what was replaced as a whole; the same again takes that back. */
  readonly undo: () => void;
  /** Lets a value that was entered for another server go to this one. The id of a header field, or `body`. */
  readonly confirm: (part: string) => void;
  /** Copies a capture's request into the draft. Secrets that the host no longer has must be typed again. */
  readonly takeOver: (capture: CaptureId) => Promise<void>;
  /**
   * Sends a capture's request again unchanged, and shows the new capture. If its secrets are no longer known, the request
   * is copied into the draft instead, so that they can be filled in. Rejects if the host refuses.
   */
  readonly sendAgain: (capture: CaptureId) => Promise<void>;
  /** Copies the request of a curl command or a `fetch()` call into the draft, with a notice. `none` if the text is neither. */
  readonly takeCommand: (text: string) => 'whole' | 'in-part' | 'none';
  /** Opens the draft's URL, which may be a whole command, and shows the new capture. */
  readonly connect: () => Promise<void>;
}

export const emptyDraft: Draft = { ...emptyKeptDraft, headers: [], secretsOf: null };

const recentLimit = 20;

export const useDraft = create<DraftState>()((set, get) => ({
  ...emptyDraft,
  problem: null,
  sending: false,
  recent: [],
  before: null,
  isFresh: false,

  edit: (changes) =>
    set((state) => ({
      ...changes,
      ...enteredFor(originOf(changes.url ?? state.url), changes, state),
      isFresh: false,
      // A body needs POST, unless the user chose another method.
      ...(state.method === 'GET' &&
      state.body === '' &&
      (changes.body ?? '') !== '' &&
      changes.method === undefined
        ? { method: 'POST' }
        : {}),
      problem: null,
    })),

  setHeaders: (headers) => {
    const left = [...get().headers];
    const rows = headers.map(([name, value]) => {
      const at = left.findIndex((row) => row.name === name && row.value === value);
      return left.splice(at, at === -1 ? 0 : 1)[0] ?? draftHeader(name, value);
    });
    get().edit({ headers: rows });
  },

  clear: () => set(replaced(get(), emptyDraft)),

  undo: () => {
    const { before } = get();
    if (before !== null) set(replaced(get(), before));
  },

  confirm: (part) =>
    set(({ url, headers, bodyOrigin }) => {
      const origin = originOf(url);
      return {
        headers: headers.map((header) => (header.id === part ? { ...header, origin } : header)),
        bodyOrigin: part === 'body' ? origin : bodyOrigin,
        problem: null,
      };
    }),

  takeOver: async (capture) => {
    const { request, secretsHeld } = await callHost('request.edit', { capture });
    const draft: Draft = {
      ...emptyDraft,
      method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
      url: request.url,
      client: request.client,
      headers: entered(request.headers ?? [], request.url),
      body: request.body ?? '',
      bodyOrigin: originOf(request.url),
      insecure: request.insecure ?? false,
      reconnect: request.reconnect ?? false,
      keepSecrets: request.keepSecrets ?? false,
      idleSeconds: request.idleTimeout === undefined ? '' : String(request.idleTimeout / 1000),
      secretsOf: secretsHeld ? capture : null,
    };
    set(replaced(get(), draft));
    const hidden = redactedParts(request);
    if (!secretsHeld && hidden.length > 0)
      set({ problem: `Fill in what was not stored: ${hidden.join(', ')}.` });
  },

  sendAgain: async (capture) => {
    if (get().sending) return;
    set({ sending: true });
    try {
      const sent = await callHost('request.again', { capture });
      useCaptures.getState().show(sent.capture);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'secrets-missing') throw error;
      await get().takeOver(capture);
    } finally {
      set({ sending: false });
    }
  },

  takeCommand: (text) => {
    const curl = curlCommand(text);
    const request = curl ?? fetchCommand(text);
    if (request === null) return 'none';
    const { method, url, headers, body, insecure, leftOut, note } = request;
    const source = curl === null ? 'fetch() call' : 'curl command';
    const draft: Draft = {
      ...draftOf(get()),
      method,
      url,
      headers: entered(headers, url),
      body,
      bodyOrigin: originOf(url),
      insecure,
      secretsOf: null,
    };
    set(replaced(get(), draft));
    const { notify } = useHost.getState();
    if (leftOut.length === 0) {
      notify(
        'info',
        [`Filled in the request from the ${source}.`, note, undoHint()].filter(Boolean).join(' '),
      );
      return 'whole';
    }
    notify(
      'error',
      `Filled in the request from the ${source}, except for ${leftOut.join(' and ')}. ${undoHint()}`,
    );
    return 'in-part';
  },

  connect: async () => {
    if (get().sending) return;
    // Missing parts must be filled in before anything is sent.
    if (get().takeCommand(get().url) === 'in-part') return;
    const params = connectParamsOf(get());
    if (typeof params === 'string') return set({ problem: params });
    const heldBack = headersHeldBack(get());
    set({ sending: true, problem: null, url: params.url });
    try {
      const { capture } = await callHost('stream.connect', params);
      set(({ recent, headers, bodyOrigin }) => ({
        ...sentTo(originOf(params.url), { headers, bodyOrigin }),
        // The new capture has the same secrets, and the old one may be deleted.
        ...(params.secretsOf === undefined ? {} : { secretsOf: capture }),
        recent: [params.url, ...recent.filter((url) => url !== params.url)].slice(0, recentLimit),
      }));
      if (heldBack.length > 0)
        useHost
          .getState()
          .notify('info', `Sent without ${heldBack.join(', ')}: entered for another server, and held back.`);
      useCaptures.getState().show(capture);
    } catch (error) {
      set({ problem: problemOf(error) });
    } finally {
      set({ sending: false });
    }
  },
}));

/** The draft without what the window knows of it besides. */
function draftOf(state: DraftState): Draft {
  return Object.fromEntries(
    (Object.keys(emptyDraft) as (keyof Draft)[]).map((key) => [key, state[key]]),
  ) as unknown as Draft;
}

/** One draft in place of another, which can be brought back. */
function replaced(state: DraftState, draft: Draft): Partial<DraftState> {
  return { ...draft, before: draftOf(state), isFresh: true, problem: null };
}

function undoHint(): string {
  return `${useHost.getState().description?.modifier ?? 'Ctrl'}+Z in the address undoes it.`;
}

/** Header fields that come with a whole request. */
function entered(
  headers: readonly (readonly [name: string, value: string])[],
  url: string,
): readonly DraftHeader[] {
  const origin = originOf(url);
  return headers.map(([name, value]) => ({ ...draftHeader(name, value), origin }));
}

/** A new row of the header editor. */
export function draftHeader(name: string, value: string): DraftHeader {
  return { id: crypto.randomUUID(), name, value, enabled: true, origin: null };
}

/** Whether a capture's request can be sent: a file may contain only part of it. */
export function isSendable(summary: Pick<CaptureSummary, 'request'> | null): boolean {
  return summary !== null && /^https?:/i.test(summary.request.url);
}

/** The params of `stream.connect`, or a sentence that says why the draft cannot be sent. */
export function connectParamsOf(draft: Draft): ConnectParams | string {
  const url = completeAddress(draft.url);
  if (url === '') return 'Enter the address of a stream first.';
  const seconds = draft.idleSeconds.trim() === '' ? null : Number(draft.idleSeconds);
  if (seconds !== null && !(Number.isFinite(seconds) && seconds > 0)) {
    return 'The idle timeout must be a number of seconds, such as 30. Leave it empty for no timeout.';
  }
  const origin = originOf(url);
  if (foreignBody(draft, origin) === 'held-back')
    return `The body holds a secret and was written for ${draft.bodyOrigin ?? ''}. Confirm it beside the body, or take it out.`;
  const headers = draft.headers
    .filter((header) => header.enabled && header.name.trim() !== '')
    .filter((header) => foreignHeader(header, origin) !== 'held-back')
    .map((header): [string, string] => [header.name.trim(), header.value]);
  const hidden = redactedParts({ url, headers, body: draft.body });
  if (hidden.length > 0 && draft.secretsOf === null)
    return `Fill in what was not stored: ${hidden.join(', ')}.`;
  return {
    url,
    method: draft.method.trim() === '' ? 'GET' : draft.method.trim(),
    client: draft.client,
    ...(headers.length > 0 ? { headers } : {}),
    ...(draft.body === '' ? {} : { body: draft.body }),
    ...(draft.insecure ? { insecure: true } : {}),
    ...(draft.reconnect ? { reconnect: true } : {}),
    ...(draft.keepSecrets ? { keepSecrets: true } : {}),
    ...(seconds === null ? {} : { idleTimeout: seconds * 1000 }),
    ...(hidden.length > 0 && draft.secretsOf !== null ? { secretsOf: draft.secretsOf } : {}),
  };
}

/** Names the parts of a request that contain redacted secrets. */
function redactedParts({
  url,
  headers = [],
  body = '',
}: Pick<ConnectParams, 'url' | 'headers' | 'body'>): readonly string[] {
  return [
    ...headers.filter(([, value]) => value.includes(REDACTED)).map(([name]) => name),
    ...(url.includes(REDACTED) ? ['the URL'] : []),
    ...(body.includes(REDACTED) ? ['the body'] : []),
  ];
}
