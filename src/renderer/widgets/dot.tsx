/** The look of a state: `live` and `wait` are animated. */
export type Tone = 'idle' | 'wait' | 'live' | 'ok' | 'warn' | 'bad';

/** A dot in the colour of a state. Decorative: the state is also given as text. */
export function Dot({ tone, title }: { readonly tone: Tone; readonly title?: string }) {
  return <span className={`dot ${tone}`} title={title} />;
}
