import { type DocumentFact, KEYS_DOCUMENTS } from '../facts/json-facts.ts';
import type { Instances } from '../facts/instances.ts';
import type { FindingEvidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { plural } from '../../text/wording.ts';

/** The output of Python's str() or repr() for a dict or list: single quotes, None, True. */
const pythonRepr = /^\s*[[{]\s*(?:'|None\b|True\b|False\b)|:\s*(?:None|True|False)\b/;

const jsonMalformed: Rule = {
  code: 'json-malformed',
  rung: 5,
  severity: 'error',
  known: 'Unexpected token in JSON.',
  recognised:
    'A payload begins like a JSON object or array but is not valid JSON. Not reported for text in brackets, such as "[INFO] …" ' +
    'or "{name}".',
  advice: 'Serialise each payload with a JSON library. Never build it from strings.',
  test({ facts: { json } }) {
    const { malformed } = json;
    const [first] = malformed.first;
    if (first === undefined) return null;
    const isPython = pythonRepr.test(first.text);
    return {
      message: `Event ${first.seq} is not JSON: ${first.message} at position ${first.at ?? 0}.${others(malformed)}`,
      evidence: documentsOf(malformed.first),
      ...(isPython
        ? {
            causes: ["The payload is Python's repr of an object: str(data) instead of json.dumps(data)."],
            advice: 'Write the payload with json.dumps(data).',
          }
        : {}),
    };
  },
};

const jsonTruncated: Rule = {
  code: 'json-truncated',
  rung: 5,
  severity: 'error',
  known: 'Unexpected end of JSON input.',
  recognised:
    'A JSON text begins in an event, and neither that event nor the ones after it complete it. Info for the last JSON line ' +
    'of a stream that was stopped or cut off.',
  causes: ['A size limit cuts payloads.', 'The connection from which the server gets the payload was cut.'],
  advice:
    'Send each JSON text whole. Where the server makes it, look for a size limit or a connection that was cut.',
  test({ facts: { json, framing, events, end } }) {
    const { truncated } = json;
    const [first] = truncated.first;
    if (first === undefined) return null;
    // The end of the connection cut off the last line. An event would not have been dispatched.
    const isCutLine =
      framing === 'ndjson' && end !== null && end.reason !== 'complete' && first.seq === events - 1;
    return {
      message: `The JSON text of event ${first.seq} is unfinished: ${first.message} at its end.${others(truncated)}`,
      evidence: documentsOf(truncated.first),
      severity: isCutLine ? 'info' : 'error',
    };
  },
};

const jsonSplitAcrossEvents: Rule = {
  code: 'json-split-across-events',
  rung: 5,
  severity: 'warning',
  known: 'JSON.parse fails on each event, but not on all of them joined.',
  recognised: 'A JSON text begins in one event and is completed by a later one.',
  causes: [
    'The server cuts its output into events by size, not by JSON text.',
    'A line feed inside the JSON was sent as the end of an event.',
  ],
  advice: 'Send one whole JSON text in each event: clients that parse the data of each event fail here.',
  test({ facts: { json } }) {
    const { count, first } = json.split;
    if (count === 0) return null;
    return {
      message: `${plural(count, 'JSON text')} split across several events.`,
      evidence: documentsOf(first),
    };
  },
};

/** [spec] RFC 8259 §4: "The names within an object SHOULD be unique." */
const duplicateKey: Rule = {
  code: 'duplicate-key',
  rung: 5,
  severity: 'warning',
  known: 'A property has another value than the one that the server set.',
  recognised: `An object in one of the first ${KEYS_DOCUMENTS} documents has a key twice. JSON.parse keeps the last value; other parsers keep the first, or fail.`,
  advice: 'Write each key once.',
  test({ facts: { json } }) {
    const { count, first } = json.duplicateKeys;
    const [one] = first;
    if (one === undefined) return null;
    return {
      message: `The key ${one.message} occurs twice in one object, first in event ${one.seq}${count > 1 ? `; the same problem is in ${count} documents` : ''}.`,
      evidence: documentsOf(first),
    };
  },
};

/** [spec] RFC 8259 §6: integers within [-(2**53)+1, (2**53)-1] "are interoperable". */
const numberPrecisionLoss: Rule = {
  code: 'number-precision-loss',
  rung: 5,
  severity: 'warning',
  known: 'An id ends in 000 on the client.',
  recognised:
    'A number is an integer outside ±2^53 that a double cannot represent. Fractions are not checked.',
  advice: 'Send large integers as strings.',
  test({ facts: { json } }) {
    const { count, first } = json.imprecise;
    const [one] = first;
    if (one === undefined) return null;
    return {
      message: `An integer changes in JavaScript: ${one.message}, in event ${one.seq}${count > 1 ? `; the same problem is in ${count} documents` : ''}.`,
      evidence: documentsOf(first),
    };
  },
};

/** The rules of rung 5: payloads parse. */
export const jsonRules: readonly Rule[] = [
  jsonMalformed,
  jsonTruncated,
  jsonSplitAcrossEvents,
  duplicateKey,
  numberPrecisionLoss,
];

function documentsOf(facts: readonly DocumentFact[]): FindingEvidence[] {
  return facts.map(({ document, at }) => ({ kind: 'document', document, at }));
}

/** The other documents: the first few by event, and the number of the rest. */
function others({ count, first }: Instances<DocumentFact>): string {
  if (count < 2) return '';
  const named = first.slice(1).map(({ seq }) => seq);
  const more = count - 1 - named.length;
  return ` Also event${named.length === 1 && more === 0 ? '' : 's'} ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
