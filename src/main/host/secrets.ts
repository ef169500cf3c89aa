/** Secrets by name. Only the main process ever reads them. */
export interface Secrets {
  /** Where they are stored: in memory until this process ends, or in the system's keyring. */
  readonly kept: 'keyring' | 'memory';
  /** Null if it is not set. */
  get(name: string): Promise<string | null>;
  /** Stores a secret; null deletes it. */
  set(name: string, secret: string | null): Promise<void>;
}

/** For a host without a keyring: in memory only. */
export class MemorySecrets implements Secrets {
  readonly kept = 'memory';
  readonly #secrets = new Map<string, string>();

  get(name: string): Promise<string | null> {
    return Promise.resolve(this.#secrets.get(name) ?? null);
  }

  set(name: string, secret: string | null): Promise<void> {
    if (secret === null) this.#secrets.delete(name);
    else this.#secrets.set(name, secret);
    return Promise.resolve();
  }
}
