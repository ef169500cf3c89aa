import { create } from 'zustand';
import { Refusal } from '../../contract/refusal.ts';
import { encodeBase64 } from '../../core/capture/base64.ts';
import type { CaptureFileFormat } from '../../core/import/file-format.ts';
import { useCaptures } from './captures.ts';
import { callHost, problemOf, useHost } from './host.ts';

/** A file that is being sent to the host. */
export interface RunningImport {
  readonly fileName: string;
  /** Bytes. */
  readonly size: number;
  readonly sent: number;
}

/** The part of `File` that an import needs. */
export interface ImportedFile {
  readonly name: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export interface ImportsState {
  readonly running: RunningImport | null;
  /** The user cancelled: the current file is dropped, and no other follows. */
  readonly cancelled: boolean;
  /**
   * Opens files one after the other and shows the first capture of the last one. A file that fails is reported by name.
   *
   * @param format how the files are read; null or absent detects it
   */
  readonly open: (files: readonly ImportedFile[], format?: CaptureFileFormat | null) => Promise<void>;
  /** Drops the file that is being sent and those after it. */
  readonly cancel: () => void;
}

/** Bytes of a file per request. */
export const sliceSize = 1024 * 1024;

export const useImports = create<ImportsState>()((set, get) => ({
  running: null,
  cancelled: false,

  open: async (files, format = null) => {
    if (get().running !== null)
      return useHost.getState().notify('error', 'Another file is still being opened.');
    set({ cancelled: false });
    for (const file of files) {
      if (get().cancelled) break;
      try {
        set({ running: { fileName: file.name, size: file.size, sent: 0 } });
        const first = await send(file, format, (sent) =>
          set({ running: { fileName: file.name, size: file.size, sent } }),
        );
        if (first !== undefined) useCaptures.getState().show(first);
      } catch (error) {
        const problem = problemOf(error);
        const named = problem.startsWith(file.name)
          ? problem
          : `${file.name} could not be opened. ${problem}`;
        const mayBeOther = format === null && error instanceof Refusal && error.code === 'bad-file';
        useHost
          .getState()
          .notify('error', mayBeOther ? `${named} If you know its format, use “Open as…”.` : named);
      } finally {
        set({ running: null });
      }
    }
  },

  cancel: () => set({ cancelled: true }),
}));

function isCancelled(): boolean {
  return useImports.getState().cancelled;
}

async function send(file: ImportedFile, format: CaptureFileFormat | null, onSent: (sent: number) => void) {
  const { upload } = await callHost('import.begin', {
    fileName: file.name,
    size: file.size,
    ...(format === null ? {} : { format }),
  });
  try {
    for (let at = 0; at < file.size; at += sliceSize) {
      if (isCancelled()) break;
      const end = Math.min(file.size, at + sliceSize);
      const bytes = new Uint8Array(await file.slice(at, end).arrayBuffer());
      await callHost('import.append', { upload, base64: encodeBase64(bytes) });
      onSent(end);
    }
    if (!isCancelled()) return (await callHost('import.finish', { upload })).captures[0];
  } catch (error) {
    // Whether the host can still drop its part of the file does not matter to the user.
    callHost('import.cancel', { upload }).catch(() => {});
    throw error;
  }
  await callHost('import.cancel', { upload });
  return undefined;
}
