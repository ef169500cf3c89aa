/** A request as a command that was pasted gives it. */
export interface PastedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly insecure: boolean;
  /** What could not be taken over, for the user: a body in a file. */
  readonly leftOut: readonly string[];
  /** What the user should know besides; null for nothing. */
  readonly note: string | null;
}
