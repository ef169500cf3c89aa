import type { ReactNode } from 'react';

interface PartProps {
  readonly title: string;
  /** Smaller text next to the title. */
  readonly aside?: string;
  readonly children: ReactNode;
}

/** A titled part of the exchange. */
export function Part({ title, aside = '', children }: PartProps) {
  return (
    <section className="part">
      <h3>
        {title} <small>{aside}</small>
      </h3>
      {children}
    </section>
  );
}
