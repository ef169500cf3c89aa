/**
 * Why a host refused a command. `code` is stable, so that a user interface can act on it; `message` is a
 * sentence for the user.
 */
const refusalCodes = [
  'bad-params',
  'unknown-command',
  'no-such-capture',
  'no-such-run',
  'no-such-comparison',
  'capture-busy',
  'bad-url',
  'bad-header',
  'bad-request',
  'secrets-missing',
  'bad-file',
  'bad-pattern',
  'storage',
  'not-available',
  'busy',
  'internal',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** A refusal on a connection. */
export interface RefusalData {
  readonly code: RefusalCode;
  readonly message: string;
}

/** Thrown by a host to refuse a command, and by a connection at the user interface's side. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The outcome of a command on a connection. Refusals are data, so that their code survives. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: RefusalData };

/** The asking side's half of `dispatch`: gives the value, or throws the refusal. */
export function settle(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.value;
  throw new Refusal(outcome.refusal.code, outcome.refusal.message);
}
