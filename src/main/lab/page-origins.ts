/** The origins whose pages may read the lab: none but those that the application opens itself. */
export class PageOrigins {
  readonly #allowed = new Map<string, number>();

  /** Allows an origin until the returned function is called. */
  allow(origin: string): () => void {
    this.#allowed.set(origin, (this.#allowed.get(origin) ?? 0) + 1);
    let allowed = true;
    return () => {
      if (!allowed) return;
      allowed = false;
      const left = (this.#allowed.get(origin) ?? 1) - 1;
      if (left > 0) this.#allowed.set(origin, left);
      else this.#allowed.delete(origin);
    };
  }

  /** The origin, where it is one that is allowed, else null. */
  allowed(origin: string | undefined): string | null {
    return origin !== undefined && this.#allowed.has(origin) ? origin : null;
  }
}
