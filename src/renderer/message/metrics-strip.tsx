import type { CaptureId } from '../../contract/capture-id.ts';
import type { CaptureSummary } from '../../contract/capture-summary.ts';
import { gapsUntil, stallCountUntil } from '../../core/metrics/silence-clock.ts';
import type { StreamMetrics } from '../../core/metrics/stream-metrics.ts';
import { countText, rateText } from '../format/count.ts';
import { contentVersion, isLive } from '../state/captures.ts';
import { callHost } from '../state/host.ts';
import type { HostQuery } from '../state/host-queries.ts';
import { answerOf, useHostQuery } from '../state/use-host-query.ts';
import { quantityText } from '../format/quantity.ts';
import { useLiveNow } from '../timeline/use-live-now.ts';
import { barHeights, perSecond } from './metrics-bars.ts';

/** Size of the plot, in px. */
const WIDTH = 220;
const HEIGHT = 30;

const metricsQuery: HostQuery<{ readonly capture: CaptureId }, StreamMetrics> = {
  ask: (params) => callHost('capture.metrics', params),
  scope: ({ capture }) => capture,
};

/** First token, rate and overhead, with a small plot of tokens and gaps over time. */
export function MetricsStrip({ summary }: { readonly summary: CaptureSummary }) {
  const metrics = answerOf(
    useHostQuery(metricsQuery, {
      params: { capture: summary.id },
      revision: contentVersion(summary),
    }),
  );
  const now = useLiveNow(isLive(summary), summary.startedAt, summary.lastAt);
  if (metrics === null || metrics.tokens === null) return null;
  const { firstTokenAt, tokens, tokensPerSecond, bytesPerToken, series } = metrics;
  // From the summary, as everywhere else, so that a silence in progress counts.
  const gaps = gapsUntil(summary.gaps, summary.silences, now);
  const stallCount = stallCountUntil(summary.silences, now);
  const rates = perSecond(series.deltas, series.binMs);
  return (
    <div className="metrics">
      <dl>
        <Figure name="first token" value={firstTokenAt === null ? null : quantityText(firstTokenAt, 'ms')} />
        <Figure
          name={tokens.source === 'usage' ? 'tokens, by the provider' : 'deltas'}
          value={countText(tokens.count)}
        />
        <Figure name="tokens/s" value={tokensPerSecond === null ? null : rateText(tokensPerSecond)} />
        <Figure
          name="bytes per token"
          value={bytesPerToken === null ? null : countText(Math.round(bytesPerToken))}
        />
        <Figure
          name="gaps p50, p95, max"
          value={
            gaps === null
              ? null
              : [gaps.p50, gaps.p95, gaps.max].map((gap) => quantityText(gap, 'ms')).join(' · ')
          }
        />
        {stallCount > 0 ? <Figure name="stalls" value={countText(stallCount)} /> : null}
      </dl>
      <Plot title="Tokens per second" values={rates} unit="/s" className="tokens" />
      <Plot title="Longest gap" values={series.gaps} unit=" ms" className="gaps" />
    </div>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string | null }) {
  if (value === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface PlotProps {
  readonly title: string;
  readonly values: readonly number[];
  readonly unit: string;
  readonly className: string;
}

function Plot({ title, values, unit, className }: PlotProps) {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  if (values.length < 2 || most === 0) return null;
  const heights = barHeights(values, WIDTH, HEIGHT);
  const width = WIDTH / heights.length;
  const label = `${title}, at most ${countText(Math.round(most))}${unit}`;
  return (
    <figure className={`plot ${className}`}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
        {heights.map((height, n) =>
          height === 0 ? null : (
            <rect
              key={n}
              x={n * width}
              y={HEIGHT - height}
              width={Math.max(1, width - 0.5)}
              height={height}
            />
          ),
        )}
      </svg>
      <figcaption>
        {title} <span className="dim">max {countText(Math.round(most)) + unit}</span>
      </figcaption>
    </figure>
  );
}
