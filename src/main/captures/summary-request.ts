import type { HeaderList } from '../../core/headers.ts';
import type { CaptureRequest } from '../../core/capture/record.ts';

/** Characters of a request's URL, header fields and body, each, that a summary carries. */
const most = 16 * 1024;

/**
 * A request as a summary carries it, which is pushed every frame: a file that somebody else made may hold one of any
 * size. `Exchange` has it whole.
 */
export function summaryRequest({ method, url, headers, client, body }: CaptureRequest): CaptureRequest {
  const request = { method: method.slice(0, 100), url: url.slice(0, most), headers: few(headers), client };
  return body === undefined || body.length > most ? request : { ...request, body };
}

function few(headers: HeaderList): HeaderList {
  let left = most;
  return headers.filter(([name, value]) => {
    left -= name.length + value.length;
    return left >= 0;
  });
}
