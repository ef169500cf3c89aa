/**
 * What became of an export: written where the user chose, given up by the user, or ready to be fetched from
 * `path` (relative to the page, once, by a host that has no dialogs).
 */
export type ExportResult =
  | { readonly kind: 'saved'; readonly path: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'download'; readonly path: string; readonly fileName: string };
