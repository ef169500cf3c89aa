import { create } from 'zustand';
import type { ModelDescription } from '../../contract/ladder.ts';
import type { ModelParams } from '../../contract/ladder-commands.ts';
import { callHost, problemOf } from './host.ts';

export interface ModelState {
  /** Null until the host has said it. */
  readonly model: ModelDescription | null;
  /** Why the settings could not be read or set; null where they could. */
  readonly problem: string | null;
  /** Between Save and the host's answer to it. */
  readonly saving: boolean;
  readonly load: () => Promise<void>;
  /** Sets the model, and says whether the host took it. A key that is in `params` is kept nowhere on this side. */
  readonly save: (params: ModelParams) => Promise<boolean>;
}

/** Which model rung 6 calls. The key is the host's: what comes back says only where it is kept. */
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
