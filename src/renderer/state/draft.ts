import { create } from 'zustand';
import { completeAddress } from '../../contract/complete-address.ts';
import type { ConnectParams } from '../../contract/connect-params.ts';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { Refusal } from '../../contract/refusal.ts';
import { REDACTED } from '../../core/capture/secret-name.ts';
import { redactUrl } from '../../core/capture/redact-text.ts';
import { useCaptures } from './captures.ts';
import { curlCommand } from './curl-command.ts';
import { callHost, problemOf, useHost } from './host.ts';
import { usePreferences } from './preferences.ts';

/** A header field in the editor. `id` identifies its row while rows above are removed. */
export interface DraftHeader {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  /** Whether it is sent: a field can be switched off without losing it. */
  readonly enabled: boolean;
}

/** The request that Connect sends, as in the text fields. */
export interface Draft {
  readonly method: string;
  readonly url: string;
  readonly client: ConnectParams['client'];
  readonly headers: readonly DraftHeader[];
  readonly body: string;
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
  readonly edit: (changes: Partial<Draft>) => void;
  readonly setHeaders: (headers: readonly (readonly [name: string, value: string])[]) => void;
  /** Clears everything that was typed. */
  readonly clear: () => void;
  /** Copies a capture's request into the draft. Secrets that the host no longer has must be typed again. */
  readonly takeOver: (capture: CaptureId) => Promise<void>;
  /**
   * Sends a capture's request again unchanged, and shows the new capture. If its secrets are no longer known, the request
   * is copied into the draft instead, so that they can be filled in. Rejects if the host refuses.
   */
  readonly sendAgain: (capture: CaptureId) => Promise<void>;
  /** Copies the request of a curl command into the draft, with a notice. `none` if the text is not a curl command. */
  readonly takeCurl: (text: string) => 'whole' | 'in-part' | 'none';
  /** Opens the draft's URL, which may be a whole curl command, and shows the new capture. */
  readonly connect: () => Promise<void>;
}

export const emptyDraft: Draft = {
  method: 'GET',
  url: '',
  client: 'raw',
  headers: [],
  body: '',
  insecure: false,
  reconnect: false,
  keepSecrets: false,
  idleSeconds: '',
  secretsOf: null,
};

const recentLimit = 20;

export const useDraft = create<DraftState>()((set, get) => ({
  ...emptyDraft,
  problem: null,
  sending: false,
  recent: [],

  edit: (changes) =>
    set((state) => ({
      ...changes,
      // A body needs POST, unless the user chose another method.
      ...(state.method === 'GET' &&
      state.body === '' &&
      (changes.body ?? '') !== '' &&
      changes.method === undefined
        ? { method: 'POST' }
        : {}),
      problem: null,
    })),

  setHeaders: (headers) =>
    set({ headers: headers.map(([name, value]) => draftHeader(name, value)), problem: null }),

  clear: () => set({ ...emptyDraft, problem: null }),

  takeOver: async (capture) => {
    const { request, secretsHeld } = await callHost('request.edit', { capture });
    set({
      ...emptyDraft,
      method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
      url: request.url,
      client: request.client,
      body: request.body ?? '',
      insecure: request.insecure ?? false,
      reconnect: request.reconnect ?? false,
      keepSecrets: request.keepSecrets ?? false,
      idleSeconds: request.idleTimeout === undefined ? '' : String(request.idleTimeout / 1000),
      secretsOf: secretsHeld ? capture : null,
    });
    get().setHeaders(request.headers ?? []);
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

  takeCurl: (text) => {
    const request = curlCommand(text);
    if (request === null) return 'none';
    const { setHeaders, edit } = get();
    setHeaders(request.headers);
    edit({
      secretsOf: null,
      method: request.method,
      url: request.url,
      body: request.body,
      insecure: request.insecure,
    });
    const { notify } = useHost.getState();
    if (request.leftOut.length === 0) {
      notify('info', 'Filled in the request from the curl command.');
      return 'whole';
    }
    notify(
      'error',
      `Filled in the request from the curl command, except for ${request.leftOut.join(' and ')}.`,
    );
    return 'in-part';
  },

  connect: async () => {
    if (get().sending) return;
    // Missing parts must be filled in before anything is sent.
    if (get().takeCurl(get().url) === 'in-part') return;
    const draft = get();
    const params = connectParamsOf(draft);
    if (typeof params === 'string') return set({ problem: params });
    set({ sending: true, problem: null, url: params.url });
    try {
      const { capture } = await callHost('stream.connect', params);
      set(({ recent }) => ({
        recent: [params.url, ...recent.filter((url) => url !== params.url)].slice(0, recentLimit),
      }));
      usePreferences.getState().change({ lastUrl: redactUrl(params.url) });
      useCaptures.getState().show(capture);
    } catch (error) {
      set({ problem: problemOf(error) });
    } finally {
      set({ sending: false });
    }
  },
}));

/** A new row of the header editor. */
export function draftHeader(name: string, value: string): DraftHeader {
  return { id: crypto.randomUUID(), name, value, enabled: true };
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
  const headers = draft.headers
    .filter((header) => header.enabled && header.name.trim() !== '')
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
