/** What a library made of the stream, beside what the bytes say: rung 3 of the ladder compares the two. */
export type LibraryEvent =
  /** An event that the `eventsource` package dispatched. */
  | {
      readonly client: 'eventsource';
      readonly type: string;
      readonly data: string;
      readonly lastEventId: string;
    }
  /** A value that the `openai` package's stream yielded: a chat completion chunk, or a Responses event. */
  | { readonly client: 'openai'; readonly value: unknown };
