import type { Evidence, FindingCode, Severity } from '../finding.ts';
import type { Instances } from '../facts/instances.ts';
import type { BlockFact, FlawFact, StreamFacts } from '../facts/stream-facts.ts';
import type { Rule } from '../rule.ts';
import { isOtherBody, isSuccess } from './endpoint.ts';
import { plural } from '../../text/wording.ts';

/** Bytes came, and not one event was dispatched. About JSON lines that are all blank there is nothing to say. */
const noEvents: Rule = {
  code: 'no-events',
  rung: 3,
  severity: 'error',
  known: 'Bytes come, and onmessage is never called.',
  recognised:
    'The capture ended, bytes came, and no event was dispatched. Silent for comments only, for other statuses than 2xx, and ' +
    'where the body is not an event stream at all (body-not-sse).',
  causes: [
    'The lines have no field name: JSON and blank lines are not events.',
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
    'The body ended, complete, inside an event with data. Silent where the connection was cut or the user stopped.',
  advice:
    'End every event with a blank line, the last one too: the standard discards what is unfinished, and only some SDKs show it.',
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
    'A line has a field name other than data, event, id and retry. [spec] "The field is ignored." A warning where it is ' +
    'one of these in another spelling, so that a client loses what was meant for it.',
  advice: 'Put what clients must see into data; other field names are dropped by every client.',
  test({ facts: { unknownFields, events } }) {
    // Where nothing is an event, no-events reports it.
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
    'A text was cut at bytes before it was put into events.',
  ],
  advice: 'Encode as UTF-8, and cut text at characters, not at bytes, before it is put into events.',
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
  known: 'Now and then a character is broken on the client.',
  recognised:
    'A chunk ends inside a UTF-8 sequence. The stream is right; a client that decodes each chunk alone is not.',
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
    'An event has bytes in several chunks. The stream is right; a client that parses each chunk alone is not.',
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
    'A line other than the first begins with U+FEFF, so that its field is unknown; or the body begins with two.',
  causes: [
    'Files or parts with a byte order mark of their own were joined.',
    'A writer adds one to each piece.',
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
  'The reconnection time is not taken.',
  'A retry field holds anything but ASCII digits.',
  'Send whole milliseconds: "retry: 3000".',
  (facts) => facts.invalidRetries,
  (count) => `${plural(count, 'retry field')} without a whole number of milliseconds: ignored.`,
);

/** [spec] HTML §9.2.6: an id that contains U+0000 NULL is ignored. */
const idContainsNull: Rule = flawRule(
  'id-contains-null',
  'warning',
  'Last-Event-ID is not the last one.',
  'An id field holds U+0000.',
  'Use ids without NUL, control characters and line feeds.',
  (facts) => facts.nullIds,
  (count) => `${plural(count, 'id')} with a NUL: ignored, so a reconnection asks for an older one.`,
);

const lineTooLong: Rule = {
  code: 'line-too-long',
  rung: 3,
  severity: 'warning',
  known: 'The client stops, or runs out of memory.',
  recognised: 'A line is longer than 16 MiB, or a block than 64 MiB. Lines of some 100 kB are healthy.',
  advice: 'Send large content by reference, or in several events.',
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
  known: 'A home-made parser sees half of the events.',
  recognised:
    'Lines end in more than one of LF, CRLF and CR. Allowed, but parsers that split at one of them fail.',
  advice: 'End all lines the same way; clients must accept all three.',
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

/** The rules of rung 3: a client that reads the bytes as the standard says gets every event. */
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

function blocksOf({ first }: Instances<BlockFact>): Evidence[] {
  return first.map(({ block }) => ({ kind: 'block', block }));
}

function bytesOf({ first }: Instances<BlockFact>): Evidence[] {
  return first.map(({ start, end }) => ({ kind: 'bytes', start, end }));
}
