import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { CaptureRequest } from '../../core/capture/record.ts';
import { visibleText } from '../../core/text/visible-text.ts';

/** A request in a few words: `POST`, `/v1/chat/completions`, and its host `api.openai.com`. */
export interface RequestTitle {
  readonly method: string;
  readonly path: string;
  readonly host: string;
}

/** The title of a request. A capture that was read from plain bytes has no URL: its title says so. */
export function requestTitle({ method, url }: Pick<CaptureRequest, 'method' | 'url'>): RequestTitle {
  if (url === '') return { method: '', path: 'Stream', host: 'from a file' };
  if (!URL.canParse(url)) return { method, path: url, host: '' };
  const { pathname, search, host, protocol } = new URL(url);
  if (protocol === 'file:')
    return { method: '', path: pathname.split('/').at(-1) ?? pathname, host: 'from a file' };
  if (host === '') return { method, path: pathname.split('/').at(-1) ?? pathname, host: protocol };
  return { method, path: pathname + search, host };
}

/** The model that the JSON body of a request names; null if it names none, or the body is not at hand. */
export function requestModel(body: string | undefined): string | null {
  if (body === undefined || !body.includes('"model"')) return null;
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('model' in value)) return null;
    return typeof value.model === 'string' && value.model !== '' ? value.model : null;
  } catch {
    return null;
  }
}

/** The title of a capture: its name, or else its request. */
export function captureTitle({ name, request }: Pick<CaptureSummary, 'name' | 'request'>): string {
  const { method, path } = requestTitle(request);
  return visibleText(name ?? `${method} ${path}`.trim());
}
