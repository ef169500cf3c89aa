import { quotedText, visibleText } from '../text/visible-text.ts';
import { GrowingJson } from './growing-json.ts';
import type { GrowingNode } from './growing-node.ts';
import { compactJson } from './compact-json.ts';

/** What distinguishes a payload from the one before it, on one line. */
export interface ChangePreview {
  /** Path of the value shown, as `choices[0].delta.content`; null if the text is not from a JSON object or array. */
  readonly path: string | null;
  /** At most 240 characters, control characters made visible. */
  readonly text: string;
}

/** Code units of a payload that are read: the relevant part of a model's event is near its beginning. */
const READ_LENGTH = 16 * 1024;
const READ_NODES = 1000;
const TEXT_LENGTH = 240;
const PATH_LENGTH = 160;
/** A common beginning of at least this length is not shown again. */
const COMMON_LENGTH = 48;

/** Event types whose last payload is kept. */
const REMEMBERED_TYPES = 32;

/** Members with the model's output: worth showing even if they repeat. */
const telling =
  /^(?:content|text|delta|arguments|input|partial_json|partialJson|thinking|reasoning|reasoning_content|reasoning_text|summary|refusal|transcript|signature|message|response|output_text)$/;
/** Members with the outcome. */
const outcome = /^(?:finish_reason|finishReason|stop_reason|status|error|code|name|role|type|done|state)$/;
/** Members that differ, or are equal, in every event and say nothing about it. */
const noise =
  /^(?:id|.*_id|.*[a-z]Id|created|created_at|createdAt|completed_at|timestamp|time|date|ts|sequence_number|seq|index|.*_index|object|model|.*fingerprint|obfuscation|nonce|etag|service_tier|p|object_type|modelVersion|provider)$/;

/** A value, its relevance and its path. */
interface Candidate {
  readonly score: number;
  readonly node: GrowingNode;
  readonly path: Path | null;
}

/** A step of a path: a member name or an index, and the step before; null is the root. Linked, so a deep text costs its depth once. */
interface Path {
  readonly parent: Path | null;
  readonly step: string | number;
}

interface Visit {
  readonly node: GrowingNode;
  /** The node at the same path in the payload before, or null. */
  readonly before: GrowingNode | null;
  readonly path: Path | null;
  /** The member that contains the node, also through arrays. */
  readonly member: string;
  /** The outermost object or array around the node that is entirely new, or null. */
  readonly added: Candidate | null;
}

/**
 * The most relevant value of a payload, on one line: one that differs from the payload before it (of the same event
 * type; null for the first). Text is preferred to numbers, and anything to an identifier or a count. Only the beginning
 * of a huge payload is read.
 */
export function previewChange(previous: string | null, current: string): ChangePreview {
  const root = rootOf(current);
  if (root === null) return { path: null, text: textChange(previous, current) };
  const best = bestCandidate(root, previous === null ? null : rootOf(previous));
  if (best === null) return { path: null, text: shortened(visibleText(current.slice(0, READ_LENGTH))) };
  return { path: pathText(best.path), text: valueText(best.node, current) };
}

/** Previews of successive payloads, each compared with the last one of the same event type. */
export class PreviewSequence {
  readonly #last = new Map<string, string>();

  next(type: string, payload: string): ChangePreview {
    const preview = previewChange(this.#last.get(type) ?? null, payload);
    this.#last.delete(type);
    this.#last.set(type, payload);
    if (this.#last.size > REMEMBERED_TYPES) {
      for (const oldest of this.#last.keys()) {
        this.#last.delete(oldest);
        break;
      }
    }
    return preview;
  }
}

function rootOf(text: string): GrowingNode | null {
  const json = new GrowingJson();
  json.push(text.length > READ_LENGTH ? text.slice(0, READ_LENGTH) : text);
  if (text.length <= READ_LENGTH) json.end();
  const { root } = json;
  // A text that is not JSON is shown unchanged.
  if (json.problem !== null && json.problem.at < text.length) return null;
  return root !== null && (root.kind === 'object' || root.kind === 'array') ? root : null;
}

function bestCandidate(root: GrowingNode, before: GrowingNode | null): Candidate | null {
  let best: Candidate | null = null;
  const visits: Visit[] = [{ node: root, before, path: null, member: '', added: null }];
  for (let seen = 0; visits.length > 0 && seen < READ_NODES; seen++) {
    const visit = visits.pop();
    if (visit === undefined) break;
    const { node } = visit;
    if (node.kind === 'object' || node.kind === 'array') {
      // A stack: pushed in reverse, nodes are visited in order.
      const children = childrenOf(visit, before !== null);
      for (let i = children.length - 1; i >= 0; i--) visits.push(children[i] as Visit);
      if (children.length > 0) continue;
    }
    const score = scoreOf(visit);
    if (best !== null && score <= best.score) continue;
    // A new object without a relevant value is shown whole, rather than its first number.
    best =
      visit.added !== null && score < SCORE.outcome
        ? { ...visit.added, score }
        : { score, node, path: visit.path };
  }
  return best;
}

function childrenOf({ node, before, path, member, added }: Visit, hasBefore: boolean): Visit[] {
  const isNew = hasBefore && path !== null && (before === null || before.kind !== node.kind);
  const around = added ?? (isNew ? { score: 0, node, path } : null);
  const visits: Visit[] = [];
  if (node.kind === 'array') {
    const items = before?.kind === 'array' ? before.items : [];
    for (let i = 0; i < node.items.length && i < READ_NODES; i++) {
      visits.push({
        node: node.items[i] as GrowingNode,
        before: items[i] ?? null,
        path: { parent: path, step: i },
        member,
        added: around,
      });
    }
  } else if (node.kind === 'object') {
    const members = new Map<string, GrowingNode | null>();
    if (before?.kind === 'object') for (const { key, value } of before.members) members.set(key, value);
    for (const { key, value } of node.members.slice(0, READ_NODES)) {
      if (value === null) continue;
      visits.push({
        node: value,
        before: members.get(key) ?? null,
        path: { parent: path, step: key },
        member: key,
        added: around,
      });
    }
  }
  return visits;
}

const SCORE = {
  telling: 100,
  outcome: 60,
  string: 40,
  number: 30,
  other: 20,
  noise: 4,
  same: 2,
  nothing: 1,
} as const;

function scoreOf({ node, before, path, member }: Visit): number {
  const isNothing =
    (node.kind === 'literal' && node.text === 'null') ||
    (node.kind === 'string' && node.value === '') ||
    node.kind === 'object' ||
    node.kind === 'array';
  if (isNothing) return same(node, before) ? 0 : SCORE.nothing;
  // The event type has its own column.
  if (noise.test(member) || (member === 'type' && path?.parent === null))
    return same(node, before) ? SCORE.nothing : SCORE.noise;
  if (telling.test(member) && node.kind === 'string')
    return same(node, before) ? SCORE.telling : SCORE.telling + 1;
  if (same(node, before)) return SCORE.same;
  if (outcome.test(member)) return member === 'type' ? SCORE.outcome - 1 : SCORE.outcome;
  return node.kind === 'string' ? SCORE.string : node.kind === 'number' ? SCORE.number : SCORE.other;
}

function same(node: GrowingNode, before: GrowingNode | null): boolean {
  if (before === null || node.kind !== before.kind) return false;
  switch (node.kind) {
    case 'string':
      return before.kind === 'string' && node.value === before.value;
    case 'number':
    case 'literal':
      return (before.kind === 'number' || before.kind === 'literal') && node.text === before.text;
    case 'object':
      return before.kind === 'object' && node.members.length === before.members.length;
    case 'array':
      return before.kind === 'array' && node.items.length === before.items.length;
  }
}

function pathText(path: Path | null): string {
  const steps: (string | number)[] = [];
  for (let at = path; at !== null; at = at.parent) steps.push(at.step);
  let text = '';
  for (const step of steps.reverse()) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${quotedText(step.slice(0, PATH_LENGTH))}]`;
    if (text.length > PATH_LENGTH) break;
  }
  return shortened(text, PATH_LENGTH);
}

function valueText(node: GrowingNode, text: string): string {
  switch (node.kind) {
    case 'string': {
      const quoted = quotedText(node.value.slice(0, TEXT_LENGTH));
      const isWhole = !node.open && node.value.length <= TEXT_LENGTH;
      return shortened(isWhole ? quoted : `${quoted.slice(0, -1)}…`);
    }
    case 'number':
    case 'literal':
      return shortened(node.text);
    case 'object':
    case 'array':
      return shortened(visibleText(compactBeginning(text, node.start)));
  }
}

/** The JSON value that begins at `start`, without white space, cut to what is shown. */
function compactBeginning(text: string, start: number): string {
  let depth = 0;
  let inString = false;
  let end = start;
  for (; end < text.length && end < start + TEXT_LENGTH * 4; end++) {
    const character = text[end];
    if (inString) {
      if (character === '\\') end++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0)
      return compactJson(text.slice(start, end + 1));
  }
  return compactJson(text.slice(start, end));
}

/** The preview of a text that is not JSON. A long common beginning with the text before it is left out. */
function textChange(previous: string | null, current: string): string {
  let common = 0;
  if (previous !== null) {
    const most = Math.min(previous.length, current.length, READ_LENGTH);
    while (common < most && previous.charCodeAt(common) === current.charCodeAt(common)) common++;
  }
  const skipped = common >= COMMON_LENGTH && common < current.length ? common - COMMON_LENGTH / 4 : 0;
  const shown = visibleText(current.slice(skipped, skipped + TEXT_LENGTH + 1));
  return shortened(skipped > 0 ? `…${shown}` : shown);
}

function shortened(text: string, length: number = TEXT_LENGTH): string {
  if (text.length <= length) return text;
  // Not in the middle of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(text[length - 2] ?? '') ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}
