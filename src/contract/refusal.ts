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
  'bad-file',
  'bad-pattern',
  'storage',
  'not-available',
  'busy',
  'internal',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** A refusal as it crosses a connection. */
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
