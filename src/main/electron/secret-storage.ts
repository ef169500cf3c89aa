import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { writePrivateFile } from '../files/write-private-file.ts';

/** The part of Electron's `safeStorage` that is used, so that a test can replace it. */
export interface Keyring {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
}

const fileContent = z.record(z.string(), z.string());

/**
 * Stores secrets such as API keys by name. They are encrypted on disk if the system has a keyring; otherwise they are
 * kept in memory until the application ends. Only the main process reads them.
 */
export class SecretStorage {
  readonly #path: string;
  readonly #keyring: Keyring;
  #secrets: Map<string, string> | null = null;

  /**
   * @param path of the file, which contains the encrypted secrets in base64
   */
  constructor(path: string, keyring: Keyring) {
    this.#path = path;
    this.#keyring = keyring;
  }

  /** Where secrets are kept. Electron's `basic_text` uses a public key: it does not count as a keyring. */
  get kept(): 'keyring' | 'memory' {
    if (!this.#keyring.isEncryptionAvailable()) return 'memory';
    const backend = process.platform === 'linux' ? this.#keyring.getSelectedStorageBackend?.() : 'system';
    return backend === undefined || backend === 'basic_text' || backend === 'unknown' ? 'memory' : 'keyring';
  }

  /** Null if there is none, or if the keyring cannot decrypt it. */
  async get(name: string): Promise<string | null> {
    return (await this.#load()).get(name) ?? null;
  }

  /** Stores a secret; null removes it. Throws if the file cannot be written: it is then kept in memory only. */
  async set(name: string, secret: string | null): Promise<void> {
    const secrets = await this.#load();
    if (secret === null) secrets.delete(name);
    else secrets.set(name, secret);
    if (this.kept === 'memory') return;
    if (secrets.size === 0) return rm(this.#path, { force: true });
    const content = Object.fromEntries(
      [...secrets].map(([key, value]) => [key, this.#keyring.encryptString(value).toString('base64')]),
    );
    await writePrivateFile(this.#path, `${JSON.stringify(content)}\n`);
  }

  async #load(): Promise<Map<string, string>> {
    this.#secrets ??= this.kept === 'keyring' ? await this.#read() : new Map();
    return this.#secrets;
  }

  async #read(): Promise<Map<string, string>> {
    try {
      const content = fileContent.parse(JSON.parse(await readFile(this.#path, 'utf8')));
      return new Map(
        Object.entries(content).map(([key, value]) => [
          key,
          this.#keyring.decryptString(Buffer.from(value, 'base64')),
        ]),
      );
    } catch {
      // Absent, damaged, or from another keyring: the user has to enter the secret again.
      return new Map();
    }
  }
}
