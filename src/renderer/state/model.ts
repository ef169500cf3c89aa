import { create } from 'zustand';
import type { ModelDescription } from '../../contract/ladder.ts';
import type { ModelParams } from '../../contract/ladder-commands.ts';
import { callHost, problemOf } from './host.ts';

export interface ModelState {
  /** Null until the host has answered. */
  readonly model: ModelDescription | null;
  /** Why the settings could not be read or set; null if they could. */
  readonly problem: string | null;
  /** Between Save and the host's answer to it. */
  readonly saving: boolean;
  readonly load: () => Promise<void>;
  /** Sets the model. Returns whether the host accepted it. A key in `params` is not kept in the window. */
  readonly save: (params: ModelParams) => Promise<boolean>;
}

/** Which model rung 6 calls. The host keeps the key and reports only where it is stored. */
export const useModel = create<ModelState>()((set) => ({
  model: null,
  problem: null,
  saving: false,

  load: async () => {
    try {
      set({ model: await callHost('model.describe', {}), problem: null });
    } catch (error) {
      set({ problem: problemOf(error) });
    }
  },

  save: async (params) => {
    set({ saving: true, problem: null });
    try {
      set({ model: await callHost('model.set', params), saving: false });
      return true;
    } catch (error) {
      set({ saving: false, problem: problemOf(error) });
      return false;
    }
  },
}));
