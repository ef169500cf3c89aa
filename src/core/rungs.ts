/** The seven steps of the ladder, each built on the one below it. */
export const rungNumbers = [1, 2, 3, 4, 5, 6, 7] as const;
export type RungNumber = (typeof rungNumbers)[number];

/** Name of each rung in records, and its title for people. */
export const ladderRungs = {
  1: { name: 'endpoint', title: 'Endpoint' },
  2: { name: 'browser', title: 'Browser' },
  3: { name: 'node-client', title: 'Node client' },
  4: { name: 'async', title: 'Async' },
  5: { name: 'json', title: 'JSON' },
  6: { name: 'openai', title: 'OpenAI' },
  7: { name: 'context', title: 'Context and clean-up' },
} as const satisfies Readonly<Record<RungNumber, { readonly name: string; readonly title: string }>>;
