import { useDialogs } from '../state/dialogs.ts';
import { useHost } from '../state/host.ts';
import { usePreferences } from '../state/preferences.ts';
import { nextTheme } from '../theme/theme.ts';
import type { Behaviours } from './behaviour.ts';

export const applicationActions: Behaviours<'Application'> = {
  palette: { run: () => useDialogs.getState().show({ kind: 'palette' }) },
  shortcuts: { run: () => useDialogs.getState().show({ kind: 'shortcuts' }) },
  'toggle-theme': {
    run: () => {
      const { theme, change } = usePreferences.getState();
      const next = nextTheme(theme);
      change({ theme: next });
      useHost.getState().notify('info', `Theme: ${next}`);
    },
  },
};
