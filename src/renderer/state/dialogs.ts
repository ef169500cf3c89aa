import { create } from 'zustand';
import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureFileFormat } from '../../core/import/file-format.ts';

/** The dialog that is open, or whose input is shown in a pane. One at a time. */
export type OpenDialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  /** Asks for files. They are read as `format`; null detects the format. */
  | { readonly kind: 'open-file'; readonly format: CaptureFileFormat | null }
  /** Asks for the format that files are read as. */
  | { readonly kind: 'open-as' }
  | { readonly kind: 'export' }
  | { readonly kind: 'rename'; readonly capture: CaptureId }
  /** Asks for the capture to compare with. */
  | { readonly kind: 'compare'; readonly capture: CaptureId }
  | { readonly kind: 'delete'; readonly capture: CaptureId }
  /** Asks for the addresses of the user's own server. */
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
