import { z } from 'zod';
import { exportFormatNames } from '../core/export/formats.ts';

/** Formats that a capture can be exported to. */
export const exportFormat = z.enum(exportFormatNames);
export type ExportFormat = z.infer<typeof exportFormat>;

/**
 * The result of an export: saved where the user chose, cancelled by the user, or ready to be downloaded from
 * `path` (relative to the page, once, by a host that has no dialogs).
 */
export type ExportResult =
  | { readonly kind: 'saved'; readonly path: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'download'; readonly path: string; readonly fileName: string };
