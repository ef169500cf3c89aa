/** Secrets by name. Only the main process ever reads them. */
export interface Secrets {
  /** Where they are kept: until this process ends, or in the system's keyring. */
  readonly kept: 'keyring' | 'memory';
  /** Null where there is none. */
  get(name: string): Promise<string | null>;
  /** Keeps a secret; null forgets it. */
  set(name: string, secret: string | null): Promise<void>;
}

/** For a host without a keyring: nothing is ever written. */
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
