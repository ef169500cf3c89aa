import type { ReactNode } from 'react';

interface DetailSectionProps {
  readonly title: ReactNode;
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the detail pane with its title. */
export function DetailSection({ title, actions, children }: DetailSectionProps) {
  return (
    <section className="detail-section">
      <header>
        <h3>{title}</h3>
        {actions === undefined ? null : <span className="copies">{actions}</span>}
      </header>
      {children}
    </section>
  );
}
