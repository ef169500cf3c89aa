import type { EndReason } from '../capture/record.ts';
import type { MessageEnd } from '../llm/message.ts';

/**
 * How a stream ended, as two independent facts: a reset after a complete message is harmless, a clean end without a
 * terminal event is not.
 */
export interface EndVerdict {
  /** How the transport ended; null while it is open. */
  readonly transport: EndReason | null;
  /** How the message ended. */
  readonly message: MessageEnd;
  /** Both in words, with their joint meaning. */
  readonly text: string;
}

/** Combines the two ends of a stream. */
export function endVerdict(transport: EndReason | null, message: MessageEnd): EndVerdict {
  if (transport === null)
    return { transport, message, text: `The stream is open; ${messageWords(message)}.` };
  return {
    transport,
    message,
    text: `${transportWords(transport)}, and ${messageWords(message)}${together(transport, message)}.`,
  };
}

function transportWords(transport: EndReason): string {
  switch (transport) {
    case 'complete':
      return 'The body is complete';
    case 'aborted':
      return 'It was stopped here';
    case 'premature-close':
      return 'The connection closed early';
    case 'timeout':
      return 'The client gave up waiting';
    case 'error':
      return 'The transport failed';
  }
}

function messageWords(message: MessageEnd): string {
  switch (message) {
    case 'complete':
      return 'the message is whole';
    case 'unfinished':
      return 'the message is unfinished';
    case 'failed':
      return 'the provider sent an error';
    case 'none':
      return 'there is no message of a known dialect';
  }
}

function together(transport: EndReason, message: MessageEnd): string {
  const broken = transport === 'premature-close' || transport === 'timeout' || transport === 'error';
  if (broken && message === 'complete') return ': nothing is missing';
  if (transport === 'complete' && message === 'unfinished') return ': it looks like success and is not';
  return '';
}
