import {
  isJsonObject,
  type JsonObject,
  arrayMember,
  indexMember,
  member,
  objectMember,
  stringMember,
} from '../json/json-value.ts';
import { MAX_PARTS, type Assembler, type LlmEvent, type Problems } from './assembly.ts';
import { tokensMember, type Dialect, type PayloadOutput } from './dialect.ts';
import {
  appendArguments,
  keepExtras,
  newMessage,
  newOtherPart,
  newTextPart,
  newToolCall,
  type Message,
  type MessagePart,
} from './message.ts';
import { errorSentence, eventError } from './provider-error.ts';

/** Members of a message's delta that are read elsewhere. */
const knownMembers = new Set(['stop_reason']);

/**
 * Anthropic's Messages API: `message_start`, content blocks by index (`content_block_start`, `_delta`, `_stop`),
 * `message_delta` with the stop reason and usage, `message_stop`; `ping` and `error` in between.
 */
class AnthropicMessagesAssembler implements Assembler {
  readonly messages: Message[] = [];
  terminated = false;
  readonly #problems: Problems;
  readonly #blocks = new Map<number, MessagePart>();
  #message: Message | null = null;
  /** The event with message_start. */
  #started: number | null = null;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  push(event: LlmEvent): void {
    const { seq, type: eventType, value } = event;
    const error = eventError(event);
    if (error !== null) this.#fail(this.#begun(seq), error, seq);
    if (error !== null || !isJsonObject(value)) return;
    const type = stringMember(value, 'type') ?? eventType;
    if (type === 'ping') return;
    const message = this.#begun(seq);
    message.lastSeq = seq;
    switch (type) {
      case 'message_start':
        this.#start(message, objectMember(value, 'message'), seq);
        return;
      case 'content_block_start':
        this.#startBlock(message, value, seq);
        return;
      case 'content_block_delta':
        this.#readDelta(message, value, seq);
        return;
      case 'content_block_stop':
        this.#stopBlock(value, seq);
        return;
      case 'message_delta':
        this.#readMessageDelta(message, value, seq);
        return;
      case 'message_stop':
        this.terminated = true;
        message.complete = message.error === null;
        return;
      default:
      // The documentation: "your code should handle unknown event types gracefully".
    }
  }

  end(aborted: boolean): void {
    if (aborted || this.terminated || this.#message === null || this.#message.error !== null) return;
    this.#problems.add('missing-terminal-event', null, 'The stream ended without message_stop');
  }

  #fail(message: Message, error: string, seq: number): void {
    message.lastSeq = seq;
    message.error ??= { message: error, seq };
    message.complete = false;
    this.#problems.add('error-in-stream', seq, errorSentence(error));
  }

  #begun(seq: number): Message {
    if (this.#message === null) {
      this.#message = newMessage(anthropicMessages.id, 0, seq);
      this.messages.push(this.#message);
    }
    return this.#message;
  }

  #start(message: Message, start: JsonObject | null, seq: number): void {
    if (this.#started !== null) {
      const problem = `message_start is repeated for the message that event ${this.#started} began`;
      this.#problems.add('data-after-done', seq, problem, true);
      return;
    }
    if (message.firstSeq !== seq) {
      this.#problems.add(
        'out-of-order',
        seq,
        `message_start follows event ${message.firstSeq} of its message`,
      );
    }
    this.#started = seq;
    if (start === null) return;
    message.id = stringMember(start, 'id');
    message.model = stringMember(start, 'model');
    message.role = stringMember(start, 'role');
    message.usage = objectMember(start, 'usage') ?? message.usage;
  }

  #startBlock(message: Message, value: JsonObject, seq: number): void {
    const index = indexMember(value, 'index');
    const block = objectMember(value, 'content_block');
    if (index === null || block === null) {
      this.#problems.add('unexpected-shape', seq, 'A content block starts without an index or a block');
      return;
    }
    if (this.#blocks.has(index)) {
      this.#problems.add('unexpected-shape', seq, `Content block ${index} starts twice`);
    }
    if (message.parts.length >= MAX_PARTS) return;
    const part = partOfBlock(block, seq);
    this.#blocks.set(index, part);
    message.parts.push(part);
  }

  #readDelta(message: Message, value: JsonObject, seq: number): void {
    const index = indexMember(value, 'index');
    const delta = objectMember(value, 'delta');
    const type = stringMember(delta ?? undefined, 'type');
    if (index === null || delta === null || type === null) {
      this.#problems.add('unexpected-shape', seq, 'A content block delta has no index, delta or type');
      return;
    }
    const part = this.#blocks.get(index) ?? this.#unannounced(message, index, type, seq);
    if (part === null) return;
    // Events after message_stop are reported elsewhere.
    if (part.done && !this.terminated)
      this.#problems.add('data-after-done', seq, `Content block ${index} continues after it stopped`);
    if (part.kind === 'tool-call') {
      const text = stringMember(delta, 'partial_json');
      if (text !== null) appendArguments(part, text, seq);
      return;
    }
    if (part.kind === 'other') return;
    const text = stringMember(delta, 'text') ?? stringMember(delta, 'thinking');
    if (text !== null) {
      part.text.append(text, seq);
      return;
    }
    const extra = member(delta, 'citation') ?? member(delta, 'signature');
    if (extra !== undefined) part.extras.push({ type: type.replace(/_delta$/, ''), value: extra, seq });
  }

  /** A delta for a block that never started: reported, and kept in a new block of its kind. */
  #unannounced(message: Message, index: number, deltaType: string, seq: number): MessagePart | null {
    this.#problems.add('tool-index-missing', seq, `Content block ${index} continues but never started`);
    if (message.parts.length >= MAX_PARTS) return null;
    const part =
      deltaType === 'input_json_delta'
        ? newToolCall('tool_use', seq)
        : newTextPart(
            deltaType === 'thinking_delta' || deltaType === 'signature_delta' ? 'reasoning' : 'text',
          );
    this.#blocks.set(index, part);
    message.parts.push(part);
    return part;
  }

  #stopBlock(value: JsonObject, seq: number): void {
    const index = indexMember(value, 'index');
    const part = index === null ? undefined : this.#blocks.get(index);
    if (part === undefined) {
      this.#problems.add('tool-index-missing', seq, `Content block ${index ?? '?'} stops but never started`);
      return;
    }
    part.done = true;
    if (part.kind === 'tool-call') this.#problems.checkArguments(part, seq);
  }

  #readMessageDelta(message: Message, value: JsonObject, seq: number): void {
    const delta = objectMember(value, 'delta') ?? {};
    message.finishReason = stringMember(delta, 'stop_reason') ?? message.finishReason;
    keepExtras(message.extras, delta, knownMembers);
    const usage = objectMember(value, 'usage');
    // Counts are cumulative and replace those of message_start; null means no change.
    if (usage !== null) message.usage = { ...message.usage, ...withoutNulls(usage) };
    if (message.finishReason === 'max_tokens' || message.finishReason === 'model_context_window_exceeded') {
      this.#problems.add(
        'length-limit-reached',
        seq,
        `The model stopped at its length limit: ${message.finishReason}`,
      );
    }
  }
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

function partOfBlock(block: JsonObject, seq: number): MessagePart {
  const type = stringMember(block, 'type') ?? 'unknown';
  if (type === 'text' || type === 'thinking') {
    const part = newTextPart(type === 'text' ? 'text' : 'reasoning');
    part.text.append(stringMember(block, type) ?? '', seq);
    const signature = stringMember(block, 'signature');
    if (signature !== null && signature !== '')
      part.extras.push({ type: 'signature', value: signature, seq });
    for (const citation of arrayMember(block, 'citations'))
      part.extras.push({ type: 'citations', value: citation, seq });
    return part;
  }
  if (type.endsWith('tool_use')) {
    const call = newToolCall(type, seq);
    call.id = stringMember(block, 'id');
    call.name = stringMember(block, 'name');
    call.given = member(block, 'input') ?? null;
    return call;
  }
  return newOtherPart(type, block, seq);
}

function anthropicOutput(value: JsonObject): PayloadOutput {
  const delta = objectMember(value, 'delta') ?? undefined;
  const thinking = stringMember(delta, 'thinking');
  const text = stringMember(delta, 'text') ?? thinking ?? stringMember(delta, 'partial_json') ?? '';
  // The counts in message_start precede the answer.
  const tokens = tokensMember(objectMember(value, 'usage'), 'output_tokens');
  return {
    length: text.length,
    reasoning: thinking?.length ?? 0,
    summary: 0,
    tokens: tokens === null ? null : { count: tokens, reasoning: 0 },
    finished: stringMember(delta, 'stop_reason') !== null || member(value, 'type') === 'message_stop',
  };
}

/** Event types that only the Messages API has. */
const ownTypes: ReadonlySet<string> = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
]);

/** The Messages API, recognised by the types of its events. */
export const anthropicMessages: Dialect<'anthropic-messages'> = {
  id: 'anthropic-messages',
  title: 'Anthropic Messages',
  matches(payload) {
    const type = stringMember(payload, 'type');
    return type !== null && ownTypes.has(type);
  },
  suggestedBy: ({ path }) => /\/messages\/?$/.test(path),
  begin: (problems) => new AnthropicMessagesAssembler(problems),
  beginsAnother(payload, first, { terminated }) {
    if (payload['type'] !== 'message_start') return false;
    // A start that repeats the id, or is late, does not begin a response.
    const id = stringMember(objectMember(payload, 'message') ?? undefined, 'id');
    return terminated || (first.id !== null && id !== first.id);
  },
  output: anthropicOutput,
  outputPaths: ['delta.text', 'delta.thinking', 'delta.partial_json'],
  terminal: 'message_stop',
  hasSentinel: false,
};
