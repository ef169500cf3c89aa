interface ImportMeta {
  /** Set at build time: true only in `npm run dev`. Code for it is removed from the product. */
  readonly env: { readonly DEV: boolean };
}
