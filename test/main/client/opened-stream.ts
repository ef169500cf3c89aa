import type { ConnectParams } from '../../../src/contract/connect-params.ts';
import type {
  CaptureRecord,
  ChunkRecord,
  EndRecord,
  NoteRecord,
  ResponseRecord,
} from '../../../src/core/capture/record.ts';
import { type ClientOptions, createClient } from '../../../src/main/client/client.ts';
import { parseStreamRequest } from '../../../src/main/client/stream-request.ts';
import type { Browser } from '../../../src/main/browser/browser.ts';
import { localBrowser } from '../../../src/main/browser/chromium-browser.ts';

/** The browser for client `browser`: a Chromium of this machine. */
function page(): Browser {
  const browser = localBrowser(process.env);
  if ('missing' in browser) throw new Error(browser.missing);
  return browser;
}

/** A stream opened by a test: the records so far, and ways to wait for more. */
export class OpenedStream {
  readonly records: CaptureRecord[] = [];
  readonly end: Promise<EndRecord>;
  readonly #abort = new AbortController();
  readonly #waiting = new Set<() => void>();

  /** @param onRecord its result is that of the sink */
  constructor(
    params: Partial<ConnectParams> & { url: string },
    options: ClientOptions = {},
    onRecord: (record: CaptureRecord) => Promise<void> | void = () => undefined,
  ) {
    const whole: ConnectParams = { client: 'raw', ...params };
    // Tests do not use the proxies of the machine.
    const client = createClient(whole.client, {
      environment: {},
      ...(whole.client === 'browser' ? { browser: page() } : {}),
      ...options,
    });
    this.end = client.open(
      parseStreamRequest(whole),
      (record) => {
        this.records.push(record);
        const answer = onRecord(record);
        for (const check of this.#waiting) check();
        return answer;
      },
      this.#abort.signal,
    );
  }

  get chunks(): readonly ChunkRecord[] {
    return this.records.filter((record) => record.kind === 'chunk');
  }

  get responses(): readonly ResponseRecord[] {
    return this.records.filter((record) => record.kind === 'response');
  }

  /** The decoded body so far, as text. */
  get text(): string {
    return Buffer.concat(this.chunks.map((chunk) => chunk.bytes)).toString('utf8');
  }

  /** The phases of the connection so far. */
  get phases(): readonly unknown[] {
    return this.notes('phase').map(({ fields }) => fields['phase']);
  }

  notes(name: string): readonly NoteRecord[] {
    return this.records.filter((record) => record.kind === 'note').filter((record) => record.note === name);
  }

  /** Settles as soon as `condition` holds; checked after each record. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  abort(): Promise<EndRecord> {
    this.#abort.abort();
    return this.end;
  }
}
