import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  objectMember,
  stringMember,
} from '../json/json-value.ts';
import type { PayloadOutput, StreamHead } from './dialect.ts';
import { dialectOfPayload, type DialectName } from './dialects.ts';

/** The model output in one payload, and its dialect. */
export interface Output extends PayloadOutput {
  readonly dialect: DialectName;
  /** Bytes of members that only pad the payload to hide the length of its text. */
  readonly padding: number;
}

/** The model output in a payload; null in no known dialect. Stateless and cheap: it runs on live streams. */
export function outputOf(value: JsonValue | undefined, head: StreamHead): Output | null {
  const dialect = dialectOfPayload(value, head);
  if (dialect === null || !isJsonObject(value)) return null;
  return { dialect: dialect.id, padding: paddingOf(value), ...dialect.output(value) };
}

/** Bedrock pads its payloads with a prefix of this. */
const bedrockPadding = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Bytes of a payload's padding: OpenAI's `obfuscation`, and Bedrock's `p`, at the top or one object deeper. */
function paddingOf(value: JsonObject): number {
  const obfuscation = stringMember(value, 'obfuscation');
  if (obfuscation !== null) return memberBytes('obfuscation', obfuscation);
  const padding = stringMember(value, 'p') ?? stringMember(objectMember(value, 'delta') ?? undefined, 'p');
  return padding !== null && bedrockPadding.startsWith(padding) ? memberBytes('p', padding) : 0;
}

/** Bytes of a member in JSON: two pairs of quotes, a colon and a comma around key and text. */
function memberBytes(key: string, text: string): number {
  return key.length + text.length + 6;
}
