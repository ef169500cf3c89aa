import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  arrayMember,
  indexMember,
  member,
  objectMember,
  stringMember,
} from '../json/json-value.ts';
import { MAX_PARTS, type Assembler, type LlmEvent, type Problems } from './assembly.ts';
import { Choices } from './choices.ts';
import { tokensMember, type Dialect, type PayloadOutput } from './dialect.ts';
import {
  appendArguments,
  keepExtras,
  newOtherPart,
  newToolCall,
  textPartAtEnd,
  type Message,
  type ToolCallPart,
} from './message.ts';
import { PartialArguments } from './partial-arguments.ts';
import { errorSentence, eventError } from './provider-error.ts';

/** Members of a candidate that are read elsewhere. */
const knownMembers = new Set(['content', 'finishReason', 'index']);

/**
 * Google's `streamGenerateContent`: each event is a complete response with the new parts. Only the candidate's finish
 * reason marks the end. Function calls arrive whole, or in pieces if the request had `streamFunctionCallArguments`:
 * `willContinue` announces more, `partialArgs` has it.
 */
class GoogleGenerateContentAssembler implements Assembler {
  readonly #problems: Problems;
  readonly #choices: Choices;
  /** The incomplete function call of each message. */
  readonly #growing = new Map<Message, PartialArguments>();
  #responseId: string | null = null;
  #model: string | null = null;
  #usage: JsonObject | null = null;

  constructor(problems: Problems) {
    this.#problems = problems;
    this.#choices = new Choices(googleGenerateContent.id, problems);
  }

  get messages(): readonly Message[] {
    return this.#choices.messages;
  }

  /** Never: usage may follow the finish reason, and nothing marks the last event. */
  get terminated(): boolean {
    return false;
  }

  push(event: LlmEvent): void {
    const { seq, value } = event;
    const failure = eventError(event);
    if (failure !== null) this.#choices.fail(failure, seq);
    if (!isJsonObject(value)) return;
    this.#responseId = stringMember(value, 'responseId') ?? this.#responseId;
    this.#model = stringMember(value, 'modelVersion') ?? this.#model;
    this.#usage = objectMember(value, 'usageMetadata') ?? this.#usage;
    const blocked = blockReason(value);
    if (blocked !== null) this.#choices.fail(blocked, seq);
    for (const candidate of arrayMember(value, 'candidates')) this.#readCandidate(candidate, seq);
    for (const message of this.messages) {
      message.id = this.#responseId;
      message.model = this.#model;
      message.usage = this.#usage;
    }
  }

  end(aborted: boolean): void {
    if (aborted) return;
    for (const message of this.messages) {
      if (message.complete || message.error !== null) continue;
      this.#problems.add(
        'missing-terminal-event',
        null,
        `Candidate ${message.choice} ended without a finish reason`,
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
      this.#finish(message, finish, stringMember(candidate, 'finishMessage'), seq);
    }
  }

  #finish(message: Message, reason: string, words: string | null, seq: number): void {
    message.finishReason = reason;
    this.#settleCall(message, seq);
    for (const part of message.parts) part.done = true;
    const detail = words === null ? reason : `${reason}: ${words}`;
    if (lengthReasons.has(reason)) {
      this.#problems.add('length-limit-reached', seq, `The model stopped at its length limit: ${reason}`);
    } else if (filterReasons.has(reason)) {
      this.#problems.add('content-filtered', seq, `The provider withheld content: ${detail}`);
    } else if (!wholeReasons.has(reason)) {
      message.error ??= { message: detail, seq };
      if (reason === 'MALFORMED_FUNCTION_CALL') {
        this.#problems.add(
          'tool-arguments-invalid',
          seq,
          `The model wrote a malformed function call: ${detail}`,
        );
      } else this.#problems.add('error-in-stream', seq, errorSentence(detail));
    }
    message.complete = message.error === null;
  }

  #readPart(message: Message, part: JsonValue, seq: number): void {
    if (!isJsonObject(part)) {
      this.#problems.add('unexpected-shape', seq, 'A part is not an object');
      return;
    }
    const functionCall = objectMember(part, 'functionCall');
    if (functionCall !== null && this.#readPiece(message, functionCall, seq)) return;
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
    if (functionCall === null) {
      const type = Object.keys(part)[0] ?? 'empty';
      message.parts.push(newOtherPart(type, part, seq));
      return;
    }
    const call = newFunctionCall(functionCall, seq);
    call.given = member(functionCall, 'args') ?? null;
    appendArguments(call, JSON.stringify(call.given ?? {}), seq);
    call.done = true;
    message.parts.push(call);
  }

  /** Reads a piece of a function call; false if the call is whole. */
  #readPiece(message: Message, piece: JsonObject, seq: number): boolean {
    const pieces = member(piece, 'partialArgs');
    const goesOn = member(piece, 'willContinue') === true;
    const name = stringMember(piece, 'name');
    let growing = this.#growing.get(message);
    // The last piece of a call is empty.
    const isRest = growing !== undefined && name === null && member(piece, 'args') === undefined;
    if (!isJsonArray(pieces) && !goesOn && !isRest) return false;
    const id = stringMember(piece, 'id');
    const isOther = growing !== undefined && name !== null && (id === null || id !== growing.call.id);
    if (growing === undefined || isOther) {
      this.#settleCall(message, seq);
      if (message.parts.length >= MAX_PARTS) return true;
      growing = new PartialArguments(newFunctionCall(piece, seq), this.#problems);
      this.#growing.set(message, growing);
      message.parts.push(growing.call);
      if (name === null) {
        this.#problems.add('tool-index-missing', seq, 'A function call continues but never began');
      }
    }
    if (isJsonArray(pieces)) for (const one of pieces) growing.add(one, seq);
    if (!goesOn) this.#settleCall(message, seq);
    return true;
  }

  /** Completes the function call. */
  #settleCall(message: Message, seq: number): void {
    const growing = this.#growing.get(message);
    if (growing === undefined) return;
    this.#growing.delete(message);
    growing.end(seq);
    growing.call.done = true;
    this.#problems.checkArguments(growing.call, seq);
  }
}

function newFunctionCall(sent: JsonObject, seq: number): ToolCallPart {
  const call = newToolCall('functionCall', seq);
  call.id = stringMember(sent, 'id');
  call.name = stringMember(sent, 'name');
  return call;
}

/** Finish reasons of a complete answer. */
const wholeReasons: ReadonlySet<string> = new Set(['STOP', 'FINISH_REASON_UNSPECIFIED']);
const lengthReasons: ReadonlySet<string> = new Set(['MAX_TOKENS']);
/** Finish reasons of withheld content. All others are failures. */
const filterReasons: ReadonlySet<string> = new Set([
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MODEL_ARMOR',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
]);

/** Why a prompt was not answered, or null. */
function blockReason(value: JsonObject): string | null {
  const reason = stringMember(objectMember(value, 'promptFeedback') ?? undefined, 'blockReason');
  return reason === null ? null : `The prompt was blocked: ${reason}`;
}

function googleOutput(value: JsonObject): PayloadOutput {
  let length = 0;
  let summary = 0;
  let finished = false;
  for (const candidate of arrayMember(value, 'candidates')) {
    if (stringMember(candidate, 'finishReason') !== null) finished = true;
    for (const part of arrayMember(objectMember(candidate, 'content') ?? undefined, 'parts')) {
      const text = stringMember(part, 'text') ?? '';
      const call = objectMember(part, 'functionCall') ?? undefined;
      const args = objectMember(call, 'args');
      length += text.length + (args === null ? 0 : JSON.stringify(args).length);
      for (const piece of arrayMember(call, 'partialArgs')) length += partialLength(piece);
      // Google streams summaries of the reasoning.
      if (member(part, 'thought') === true) summary += text.length;
    }
  }
  const usage = objectMember(value, 'usageMetadata');
  const answer = tokensMember(usage, 'candidatesTokenCount');
  const reasoning = tokensMember(usage, 'thoughtsTokenCount') ?? 0;
  const tokens = answer === null ? null : { count: answer + reasoning, reasoning };
  return { length, reasoning: 0, summary, tokens, finished };
}

/** Code units of a value with a path: of a string, or of the JSON of another value. */
function partialLength(piece: JsonValue): number {
  const text = stringMember(piece, 'stringValue');
  const value = member(piece, 'numberValue') ?? member(piece, 'boolValue') ?? member(piece, 'nullValue');
  return text?.length ?? (value === undefined ? 0 : JSON.stringify(value).length);
}

/** Google's `streamGenerateContent`, recognised by `candidates`, or `usageMetadata`. */
export const googleGenerateContent: Dialect<'google-generate-content'> = {
  id: 'google-generate-content',
  title: 'Google generateContent',
  matches: (payload) =>
    isJsonArray(member(payload, 'candidates')) || objectMember(payload, 'usageMetadata') !== null,
  suggestedBy: ({ path }) => path.endsWith(':streamGenerateContent'),
  begin: (problems) => new GoogleGenerateContentAssembler(problems),
  beginsAnother(payload, first) {
    const id = stringMember(payload, 'responseId');
    return id !== null && first.id !== null && id !== first.id && first.finishReason !== null;
  },
  output: googleOutput,
  outputPaths: ['candidates[].content.parts[].text'],
  terminal: 'a finish reason',
  hasSentinel: false,
};
