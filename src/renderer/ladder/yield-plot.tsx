import { useRef } from 'react';
import { axisTicks } from '../timeline/axis-ticks.ts';
import { quantityText } from '../format/quantity.ts';
import { useCanvasSize } from '../timeline/use-canvas-size.ts';
import { lastMoment, type YieldRow } from './yield-log.ts';
import { plotHeight, plotLayout } from './yield-plot-layout.ts';
import './yield-plot.css';

interface YieldPlotProps {
  readonly rows: readonly YieldRow[];
  /** The rung has failed: events that were held back are marked. Otherwise a few ms between processes mean nothing. */
  readonly hasFailed: boolean;
}

/**
 * Yields above, arrivals below, on one time axis. A line joins each yield to its arrival: vertical if nothing delays the
 * event, a fan of lines if a buffer does. Below are the gaps between yields and between arrivals.
 */
export function YieldPlot({ rows, hasFailed }: YieldPlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useCanvasSize(box);
  const { lines, bars, largestGap, x, left, right } = plotLayout(rows, width);
  const ticks = axisTicks({ from: 0, to: lastMoment(rows) }, right - left, 'ms');
  return (
    <div ref={box} className="yield-plot">
      {width > 0 && (
        <svg width={width} height={plotHeight.all} role="img" aria-label={plotWords(rows)}>
          {ticks.map(({ value, label }) => (
            <g key={value} className="tick">
              <line x1={x(value)} x2={x(value)} y1={16} y2={plotHeight.arrivals + 8} />
              <text
                x={x(value)}
                y={11}
                textAnchor={value === 0 ? 'start' : x(value) > right - 20 ? 'end' : 'middle'}
              >
                {label}
              </text>
            </g>
          ))}
          <text className="name" x={0} y={plotHeight.yields + 4}>
            yielded
          </text>
          <text className="name" x={0} y={plotHeight.arrivals + 4}>
            arrived
          </text>
          {lines.map(({ n, from, to, isHeld }) => (
            <line
              key={n}
              className={isHeld && hasFailed ? 'join held' : 'join'}
              x1={from}
              x2={to}
              y1={plotHeight.yields}
              y2={plotHeight.arrivals}
            />
          ))}
          {rows.map(({ n, yieldedAt, arrivedAt }) => (
            <g key={n}>
              {yieldedAt !== null && (
                <circle className="yield" cx={x(yieldedAt)} cy={plotHeight.yields} r={4} />
              )}
              {arrivedAt !== null && (
                <circle className="arrival" cx={x(arrivedAt)} cy={plotHeight.arrivals} r={4} />
              )}
            </g>
          ))}
          <text className="name" x={0} y={plotHeight.gaps + 4}>
            gaps
          </text>
          {bars.map(({ n, at, thickness, yielded, arrived }) => (
            <g key={n}>
              <rect
                className="yield"
                x={at}
                width={thickness}
                y={plotHeight.floor - yielded}
                height={yielded}
              />
              <rect
                className="arrival"
                x={at + thickness + 1}
                width={thickness}
                y={plotHeight.floor - arrived}
                height={arrived}
              />
            </g>
          ))}
          <line className="floor" x1={left} x2={right} y1={plotHeight.floor} y2={plotHeight.floor} />
          {largestGap > 0 && (
            <text className="name" x={0} y={plotHeight.gaps + 18}>
              ≤ {quantityText(largestGap, 'ms')}
            </text>
          )}
        </svg>
      )}
    </div>
  );
}

/** The text alternative of the plot. */
function plotWords(rows: readonly YieldRow[]): string {
  const delays = rows.flatMap(({ delay }) => delay ?? []);
  const missing = rows.filter(({ arrivedAt }) => arrivedAt === null).length;
  const most =
    delays.length === 0 ? 'none arrived' : `the slowest took ${quantityText(Math.max(...delays), 'ms')}`;
  return `${rows.length} yields and their arrivals: ${most}${missing === 0 ? '' : `, ${missing} never arrived`}`;
}
