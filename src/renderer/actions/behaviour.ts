import type { ActionGroup, ActionIdIn } from '../../contract/window-actions.ts';

/** What an action does and when it is available. */
export interface Behaviour {
  /** Whether the action is available now. Default: always. */
  readonly isAvailable?: () => boolean;
  readonly run: () => void;
}

/** The behaviour of each declared action of a group. A missing one is a type error. */
export type Behaviours<Group extends ActionGroup> = { readonly [Id in ActionIdIn<Group>]: Behaviour };
