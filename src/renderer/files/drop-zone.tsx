import { useEffect, useState } from 'react';
import { useImports } from '../state/imports.ts';
import { Icon } from '../widgets/icon.tsx';
import './files.css';

/** Opens files dropped anywhere on the window. Shows a hint while files are dragged over it. */
export function DropZone() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    // A drag enters and leaves every element that it passes: counting shows when it leaves the window.
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const onEnter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const onOver = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      void useImports.getState().open([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragenter', onEnter);
    addEventListener('dragleave', onLeave);
    addEventListener('dragover', onOver);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('dragenter', onEnter);
      removeEventListener('dragleave', onLeave);
      removeEventListener('dragover', onOver);
      removeEventListener('drop', onDrop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="drop-zone">
      <p>
        <Icon name="file" size={22} /> Drop to open
      </p>
    </div>
  );
}
