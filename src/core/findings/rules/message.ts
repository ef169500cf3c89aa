import type { ProblemCode } from '../../llm/assembly.ts';
import { dialects } from '../../llm/dialects.ts';
import type { FindingEvidence, FindingCode, Severity } from '../finding.ts';
import type { StreamFacts } from '../facts/stream-facts.ts';
import type { Rule } from '../rule.ts';

/** The most problems that are quoted; the rest is counted. */
const MOST_QUOTED = 3;

interface Words {
  readonly severity: Severity;
  readonly known: string;
  readonly recognised: string;
  readonly advice: string;
  readonly causes?: readonly string[];
}

/** A rule about problems that the message assembler found. */
function assemblyRule(code: FindingCode & ProblemCode, words: Words): Rule {
  return {
    code,
    rung: 6,
    ...words,
    test({ problems, facts }) {
      const found = problems.filter((problem) => problem.code === code);
      if (found.length === 0) return null;
      const isHarmless = found.every(({ harmless }) => harmless);
      // Equal problems are quoted once.
      const texts = [...new Set(found.map(({ message }) => sentence(message)))];
      const more = texts.length > MOST_QUOTED ? ` And ${texts.length - MOST_QUOTED} more.` : '';
      return {
        ...(isHarmless ? { severity: 'info' as const } : {}),
        message: `${texts.slice(0, MOST_QUOTED).join(' ')}${more}`,
        evidence: [
          ...found
            .flatMap(({ seq }): FindingEvidence[] => (seq === null ? [] : [{ kind: 'event', seq }]))
            .slice(0, 5),
          ...(found.some(({ seq }) => seq === null) ? whereItStopped(facts) : []),
        ],
      };
    },
  };
}

/** A problem as a sentence. The provider's words are unchanged. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Evidence for something missing at the end: the last event, and how the stream ended. */
function whereItStopped({ events, end }: StreamFacts): FindingEvidence[] {
  const last: FindingEvidence[] = events === 0 ? [] : [{ kind: 'event', seq: events - 1 }];
  return [...last, { kind: 'end', reason: end?.reason ?? 'complete', error: end?.error?.message ?? null }];
}

/** The terminal events of the dialects, in words. */
const terminals = dialects.map(({ title, terminal }) => `${terminal} (${title})`).join(', ');

const missingTerminalEvent = assemblyRule('missing-terminal-event', {
  severity: 'error',
  known: 'It looks like success, but the answer is cut off.',
  recognised:
    `The dialect's end marker did not come: ${terminals}. Not reported if the user stopped the stream or the provider ` +
    'sent an error.',
  causes: ['The server or a proxy ended the response early.', 'The application dropped the last event.'],
  advice:
    'Treat the answer as failed, even if the connection ended normally, and find out what closes the stream.',
});

/** A stream that the user stopped needs no terminal event, and an error explains why it is missing. */
const cutShort: Rule = {
  ...missingTerminalEvent,
  test(diagnosed) {
    const { facts, problems } = diagnosed;
    if (facts.end?.reason === 'aborted') return null;
    if (problems.some(({ code }) => code === 'error-in-stream') || facts.errorFields.count > 0) return null;
    return missingTerminalEvent.test(diagnosed);
  },
};

const errorEvent = assemblyRule('error-in-stream', {
  severity: 'error',
  known: 'The status is 200, but the answer is an error.',
  recognised:
    'An event carries an error as its dialect defines it. In a stream of no known dialect, the event has type error, or nothing but ' +
    'errors came before it. Or a line has a field named error, which every client ignores.',
  advice: 'Clients must check for error events, not only the status.',
});

/** An error may also be in a field named error, which is not an event. */
const errorInStream: Rule = {
  ...errorEvent,
  test(diagnosed) {
    const { errorFields } = diagnosed.facts;
    const event = errorEvent.test(diagnosed);
    const [first] = errorFields.first;
    if (first === undefined) return event;
    const message = `A field named error, which no client sees, carries: ${sentence(first.value)}`;
    return {
      message: event === null ? message : `${event.message} ${message}`,
      evidence: [
        ...(event?.evidence ?? []),
        ...errorFields.first.map(({ block }): FindingEvidence => ({ kind: 'block', block })),
      ],
    };
  },
};

/** The rules of rung 6: the message is complete and correct. One rule per kind of problem that is a finding. */
export const messageRules: readonly Rule[] = [
  cutShort,
  errorInStream,
  assemblyRule('tool-arguments-invalid', {
    severity: 'error',
    known: 'The arguments of the tool call do not parse.',
    recognised:
      'The arguments of a finished tool call are not JSON, or the provider says that the call is malformed.',
    advice:
      'Do not run the tool with repaired arguments. Ask the model again, or let it write less in one call.',
  }),
  assemblyRule('tool-index-missing', {
    severity: 'warning',
    known: 'Two tool calls become one.',
    recognised:
      'A piece of a tool call does not say which call it belongs to, or two calls have the same index.',
    advice:
      'Each delta must say which call or block it belongs to. Some servers that imitate an API leave that out.',
  }),
  assemblyRule('data-after-done', {
    severity: 'warning',
    known: 'The rest of the answer is missing on the client.',
    recognised: 'Events of the dialect come after its terminal event, or a response begins twice.',
    advice:
      'Clients stop at the terminal event and never see the rest. Look for two streams joined into one.',
  }),
  assemblyRule('length-limit-reached', {
    severity: 'warning',
    known: 'The answer stops in the middle of a sentence.',
    recognised: 'The finish reason says that the limit on output tokens was reached.',
    advice: 'Raise the limit on output tokens, or ask the model to continue.',
  }),
  assemblyRule('content-filtered', {
    severity: 'warning',
    known: 'The answer stops, or is empty, without an explanation.',
    recognised:
      'The finish reason says that the provider withheld content, such as content_filter or SAFETY.',
    advice: 'Tell the user that the answer was withheld, and check the prompt.',
  }),
  assemblyRule('out-of-order', {
    severity: 'warning',
    known: 'The words are in the wrong order.',
    recognised:
      'An event comes too late or twice, according to its sequence_number or to the dialect’s order of events.',
    causes: [
      'The server handles the events of one stream in parallel.',
      'A reconnection sends events again.',
    ],
    advice: 'Send events in order, each once: clients apply them as they come.',
  }),
  assemblyRule('sequence-gap', {
    severity: 'warning',
    known: 'Words are missing in the middle.',
    recognised: 'An event’s sequence_number skips numbers, and the events with those numbers never come.',
    causes: ['A server or proxy between the model and the client filters events, or drops them under load.'],
    advice: 'Compare with the same stream straight from the provider.',
  }),
];
