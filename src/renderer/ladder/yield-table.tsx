import type { CaptureId } from '../../contract/capture-id.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { atText, gapText, noTime } from '../format/time.ts';
import { quantityText } from '../format/quantity.ts';
import { showPoint } from './show-point.ts';
import type { YieldRow } from './yield-log.ts';
import './yield-table.css';

/** The yields of the server and the arrivals at the client, one row per yield. */
export function YieldTable({
  rows,
  capture,
}: {
  readonly rows: readonly YieldRow[];
  readonly capture: CaptureId;
}) {
  return (
    <div className="yield-table" tabIndex={0} role="region" aria-label="Yields and arrivals as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">yielded, s</th>
            <th scope="col">arrived, s</th>
            <th scope="col">took</th>
            <th scope="col" title="Time since the previous yield and since the previous arrival, ms">
              gaps, ms
            </th>
            <th scope="col" className="text">
              text
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.n}>
              <td>
                <button
                  type="button"
                  className="row-link"
                  title="Show in the capture"
                  onClick={() =>
                    void showPoint(
                      capture,
                      row.seq === null ? { kind: 'yield', n: row.n } : { kind: 'event', seq: row.seq },
                    )
                  }
                >
                  {row.n}
                </button>
              </td>
              <td>{atText(row.yieldedAt)}</td>
              <td>
                {row.arrivedAt === null ? <span className="missing">never</span> : atText(row.arrivedAt)}
              </td>
              <td>{row.delay === null ? noTime : quantityText(row.delay, 'ms')}</td>
              <td>
                {row.yieldGap === null && row.arrivalGap === null
                  ? ''
                  : `${gapText(row.yieldGap)} → ${gapText(row.arrivalGap)}`}
              </td>
              <td className="text wire">{visibleText(row.text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
