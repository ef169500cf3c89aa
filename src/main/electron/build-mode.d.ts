interface ImportMeta {
  /** Set when the application is built: true in `npm run dev` alone. What it guards is not in the product. */
  readonly env: { readonly DEV: boolean };
}
