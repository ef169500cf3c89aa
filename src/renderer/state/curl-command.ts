import { encodeBase64 } from '../../core/capture/base64.ts';
import type { PastedRequest } from './pasted-request.ts';
import { shellWords } from './shell-words.ts';

/** Short and long options that take a value. All others are treated as taking none. */
const shortValues = 'XHdFubAexomTYyzrKEUPQctCwD';
const longValues = new Set(
  `request header data data-raw data-binary data-ascii data-urlencode json user cookie user-agent referer url proxy
  output max-time connect-timeout form retry cacert cert key resolve interface limit-rate range write-out config
  proxy-user proxy-header cookie-jar dump-header retry-delay retry-max-time tls-max ciphers unix-socket`.split(
    /\s+/,
  ),
);

/** Reads a command that was copied from a browser or a manual. Null if the text is not a curl command. */
export function curlCommand(text: string): PastedRequest | null {
  if (!/^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text)) return null;
  const words = shellWords(text.trim().replace(/^\$\s+/, ''));
  if (words === null) return null;
  const reading = new Reading();
  let options = true;
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (options && word === '--') options = false;
    else if (options && word.startsWith('--')) {
      const takes = longValues.has(word.slice(2));
      reading.option(word.slice(2), takes ? (words[at + 1] ?? '') : '');
      if (takes) at += 1;
    } else if (options && word.startsWith('-') && word.length > 1) {
      at += shortOptions(word, words[at + 1] ?? '', reading);
    } else reading.url(word);
  }
  return reading.result();
}

/** Reads one-letter options, several in one word. Returns how many following words were used as values. */
function shortOptions(word: string, next: string, reading: Reading): number {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word[at] ?? '';
    if (!shortValues.includes(letter)) {
      reading.option(letter, '');
      continue;
    }
    const joined = word.slice(at + 1);
    reading.option(letter, joined === '' ? next : joined);
    return joined === '' ? 1 : 0;
  }
  return 0;
}

class Reading {
  #method: string | null = null;
  #url = '';
  readonly #headers: [string, string][] = [];
  readonly #data: string[] = [];
  readonly #leftOut: string[] = [];
  #json = false;
  #query = false;
  #insecure = false;

  url(word: string): void {
    if (this.#url === '') this.#url = word;
  }

  option(name: string, value: string): void {
    switch (name) {
      case 'X':
      case 'request':
        this.#method = value;
        break;
      case 'H':
      case 'header':
        this.#header(value);
        break;
      case 'json':
        this.#json = true;
        this.#addData(value);
        break;
      case 'd':
      case 'data':
      case 'data-ascii':
      case 'data-binary':
        this.#addData(value);
        break;
      case 'data-raw':
        this.#data.push(value);
        break;
      case 'data-urlencode':
        this.#data.push(urlEncoded(value));
        break;
      case 'F':
      case 'form':
        this.#leftOut.push('the form field of -F');
        break;
      case 'u':
      case 'user':
        this.#headers.push(['Authorization', `Basic ${encodeBase64(new TextEncoder().encode(value))}`]);
        break;
      case 'A':
      case 'user-agent':
        this.#headers.push(['User-Agent', value]);
        break;
      case 'e':
      case 'referer':
        this.#headers.push(['Referer', value]);
        break;
      case 'b':
      case 'cookie':
        if (value.includes('=')) this.#headers.push(['Cookie', value]);
        else this.#leftOut.push(`the cookies of the file ${value}`);
        break;
      case 'k':
      case 'insecure':
        this.#insecure = true;
        break;
      case 'G':
      case 'get':
        this.#query = true;
        break;
      case 'I':
      case 'head':
        this.#method ??= 'HEAD';
        break;
      case 'url':
        this.url(value);
        break;
      default:
        // Options about output are not part of the request.
        break;
    }
  }

  result(): PastedRequest | null {
    if (this.#url === '') return null;
    let body = this.#data.join('&');
    let url = this.#url;
    if (this.#query && body !== '') {
      url += (url.includes('?') ? '&' : '?') + body;
      body = '';
    }
    const named = (name: string): boolean => this.#headers.some(([key]) => key.toLowerCase() === name);
    if (this.#json && !named('content-type')) this.#headers.push(['Content-Type', 'application/json']);
    else if (body !== '' && !named('content-type')) {
      this.#headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
    }
    const method = this.#method ?? (body === '' ? 'GET' : 'POST');
    return {
      method,
      url,
      headers: this.#headers,
      body,
      insecure: this.#insecure,
      leftOut: this.#leftOut,
      note: null,
    };
  }

  #header(line: string): void {
    const colon = line.indexOf(':');
    // In curl `Name;` sends an empty value, and `Name:` removes the header.
    if (colon === -1 && line.endsWith(';')) this.#headers.push([line.slice(0, -1), '']);
    if (colon <= 0) return;
    const value = line.slice(colon + 1).trim();
    if (value !== '') this.#headers.push([line.slice(0, colon).trim(), value]);
  }

  #addData(value: string): void {
    if (value.startsWith('@')) this.#leftOut.push(`the body in the file ${value.slice(1)}`);
    else this.#data.push(value);
  }
}

function urlEncoded(value: string): string {
  const equals = value.indexOf('=');
  if (equals === -1) return encodeURIComponent(value);
  const name = value.slice(0, equals);
  return `${name === '' ? '' : `${name}=`}${encodeURIComponent(value.slice(equals + 1))}`;
}
