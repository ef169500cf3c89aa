import type { JsonObject, JsonValue } from '../../core/json/json-value.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { countText } from '../format/count.ts';

/** Figures that are shown. */
const MOST = 24;

/** What the answer used, as the provider counts it. */
export function UsageList({ usage }: { readonly usage: JsonObject }) {
  const figures = flattened(usage).filter(([, value]) => value !== 0);
  return (
    <dl className="usage" aria-label="Usage">
      {figures.slice(0, MOST).map(([name, value]) => (
        <div key={name}>
          <dt>{visibleText(name.replaceAll('_', ' '))}</dt>
          <dd>{countText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Numbers by their path, one level of nesting. */
function flattened(usage: JsonObject): [string, number][] {
  return Object.entries(usage).flatMap(([name, value]): [string, number][] => {
    if (typeof value === 'number') return [[name, value]];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.entries(value as Record<string, JsonValue>).flatMap(
      ([inner, figure]): [string, number][] => (typeof figure === 'number' ? [[inner, figure]] : []),
    );
  });
}
