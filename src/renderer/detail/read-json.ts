import { GrowingJson } from '../../core/json/growing-json.ts';
import type { GrowingNode } from '../../core/json/growing-node.ts';
import type { ItemDetail } from '../../contract/item.ts';

/**
 * The JSON tree of an item: complete, or as far as partial, malformed or cut text can be read. Null if the item has no
 * JSON. Parsed here and not by the host, so that no tree crosses the connection.
 */
export function readJson({ text, textLength, payload }: ItemDetail): GrowingNode | null {
  if (text === null || payload === null) return null;
  if (payload.state !== 'complete' && payload.state !== 'partial' && payload.state !== 'malformed')
    return null;
  const json = new GrowingJson();
  json.push(text);
  // A number is complete only at the end of the text.
  if (text.length === textLength) json.end();
  return json.root;
}
