import { useMemo } from 'react';
import type { LabRecord } from '../../contract/lab-log.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { countText } from '../format/count.ts';
import { useHost } from '../state/host.ts';
import { loggedRequests, useLabLog } from '../state/lab-log.ts';
import { visibleText } from '../../core/text/visible-text.ts';
import { LabLogTable } from './lab-log-table.tsx';
import './lab-log.css';

/** Maximum number of requests in the filter list. */
const mostChoices = 200;

/** The lab log: each request, yield, write and end as it happens. */
export function LabLogPane() {
  const records = useLabLog((state) => state.records);
  const request = useLabLog((state) => state.request);
  const problem = useLabLog((state) => state.problem);
  const shown = useMemo(
    () => (request === null ? records : records.filter(({ requestId }) => requestId === request)),
    [records, request],
  );
  return (
    <main className="middle lab-log" aria-label="Lab log">
      <Header records={records} shown={shown.length} />
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {records.length === 0 ? problem === null && <Empty /> : <LabLogTable records={shown} />}
    </main>
  );
}

function Header({ records, shown }: { readonly records: readonly LabRecord[]; readonly shown: number }) {
  const { request, dropped, filter, clear } = useLabLog();
  const origin = useHost((state) => state.lab?.origin ?? null);
  const requests = useMemo(() => loggedRequests(records).slice(0, mostChoices), [records]);
  return (
    <header>
      <h2>Lab log</h2>
      {origin !== null && (
        <span className="address">
          <span className="wire">{origin}</span>
          <CopyButton what="address" text={() => origin} />
        </span>
      )}
      {records.length > 0 && (
        <>
          <span className="dim count">
            {countText(shown)} {shown === 1 ? 'record' : 'records'}
            {dropped > 0 && request === null && `, ${countText(dropped)} older ones dropped`}
          </span>
          <select
            className="field"
            aria-label="Request"
            value={request ?? ''}
            onChange={(event) => filter(event.target.value === '' ? null : event.target.value)}
          >
            <option value="">All requests</option>
            {request !== null && requests.every(({ id }) => id !== request) && (
              <option value={request}>{visibleText(request)}</option>
            )}
            {requests.map(({ id, endpoint }) => (
              <option key={id} value={id}>
                {id.slice(0, 13)}
                {endpoint === null ? '' : ` · ${endpoint}`}
              </option>
            ))}
          </select>
          <button type="button" className="button small" onClick={clear}>
            Clear
          </button>
        </>
      )}
    </header>
  );
}

function Empty() {
  const lab = useHost((state) => state.lab);
  const endpoint = lab?.endpoints.find(({ id }) => id === 'async') ?? lab?.endpoints[0];
  if (lab !== null && lab.problem !== null) {
    return (
      <div className="empty-state">
        <h2>The lab is not running</h2>
        <p>{lab.problem}</p>
      </div>
    );
  }
  const command = endpoint === undefined ? null : `curl -N ${endpoint.url}`;
  return (
    <div className="empty-state">
      <h2>No request yet</h2>
      <p>
        Each request to the lab is shown here as it happens: what the server yields, when it writes each
        event, and how the stream ends. Try it in a terminal:
      </p>
      {command !== null && (
        <p className="try">
          <code className="wire">{command}</code>
          <CopyButton what="command" text={() => command} />
        </p>
      )}
      {lab !== null && lab.origin !== null && (
        <p className="dim">
          <code className="wire">curl {lab.origin}</code> lists all endpoints. Requests of the ladder are
          shown on its rungs.
        </p>
      )}
    </div>
  );
}
