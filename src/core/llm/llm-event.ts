import { documentValue, type JsonDocument } from '../json/documents.ts';
import type { LlmEvent } from './assembly.ts';

/**
 * A document as the assemblers see it. A text that was cut over several events counts for the one that made it whole.
 *
 * @param type type of that event
 */
export function llmEvent(document: JsonDocument, type: string): LlmEvent {
  return {
    seq: document.events[1],
    type,
    value: documentValue(document),
    sentinel: document.state === 'sentinel',
    text: document.text,
  };
}
