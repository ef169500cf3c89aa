import type { FindingEvidence, FindingCode, Severity } from '../finding.ts';
import type { Instances } from '../facts/instances.ts';
import type { BlockFact, FlawFact, StreamFacts } from '../facts/stream-facts.ts';
import type { Rule } from '../rule.ts';
import { isOtherBody, isSuccess } from './endpoint.ts';
import { plural } from '../../text/wording.ts';

/** Bytes came, but no event was dispatched. Says nothing about JSON lines, where blank lines are allowed. */
const noEvents: Rule = {
  code: 'no-events',
  rung: 3,
  severity: 'error',
  known: 'Bytes come, but onmessage is never called.',
  recognised:
    'The capture ended, and bytes came, but no event was dispatched. Not reported if there are only comments, if the status is ' +
    'not 2xx, or if the body is not an event stream at all (body-not-sse).',
  causes: [
    'The lines have no field name: a line of JSON alone is not an event.',
    'There is no blank line after the data.',
  ],
  advice: 'Each event needs a line that begins with "data:" and a blank line after it.',
  test({ facts }) {
    const { response, framing, bytes, events, comments, end, unknownFields, unfinished, undecoded } = facts;
    if (framing === 'ndjson' || undecoded !== null || bytes === 0 || events > 0 || end === null) return null;
    if (response !== null && !isSuccess(response.status)) return null;
    if (isOtherBody(facts) || unfinished.count > 0) return null;
    const onlyComments = comments > 0 && unknownFields.count === 0;
    if (onlyComments || (end.reason === 'aborted' && unknownFields.count === 0)) return null;
    return {
      message: `${plural(bytes, 'byte')} came and no event.`,
      evidence: [{ kind: 'bytes', start: 0, end: bytes }],
    };
  },
};

/** [spec] HTML §9.2.6: pending data at the end of the stream is discarded. */
const eventWithoutBlankLine: Rule = {
  code: 'event-without-blank-line',
  rung: 3,
  severity: 'error',
  known: 'The last event is lost.',
  recognised:
    'A complete body ends inside an event with data. Not reported if the connection was cut or the user stopped the stream.',
  advice:
    'End every event with a blank line, including the last: clients discard an unfinished event, as the standard says, ' +
    'except for some SDKs.',
  test({ facts: { unfinished, end } }) {
    if (unfinished.count === 0 || end === null || end.reason !== 'complete') return null;
    return {
      message: 'The stream ends inside an event, which is discarded: its blank line is missing.',
      evidence: bytesOf(unfinished),
    };
  },
};

const unknownField: Rule = {
  code: 'unknown-field',
  rung: 3,
  severity: 'info',
  known: 'A part of the event is missing on the client.',
  recognised:
    'A line has a field name other than data, event, id and retry. [spec] "The field is ignored." A warning if the name is ' +
    'one of these with capitals or extra spaces, because the client then loses the field.',
  advice: 'Put what clients must see into data: every client ignores other field names.',
  test({ facts: { unknownFields, events } }) {
    // Without any event, no-events reports it.
    if (unknownFields.count === 0 || events === 0) return null;
    const names = [
      ...new Set(
        unknownFields.first.map(({ flaw }) => (flaw.kind === 'unknown-field' ? `"${flaw.name}"` : '')),
      ),
    ];
    return {
      message: `${plural(unknownFields.count, 'line')} with a field that clients ignore: ${names.join(', ')}.`,
      evidence: blocksOf(unknownFields),
      severity: names.some((name) => /^"\s*(data|event|id|retry)\s*"$/i.test(name)) ? 'warning' : 'info',
    };
  },
};

/** [spec] HTML §9.2.6: event streams are always decoded as UTF-8. */
const utf8Invalid: Rule = {
  code: 'utf8-invalid',
  rung: 3,
  severity: 'warning',
  known: 'Umlauts or emoji come out as � (U+FFFD).',
  recognised: 'A block holds bytes that are not well-formed UTF-8.',
  causes: [
    'The text is encoded as ISO 8859-1 or another charset.',
    'Text was cut inside a character before it was put into events.',
  ],
  advice: 'Encode as UTF-8, and cut text between characters before you put it into events.',
  test({ facts: { illFormed } }) {
    if (illFormed.count === 0) return null;
    return {
      message: `${plural(illFormed.count, 'block')} with bytes that are not well-formed UTF-8.`,
      evidence: blocksOf(illFormed),
    };
  },
};

const utf8SplitAcrossChunks: Rule = {
  code: 'utf8-split-across-chunks',
  rung: 3,
  severity: 'info',
  known: 'Sometimes a character is broken on the client.',
  recognised:
    'A chunk ends inside a UTF-8 sequence. The stream is correct, but a client that decodes each chunk by itself is not.',
  advice: 'Decode with one streaming decoder: new TextDecoder().decode(chunk, { stream: true }).',
  test({ facts: { splitCharacters, illFormed } }) {
    if (splitCharacters.count === 0 || illFormed.count > 0) return null;
    return {
      message: `${plural(splitCharacters.count, 'chunk')} ended inside a character.`,
      evidence: splitCharacters.first.map(({ chunk }) => ({ kind: 'chunks', first: chunk, last: chunk + 1 })),
    };
  },
};

const eventSplitAcrossChunks: Rule = {
  code: 'event-split-across-chunks',
  rung: 3,
  severity: 'info',
  known: '"Unexpected end of JSON input" in a client that parses each chunk.',
  recognised:
    'An event has bytes in several chunks. The stream is correct, but a client that parses each chunk by itself is not.',
  advice: 'Parse events, not chunks: use EventSource, eventsource-parser or an SDK.',
  test({ facts: { splitEvents } }) {
    if (splitEvents.count === 0) return null;
    return {
      message: `${plural(splitEvents.count, 'event')} came in more than one chunk.`,
      evidence: splitEvents.first.map(({ first, last }) => ({ kind: 'chunks', first, last })),
    };
  },
};

/** [spec] HTML §9.2.6: one leading U+FEFF is ignored; any other is part of a field name. */
const strayBom: Rule = {
  code: 'stray-bom',
  rung: 3,
  severity: 'warning',
  known: 'The first event is missing.',
  recognised:
    'A line other than the first begins with U+FEFF, or the body begins with two. U+FEFF is then part of the field name.',
  causes: [
    'Files or parts that each begin with a byte order mark were joined.',
    'The server writes a byte order mark before each piece.',
  ],
  advice: 'Write without a byte order mark: UTF-8 needs none.',
  test({ facts: { strayBoms } }) {
    if (strayBoms.count === 0) return null;
    return {
      message: `${plural(strayBoms.count, 'line')} with a byte order mark before the field name: the field is ignored.`,
      evidence: blocksOf(strayBoms),
    };
  },
};

/** [spec] HTML §9.2.6: "If the field value consists of only ASCII digits … Otherwise, ignore the field." */
const retryInvalid: Rule = flawRule(
  'retry-invalid',
  'warning',
  'Clients ignore the reconnection time.',
  'A retry field contains something other than ASCII digits.',
  'Send whole milliseconds: "retry: 3000".',
  (facts) => facts.invalidRetries,
  (count) => `${plural(count, 'retry field')} without a whole number of milliseconds: ignored.`,
);

/** [spec] HTML §9.2.6: an id that contains U+0000 NULL is ignored. */
const idContainsNull: Rule = flawRule(
  'id-contains-null',
  'warning',
  'Last-Event-ID is not the id of the last event.',
  'An id field contains U+0000.',
  'Use ids without NUL and other control characters.',
  (facts) => facts.nullIds,
  (count) => `${plural(count, 'id')} with a NUL: ignored, so a reconnection asks for an older one.`,
);

const lineTooLong: Rule = {
  code: 'line-too-long',
  rung: 3,
  severity: 'warning',
  known: 'The client stops, or runs out of memory.',
  recognised: 'A line is longer than 16 MiB, or a block than 64 MiB. Lines of some 100 kB are normal.',
  advice: 'Send a link to large content, or split it into several events.',
  test({ facts: { cut } }) {
    if (cut.count === 0) return null;
    return {
      message: `${plural(cut.count, 'block')} too long to be shown whole. All bytes are in the capture.`,
      evidence: bytesOf(cut),
    };
  },
};

/** [spec] HTML §9.2.6 allows LF, CRLF and CR, mixed as well. */
const mixedLineEndings: Rule = {
  code: 'mixed-line-endings',
  rung: 3,
  severity: 'info',
  known: 'A hand-written parser misses events.',
  recognised:
    'Lines end in more than one of LF, CRLF and CR. The standard allows it, but parsers that split at only one of them fail.',
  advice: 'End all lines the same way. Clients must accept all three.',
  test({ facts: { lineEndings, framing } }) {
    const { usual, other } = lineEndings;
    if (other === null || framing !== 'event-stream') return null;
    return {
      message: `The first lines end in ${usual ?? 'LF'}, and one at byte ${other.offset} ends in ${other.ending}.`,
      evidence: [
        { kind: 'bytes', start: other.offset, end: other.offset + (other.ending === 'CRLF' ? 2 : 1) },
      ],
    };
  },
};

/** The rules of rung 3: a client that follows the standard gets every event. */
export const framingRules: readonly Rule[] = [
  noEvents,
  eventWithoutBlankLine,
  unknownField,
  utf8Invalid,
  utf8SplitAcrossChunks,
  eventSplitAcrossChunks,
  strayBom,
  retryInvalid,
  idContainsNull,
  lineTooLong,
  mixedLineEndings,
];

function flawRule(
  code: FindingCode,
  severity: Severity,
  known: string,
  recognised: string,
  advice: string,
  instances: (facts: StreamFacts) => Instances<FlawFact>,
  message: (count: number) => string,
): Rule {
  return {
    code,
    rung: 3,
    severity,
    known,
    recognised,
    advice,
    test({ facts }) {
      const found = instances(facts);
      return found.count === 0 ? null : { message: message(found.count), evidence: blocksOf(found) };
    },
  };
}

function blocksOf({ first }: Instances<BlockFact>): FindingEvidence[] {
  return first.map(({ block }) => ({ kind: 'block', block }));
}

function bytesOf({ first }: Instances<BlockFact>): FindingEvidence[] {
  return first.map(({ start, end }) => ({ kind: 'bytes', start, end }));
}
