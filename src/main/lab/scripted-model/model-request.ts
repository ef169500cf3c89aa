import { z } from 'zod';

const text = z.string().max(1024 * 1024);
const part = z.looseObject({ type: z.string(), text: text.optional() });
const content = z.union([text, z.array(part).max(1000)]).nullish();
const message = z.looseObject({ role: z.string(), content });
const jsonSchema = z.looseObject({});

/** The used part of a chat-completions request. Other members are ignored. */
export const chatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  n: z.number().int().min(1).max(8).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  tools: z
    .array(
      z.looseObject({ function: z.looseObject({ name: z.string(), parameters: jsonSchema.optional() }) }),
    )
    .max(128)
    .nullish(),
  tool_choice: z.unknown().optional(),
  response_format: z
    .looseObject({
      type: z.string(),
      json_schema: z.looseObject({ schema: jsonSchema.optional() }).optional(),
    })
    .nullish(),
});
export type ChatRequest = z.output<typeof chatRequest>;

/** The used part of a Responses request. */
export const responsesRequest = z.looseObject({
  model: z.string(),
  input: z.union([text, z.array(z.looseObject({ content })).min(1)]),
  stream: z.boolean().nullish(),
  max_output_tokens: z.number().int().min(1).nullish(),
  tools: z
    .array(z.looseObject({ type: z.string(), name: z.string().optional(), parameters: jsonSchema.nullish() }))
    .max(128)
    .nullish(),
  tool_choice: z.unknown().optional(),
});
export type ResponsesRequest = z.output<typeof responsesRequest>;

/** The text of the last message, which is a string or parts. */
export function promptOf(messages: readonly { readonly content?: z.output<typeof content> }[]): string {
  const last = messages.at(-1)?.content ?? '';
  return typeof last === 'string' ? last : last.map((each) => each.text ?? '').join('');
}
