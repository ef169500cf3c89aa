import { assertNever } from '../assert-never.ts';
import { duration } from '../text/wording.ts';
import type { FindingEvidence } from './finding.ts';

/** A piece of evidence in words, such as `chunks 3–7`. It can contain text of the stream. */
export function evidenceText(evidence: FindingEvidence): string {
  switch (evidence.kind) {
    case 'event':
      return `event ${evidence.seq}`;
    case 'block':
      return `block ${evidence.block}`;
    case 'document':
      return `JSON ${evidence.document}${evidence.at === null ? '' : `, character ${evidence.at}`}`;
    case 'bytes': {
      const { start, end } = evidence;
      return end - start === 1 ? `byte ${start}` : `bytes ${start}–${end - 1}`;
    }
    case 'chunks': {
      const { first, last } = evidence;
      return first === last ? `chunk ${first}` : `chunks ${first}–${last}`;
    }
    case 'url':
      return evidence.url;
    case 'note':
      return `${evidence.at === null ? '' : `after ${duration(evidence.at)}: `}${evidence.text}`;
    case 'gap':
      return `${duration(evidence.ms)} without a byte, ${duration(evidence.at)} after the request`;
    case 'header':
      return `${evidence.name}: ${evidence.value === '' ? 'absent' : evidence.value}`;
    case 'status':
      return `status ${evidence.status}`;
    case 'end':
      return `end: ${evidence.reason}${evidence.error === null ? '' : `, ${evidence.error}`}`;
    default:
      return assertNever(evidence);
  }
}
