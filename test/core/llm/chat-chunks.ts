/** A chunk of the Chat Completions API with one delta, and more members of its choice. */
export const chat = (delta: unknown, rest: object = {}) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: null, ...rest }],
});

/** A chunk with a piece of a tool call's arguments; `begin` has what its first chunk says. */
export const call = (index: number | null, args: string, begin: object = {}) =>
  chat({
    tool_calls: [{ ...(index === null ? {} : { index }), ...begin, function: { arguments: args, ...begin } }],
  });

/** The chunk with the finish reason. */
export const finish = (reason: string) => chat({}, { finish_reason: reason });
