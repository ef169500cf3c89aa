import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { ExportResult } from '../../contract/export.ts';
import type { Capabilities } from '../../contract/host-description.ts';
import type { LadderSetting } from '../ladder/lab/lab-rung.ts';
import type { Secrets } from './secrets.ts';

/** A file made for the user, as a stream of its bytes. */
export interface OutgoingFile {
  /** Suggested name with extension, without any path. */
  readonly fileName: string;
  readonly contentType: string;
  /** Makes the bytes; called once, when and where they are wanted. */
  readonly body: () => AsyncIterable<Uint8Array>;
}

/** What a host gets from where it runs: Electron's main process, or a plain Node process behind a browser. */
export interface HostPlatform {
  readonly capabilities: Capabilities;
  /** Versions worth showing: node, electron, chromium, platform. */
  readonly runtime: { readonly [name: string]: string };
  /** Hands a file to the user: a save dialog, or a download. */
  readonly deliver: (file: OutgoingFile) => Promise<ExportResult>;
  /** Where the model's key is kept. */
  readonly secrets: Secrets;
  /** The page that rung 2 opens streams in, or why there is none. */
  readonly browser: LadderSetting['browser'];
  /** Where `OPENAI_API_KEY` and its like are looked up. */
  readonly environment: { readonly [name: string]: string | undefined };
}

/** Writes an outgoing file to a path whole or not at all: a failed export leaves no half file behind. */
export async function writeOutgoingFile(file: OutgoingFile, path: string): Promise<void> {
  // A name that nobody else has, nor could have put a link at.
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      for await (const bytes of file.body()) await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
