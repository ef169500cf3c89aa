import type { CaptureSummary } from '../../contract/capture-summary.ts';
import type { CaptureRequest, EndRecord } from '../../core/capture/record.ts';
import type { HeaderList } from '../../core/headers.ts';

/*
 * Parts of a capture's summary. A summary is pushed every frame, and a file from elsewhere may hold texts of any size: what
 * is longer is cut. `Exchange` has it whole.
 */

/** Characters of a request's URL, header fields and body, each. */
const mostOfRequest = 16 * 1024;
/** Characters of a text that a server or a file brings. */
const mostText = 4096;

let lastRevision = 0;

/** The next revision of a summary: greater than all before, also than those of an earlier run of the program. */
export function nextRevision(): number {
  lastRevision = Math.max(lastRevision + 1, Date.now() * 1000);
  return lastRevision;
}

export function summaryRequest({ method, url, headers, client, body }: CaptureRequest): CaptureRequest {
  const request = {
    method: method.slice(0, 100),
    url: url.slice(0, mostOfRequest),
    headers: firstHeaders(headers),
    client,
  };
  return body === undefined || body.length > mostOfRequest ? request : { ...request, body };
}

export function summaryEnd(end: EndRecord | null): CaptureSummary['end'] {
  if (end === null) return null;
  const { reason, at, error } = end;
  return {
    reason,
    at,
    error:
      error === undefined
        ? null
        : { code: error.code.slice(0, 100), message: error.message.slice(0, mostText) },
  };
}

export function summaryText(text: string | null): string | null {
  return text === null ? null : text.slice(0, mostText);
}

function firstHeaders(headers: HeaderList): HeaderList {
  let left = mostOfRequest;
  return headers.filter(([name, value]) => {
    left -= name.length + value.length;
    return left >= 0;
  });
}
