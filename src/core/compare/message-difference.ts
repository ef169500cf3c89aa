import type { MessageFacts } from './stream-outline.ts';

/** A member of a message that differs between A and B. */
export interface MessageDifference {
  /** Number of the message in its stream, from 0. */
  readonly message: number;
  readonly what: 'presence' | 'role' | 'finish reason' | 'error' | 'tools';
  /** Null if missing. */
  readonly a: string | null;
  readonly b: string | null;
}

/** Differences between messages apart from their texts, message by message. */
export function compareMessages(
  a: readonly MessageFacts[],
  b: readonly MessageFacts[],
): readonly MessageDifference[] {
  const differences: MessageDifference[] = [];
  for (let message = 0; message < Math.max(a.length, b.length); message++) {
    const facts = [factsOf(a[message]), factsOf(b[message])] as const;
    for (const what of ['presence', 'role', 'finish reason', 'error', 'tools'] as const) {
      if (facts[0][what] !== facts[1][what]) {
        differences.push({ message, what, a: facts[0][what], b: facts[1][what] });
      }
      // A missing message has no further differences.
      if (what === 'presence' && facts[0].presence !== facts[1].presence) break;
    }
  }
  return differences;
}

function factsOf(
  facts: MessageFacts | undefined,
): Readonly<Record<MessageDifference['what'], string | null>> {
  return {
    presence: facts === undefined ? null : 'present',
    role: facts?.role ?? null,
    'finish reason': facts?.finishReason ?? null,
    error: facts?.error ?? null,
    tools: facts === undefined || facts.tools.length === 0 ? null : facts.tools.join(', '),
  };
}
