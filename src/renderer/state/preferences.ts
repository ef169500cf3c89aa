import { create } from 'zustand';
import { defaultCaptureLimits } from '../../contract/capture-limits.ts';
import { emptyKeptDraft } from '../../contract/kept-draft.ts';
import type { Preferences } from '../../contract/preferences.ts';
import { callHost, notifyProblem } from './host.ts';

export interface PreferencesState extends Preferences {
  /** False until they were read from the host: nothing is written before. */
  readonly read: boolean;
  /** Changes that are not written yet; null for none. */
  readonly unwritten: Partial<Preferences> | null;
  readonly load: () => Promise<void>;
  /** Changes some preferences, here at once and at the host after a short delay. */
  readonly change: (changes: Partial<Preferences>) => void;
}

export const defaultPanes: Preferences['panes'] = { left: 216, right: 372, timeline: 200 };

/** ms. Long enough that dragging a splitter writes once, short enough to lose nothing on quit. */
const writeDelay = 250;

/** What the host remembers between runs: theme, pane sizes, the draft, the server that the ladder runs on. */
export const usePreferences = create<PreferencesState>()((set, get) => ({
  theme: 'system',
  panes: defaultPanes,
  draft: emptyKeptDraft,
  ladder: { on: 'lab', url: '', rungs: ['', '', '', '', '', '', ''] },
  captureLimits: defaultCaptureLimits,
  read: false,
  unwritten: null,

  load: async () => {
    const preferences = await callHost('preferences.get', {});
    set({ ...preferences, read: true });
  },

  change: (changes) => {
    set(changes);
    const { read, unwritten } = get();
    if (!read) return;
    set({ unwritten: { ...unwritten, ...changes } });
    if (unwritten === null) setTimeout(writePreferences, writeDelay);
  },
}));

/** Writes unwritten changes now, also when the window is about to close. */
export function writePreferences(): void {
  const { unwritten } = usePreferences.getState();
  if (unwritten === null) return;
  usePreferences.setState({ unwritten: null });
  callHost('preferences.set', unwritten).catch(notifyProblem);
}
