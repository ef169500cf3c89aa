import { create } from 'zustand';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureFileFormat } from '../../core/import/file-format.ts';

/** What is open above the panes, or asks for something. One at a time. */
export type OpenDialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  /** Asks for files. They are read as `format`, or as what they look like where it is null. */
  | { readonly kind: 'open-file'; readonly format: CaptureFileFormat | null }
  /** Asks which format files are to be read as. */
  | { readonly kind: 'open-as' }
  | { readonly kind: 'export' }
  | { readonly kind: 'rename'; readonly capture: CaptureId }
  /** Asks what a capture is compared with. */
  | { readonly kind: 'compare'; readonly capture: CaptureId }
  | { readonly kind: 'delete'; readonly capture: CaptureId }
  /** Asks for the addresses of a server of one's own, to climb. */
  | { readonly kind: 'own-server' }
  | { readonly kind: 'kept-runs' }
  | { readonly kind: 'delete-ladder-runs' };

export interface DialogsState {
  readonly open: OpenDialog | null;
  readonly show: (dialog: OpenDialog) => void;
  readonly close: () => void;
}

export const useDialogs = create<DialogsState>()((set) => ({
  open: null,
  show: (open) => set({ open }),
  close: () => set({ open: null }),
}));
