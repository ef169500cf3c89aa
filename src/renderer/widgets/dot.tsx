/** How a state looks: `live` moves, the others stand still. */
export type Tone = 'idle' | 'wait' | 'live' | 'ok' | 'warn' | 'bad';

/** A dot in the colour of a state. A decoration: what it stands for is said in words next to it. */
export function Dot({ tone, title }: { readonly tone: Tone; readonly title?: string }) {
  return <span className={`dot ${tone}`} title={title} />;
}
