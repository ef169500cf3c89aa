import { Refusal, type RefusalData } from './refusal.ts';

/** A command's outcome as it crosses a connection: errors are data, so that their code survives. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: RefusalData };

/** The asking side's half of `dispatch`: gives the value, or throws the refusal. */
export function settle(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.value;
  throw new Refusal(outcome.refusal.code, outcome.refusal.message);
}
