import { DeleteDialog, DeleteLadderRunsDialog } from '../captures/delete-dialogs.tsx';
import { Palette } from '../palette/palette.tsx';
import { ShortcutsSheet } from '../actions/shortcuts-sheet.tsx';
import { CompareDialog } from '../compare/compare-dialog.tsx';
import { assertNever } from '../../core/assert-never.ts';
import { OpenDialog } from '../files/open-files.tsx';
import { KeptRunsDialog } from '../ladder/kept-runs-dialog.tsx';
import { OwnServerDialog } from '../ladder/own-server-dialog.tsx';
import { useDialogs } from '../state/dialogs.ts';

/** The open dialog, if any. */
export function Dialogs() {
  const open = useDialogs((state) => state.open);
  if (open === null) return null;
  switch (open.kind) {
    case 'palette':
      return <Palette />;
    case 'shortcuts':
      return <ShortcutsSheet />;
    case 'open-file':
      return <OpenDialog format={open.format} />;
    case 'compare':
      return <CompareDialog capture={open.capture} />;
    case 'delete':
      return <DeleteDialog capture={open.capture} />;
    case 'own-server':
      return <OwnServerDialog />;
    case 'kept-runs':
      return <KeptRunsDialog />;
    case 'delete-ladder-runs':
      return <DeleteLadderRunsDialog />;
    case 'rename':
    case 'open-as':
    case 'export':
      // Shown elsewhere: in the captures list and as menus of buttons.
      return null;
    default:
      return assertNever(open);
  }
}
