import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { writePrivateFile } from '../files/write-private-file.ts';

/** The part of Electron's `safeStorage` that is used: named so that a test can stand in for a keyring. */
export interface Keyring {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
}

const fileContent = z.record(z.string(), z.string());

/**
 * Secrets by name, as an API key. Kept on disk, encrypted, where a real keyring holds the key to them; else in memory,
 * until the application ends. Only the main process ever reads them.
 */
export class SecretStorage {
  readonly #path: string;
  readonly #keyring: Keyring;
  #secrets: Map<string, string> | null = null;

  /**
   * @param path of the file; each secret in it is base64 of what the keyring made of it
   */
  constructor(path: string, keyring: Keyring) {
    this.#path = path;
    this.#keyring = keyring;
  }

  /** Where secrets are kept. Electron's `basic_text` encrypts with a key that everybody knows: it counts as none. */
  get kept(): 'keyring' | 'memory' {
    if (!this.#keyring.isEncryptionAvailable()) return 'memory';
    const backend = process.platform === 'linux' ? this.#keyring.getSelectedStorageBackend?.() : 'system';
    return backend === undefined || backend === 'basic_text' || backend === 'unknown' ? 'memory' : 'keyring';
  }

  /** Null where there is none, or where the keyring no longer opens it. */
  async get(name: string): Promise<string | null> {
    return (await this.#load()).get(name) ?? null;
  }

  /** Keeps a secret; null forgets it. Throws where the file cannot be written: it is then kept in memory only. */
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
      // Absent, damaged, or of another keyring: the user gives the secret again.
      return new Map();
    }
  }
}
