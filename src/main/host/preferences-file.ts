import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { preferences, type Preferences } from '../../contract/preferences.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writePrivateFile } from '../files/write-private-file.ts';

/**
 * Preferences in a small JSON file. If it is missing or damaged, the defaults apply. If it cannot be written, changes last
 * until the application closes.
 */
export class PreferencesFile {
  readonly #path: string;
  #value: Preferences;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, value: Preferences) {
    this.#path = path;
    this.#value = value;
  }

  static async open(path: string): Promise<PreferencesFile> {
    let stored: unknown = {};
    try {
      stored = JSON.parse(await readFile(path, 'utf8'));
    } catch {
      // Absent or damaged: the defaults.
    }
    const isObject = typeof stored === 'object' && stored !== null && !Array.isArray(stored);
    return new PreferencesFile(path, preferences.parse(isObject ? stored : {}));
  }

  get(): Preferences {
    return this.#value;
  }

  set(change: { readonly [K in keyof Preferences]?: Preferences[K] | undefined }): Promise<void> {
    this.#value = preferences.parse({ ...this.#value, ...change });
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Settles when all changes so far are on disk. */
  flush(): Promise<void> {
    return this.#writing;
  }

  async #write(): Promise<void> {
    try {
      makeFolder(dirname(this.#path), 0o700);
      await writePrivateFile(this.#path, `${JSON.stringify(this.#value, null, 2)}\n`);
    } catch {
      // The preferences still apply until the application closes.
    }
  }
}
