import { GrowingJson } from '../../core/json/growing-json.ts';
import type { GrowingNode } from '../../core/json/growing-node.ts';
import type { ItemDetail } from '../../contract/item.ts';

/**
 * The JSON of an item as far as it goes: whole, or the beginning of what is partial, malformed or was cut. Null where it
 * has none. Read here and not by the host, so that a tree never crosses the connection.
 */
export function readJson({ text, textLength, payload }: ItemDetail): GrowingNode | null {
  if (text === null || payload === null) return null;
  if (payload.state !== 'complete' && payload.state !== 'partial' && payload.state !== 'malformed')
    return null;
  const json = new GrowingJson();
  json.push(text);
  // Only the end tells that a number is whole.
  if (text.length === textLength) json.end();
  return json.root;
}
