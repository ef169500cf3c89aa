import type { PastedRequest } from './pasted-request.ts';
import { JsLiterals, noLiteral, type JsValue } from './js-literals.ts';

/** `fetch(…)`, alone or waited for and kept, as developer tools and manuals write it. */
const fetchCall =
  /^\s*(?:(?:const|let|var)\s+[\w$]+\s*=\s*)?(?:await\s+)?(?:(?:window|globalThis)\.)?fetch\s*\(/;

/**
 * Reads a call of `fetch()` that was copied from developer tools, for the browser or for Node.js. Only literals are
 * understood, nothing is run. Null where the text is no such call.
 */
export function fetchCommand(text: string): PastedRequest | null {
  const start = fetchCall.exec(text);
  if (start === null) return null;
  const literals = new JsLiterals(text, start[0].length);
  const url = literals.value();
  const options = literals.takes(',') ? literals.value() : null;
  if (typeof url !== 'string' || url === '') return null;
  if (options !== null && !(options instanceof Map)) return null;
  return requestOf(url, options ?? new Map());
}

function requestOf(url: string, options: ReadonlyMap<string, JsValue>): PastedRequest {
  const leftOut: string[] = [];
  const headers: (readonly [name: string, value: string])[] = [];
  for (const [name, value] of headerFields(options.get('headers') ?? null, leftOut)) {
    if (typeof value === 'string') headers.push([name, value]);
    else if (value === null || typeof value === 'number' || typeof value === 'boolean')
      headers.push([name, String(value)]);
    else leftOut.push(`the header ${name}`);
  }
  const named = (name: string): boolean => headers.some(([key]) => key.toLowerCase() === name);
  const referrer = options.get('referrer');
  if (typeof referrer === 'string' && /^https?:/.test(referrer) && !named('referer'))
    headers.push(['Referer', referrer]);
  const given = options.get('body') ?? null;
  if (given !== null && typeof given !== 'string') leftOut.push('the body, which is no plain text');
  const body = typeof given === 'string' ? given : '';
  // [spec] Fetch, "extract a body": a string has this type where the header field does not say another.
  if (body !== '' && !named('content-type')) headers.push(['Content-Type', 'text/plain;charset=UTF-8']);
  const method = options.get('method');
  // The browser adds cookies by itself. In a call for Node.js they stand among the header fields.
  const lacksCookies = options.get('credentials') === 'include' && !named('cookie');
  return {
    url,
    method: typeof method === 'string' ? method.toUpperCase() : 'GET',
    headers,
    body,
    insecure: false,
    leftOut,
    note: lacksCookies ? 'The browser’s cookies are not in it.' : null,
  };
}

function headerFields(headers: JsValue, leftOut: string[]): readonly (readonly [string, JsValue])[] {
  if (headers === null) return [];
  if (headers instanceof Map) return [...headers];
  if (Array.isArray(headers)) {
    return (headers as readonly JsValue[]).flatMap((pair): (readonly [string, JsValue])[] => {
      if (!Array.isArray(pair)) return [];
      const [name, value] = pair as readonly JsValue[];
      return typeof name === 'string' ? [[name, value ?? noLiteral]] : [];
    });
  }
  leftOut.push('the headers');
  return [];
}
