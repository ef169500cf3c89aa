import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { ExportResult } from '../../contract/export.ts';
import type { Capabilities } from '../../contract/host-description.ts';
import type { LadderSetting } from '../ladder/lab/lab-rung.ts';
import type { Secrets } from './secrets.ts';

/** A file for the user, as a stream of bytes. */
export interface OutgoingFile {
  /** Suggested name with extension, without any path. */
  readonly fileName: string;
  readonly contentType: string;
  /** Produces the bytes. Called at most once. */
  readonly body: () => AsyncIterable<Uint8Array>;
}

/** What a host needs from its environment: Electron's main process, or a Node process that serves a browser. */
export interface HostPlatform {
  readonly capabilities: Capabilities;
  /** Versions worth showing: node, electron, chromium, platform. */
  readonly runtime: { readonly [name: string]: string };
  /** Gives a file to the user: through a save dialog, or as a download. */
  readonly deliver: (file: OutgoingFile) => Promise<ExportResult>;
  /** Where the model's key is kept. */
  readonly secrets: Secrets;
  /** The page that rung 2 opens streams in, or why it is missing. */
  readonly browser: LadderSetting['browser'];
  /** Environment variables: `OPENAI_API_KEY` and others. */
  readonly environment: { readonly [name: string]: string | undefined };
}

/** Writes an outgoing file atomically: a failed export leaves no file behind. */
export async function writeOutgoingFile(file: OutgoingFile, path: string): Promise<void> {
  // A name that cannot be guessed, so that nobody can have put a link there.
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
