import { arrayMember, indexMember, member, objectMember, stringMember } from '../json/json-access.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { MAX_CHOICES, MAX_PARTS, type Assembler, type LlmEvent, type Problems } from './assembly.ts';
import {
  appendArguments,
  newMessage,
  newOtherPart,
  newToolCall,
  textPartAtEnd,
  type Message,
} from './message.ts';
import { providerError } from './provider-error.ts';

/** Members of a candidate that are told of already. */
const knownMembers = new Set(['content', 'finishReason', 'index']);

/**
 * Google's `streamGenerateContent`: each event is a whole response with the parts that are new; no sign of the end but
 * the candidate's finish reason. Function calls come whole.
 */
export class GoogleGenerateContentAssembler implements Assembler {
  readonly messages: Message[] = [];
  readonly #problems: Problems;
  readonly #byIndex = new Map<number, Message>();
  #responseId: string | null = null;
  #model: string | null = null;
  #usage: JsonObject | null = null;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /** Never: usage may come after the finish reason, and nothing says that it was the last. */
  get terminated(): boolean {
    return false;
  }

  push({ seq, value }: LlmEvent): number {
    if (!isJsonObject(value)) return 0;
    this.#responseId = stringMember(value, 'responseId') ?? this.#responseId;
    this.#model = stringMember(value, 'modelVersion') ?? this.#model;
    this.#usage = objectMember(value, 'usageMetadata') ?? this.#usage;
    const error = providerError(value) ?? blockReason(value);
    if (error !== null) this.#fail(error, seq);
    let length = 0;
    const candidates = arrayMember(value, 'candidates');
    for (const candidate of candidates) length += this.#readCandidate(candidate, seq);
    for (const message of this.messages) {
      message.id = this.#responseId;
      message.model = this.#model;
      message.usage = this.#usage;
    }
    return length;
  }

  end(): void {
    for (const message of this.messages) {
      if (message.complete || message.error !== null) continue;
      this.#problems.add(
        'missing-terminal-event',
        null,
        `candidate ${message.choice} ended without a finish reason`,
      );
    }
  }

  #readCandidate(candidate: JsonValue, seq: number): number {
    const message = this.#message(indexMember(candidate, 'index') ?? 0, seq);
    if (message === null || !isJsonObject(candidate)) return 0;
    message.lastSeq = seq;
    const content = objectMember(candidate, 'content');
    message.role ??= stringMember(content ?? undefined, 'role');
    let length = 0;
    for (const part of arrayMember(content ?? undefined, 'parts'))
      length += this.#readPart(message, part, seq);
    for (const [key, extra] of Object.entries(candidate)) {
      if (!knownMembers.has(key) && extra !== null && message.extras.size < 100)
        message.extras.set(key, extra);
    }
    const finish = stringMember(candidate, 'finishReason');
    if (finish !== null) {
      message.finishReason = finish;
      message.complete = message.error === null;
      for (const part of message.parts) part.done = true;
      if (finish === 'MAX_TOKENS') {
        this.#problems.add('length-limit-reached', seq, 'the model stopped at its length limit');
      }
    }
    return length;
  }

  #readPart(message: Message, part: JsonValue, seq: number): number {
    if (!isJsonObject(part)) {
      this.#problems.add('unexpected-shape', seq, 'a part is no object');
      return 0;
    }
    if (message.parts.length >= MAX_PARTS) return 0;
    const text = stringMember(part, 'text');
    const signature = stringMember(part, 'thoughtSignature');
    if (text !== null) {
      if (text === '' && signature === null) return 0;
      const target = textPartAtEnd(message, member(part, 'thought') === true ? 'reasoning' : 'text');
      target.text.append(text, seq);
      if (signature !== null) target.extras.push({ type: 'thoughtSignature', value: signature, seq });
      return text.length;
    }
    const call = objectMember(part, 'functionCall');
    if (call === null) {
      const type = Object.keys(part)[0] ?? 'empty';
      message.parts.push(newOtherPart(type, part, seq));
      return 0;
    }
    const toolCall = newToolCall('functionCall', seq);
    toolCall.id = stringMember(call, 'id');
    toolCall.name = stringMember(call, 'name');
    toolCall.given = member(call, 'args') ?? null;
    const argumentsText = JSON.stringify(toolCall.given ?? {});
    appendArguments(toolCall, argumentsText, seq);
    toolCall.done = true;
    message.parts.push(toolCall);
    return argumentsText.length;
  }

  #fail(text: string, seq: number): void {
    this.#problems.add('error-in-stream', seq, text);
    if (this.messages.length === 0) this.#message(0, seq);
    for (const message of this.messages) {
      message.error ??= { message: text, seq };
      message.complete = false;
    }
  }

  #message(index: number, seq: number): Message | null {
    const known = this.#byIndex.get(index);
    if (known !== undefined) return known;
    if (this.#byIndex.size >= MAX_CHOICES) return null;
    const message = newMessage('google-generate-content', index, seq);
    this.#byIndex.set(index, message);
    this.messages.push(message);
    return message;
  }
}

/** A prompt that was not answered at all, and why. */
function blockReason(value: JsonObject): string | null {
  const reason = stringMember(objectMember(value, 'promptFeedback') ?? undefined, 'blockReason');
  return reason === null ? null : `the prompt was blocked: ${reason}`;
}
