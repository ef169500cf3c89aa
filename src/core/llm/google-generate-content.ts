import { arrayMember, indexMember, member, objectMember, stringMember } from '../json/json-access.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { MAX_PARTS, type Assembler, type LlmEvent, type Problems } from './assembly.ts';
import { Choices } from './choices.ts';
import {
  appendArguments,
  keepExtras,
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
  readonly #problems: Problems;
  readonly #choices: Choices;
  #responseId: string | null = null;
  #model: string | null = null;
  #usage: JsonObject | null = null;

  constructor(problems: Problems) {
    this.#problems = problems;
    this.#choices = new Choices('google-generate-content', problems);
  }

  get messages(): readonly Message[] {
    return this.#choices.messages;
  }

  /** Never: usage may come after the finish reason, and nothing says that it was the last. */
  get terminated(): boolean {
    return false;
  }

  push({ seq, value }: LlmEvent): void {
    if (!isJsonObject(value)) return;
    this.#responseId = stringMember(value, 'responseId') ?? this.#responseId;
    this.#model = stringMember(value, 'modelVersion') ?? this.#model;
    this.#usage = objectMember(value, 'usageMetadata') ?? this.#usage;
    const error = providerError(value) ?? blockReason(value);
    if (error !== null) this.#choices.fail(error, seq);
    for (const candidate of arrayMember(value, 'candidates')) this.#readCandidate(candidate, seq);
    for (const message of this.messages) {
      message.id = this.#responseId;
      message.model = this.#model;
      message.usage = this.#usage;
    }
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

  #readCandidate(candidate: JsonValue, seq: number): void {
    const message = this.#choices.at(indexMember(candidate, 'index') ?? 0, seq);
    if (message === null || !isJsonObject(candidate)) return;
    message.lastSeq = seq;
    const content = objectMember(candidate, 'content');
    message.role ??= stringMember(content ?? undefined, 'role');
    for (const part of arrayMember(content ?? undefined, 'parts')) this.#readPart(message, part, seq);
    keepExtras(message.extras, candidate, knownMembers);
    const finish = stringMember(candidate, 'finishReason');
    if (finish !== null) {
      message.finishReason = finish;
      message.complete = message.error === null;
      for (const part of message.parts) part.done = true;
      if (finish === 'MAX_TOKENS') {
        this.#problems.add('length-limit-reached', seq, 'the model stopped at its length limit');
      }
    }
  }

  #readPart(message: Message, part: JsonValue, seq: number): void {
    if (!isJsonObject(part)) {
      this.#problems.add('unexpected-shape', seq, 'a part is no object');
      return;
    }
    if (message.parts.length >= MAX_PARTS) return;
    const text = stringMember(part, 'text');
    const signature = stringMember(part, 'thoughtSignature');
    if (text !== null) {
      if (text === '' && signature === null) return;
      const target = textPartAtEnd(message, member(part, 'thought') === true ? 'reasoning' : 'text');
      target.text.append(text, seq);
      if (signature !== null) target.extras.push({ type: 'thoughtSignature', value: signature, seq });
      return;
    }
    const call = objectMember(part, 'functionCall');
    if (call === null) {
      const type = Object.keys(part)[0] ?? 'empty';
      message.parts.push(newOtherPart(type, part, seq));
      return;
    }
    const toolCall = newToolCall('functionCall', seq);
    toolCall.id = stringMember(call, 'id');
    toolCall.name = stringMember(call, 'name');
    toolCall.given = member(call, 'args') ?? null;
    appendArguments(toolCall, JSON.stringify(toolCall.given ?? {}), seq);
    toolCall.done = true;
    message.parts.push(toolCall);
  }
}

/** A prompt that was not answered at all, and why. */
function blockReason(value: JsonObject): string | null {
  const reason = stringMember(objectMember(value, 'promptFeedback') ?? undefined, 'blockReason');
  return reason === null ? null : `the prompt was blocked: ${reason}`;
}
