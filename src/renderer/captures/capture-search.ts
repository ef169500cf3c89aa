import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { requestModel } from '../format/request-title.ts';

/** Whether a capture has every word of a search in its name, method, URL or model. Capital letters do not matter. */
export function matchesSearch({ name, request }: CaptureSummary, search: string): boolean {
  const text =
    `${name ?? ''} ${request.method} ${request.url} ${requestModel(request.body) ?? ''}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
