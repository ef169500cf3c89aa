import type { ActionGroup, ActionIdIn } from '../../contract/window-actions.ts';

/** What an action does, and when. */
export interface Behaviour {
  /** Whether it can be done now; absent for always. */
  readonly isAvailable?: () => boolean;
  readonly run: () => void;
}

/** What each action of a group does: one that is declared and missing here does not compile. */
export type Behaviours<Group extends ActionGroup> = { readonly [Id in ActionIdIn<Group>]: Behaviour };
