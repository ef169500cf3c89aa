import { create } from 'zustand';
import type { LabRecord } from '../../contract/lab-log.ts';
import { useCaptures } from './captures.ts';
import { callHost, problemOf } from './host.ts';
import { useLadder } from './ladder.ts';

export interface LabLogState {
  /** The log is in the middle of the window. */
  readonly shown: boolean;
  /** The newest records, oldest first; at most `mostRecords`. */
  readonly records: readonly LabRecord[];
  /** Number of older records that were discarded, here or by the host. */
  readonly dropped: number;
  /** Number of the record to ask for next. */
  readonly next: number;
  /** Number of the host's next record, as last reported. */
  readonly hostNext: number;
  /** Only the records of this request are shown; null for all. */
  readonly request: string | null;
  /** A request for records is in progress. */
  readonly reading: boolean;
  /** Why the log cannot be read. */
  readonly problem: string | null;
  readonly show: (shown: boolean) => void;
  readonly filter: (request: string | null) => void;
  /** Clears the records; later ones are shown. */
  readonly clear: () => void;
  /** The host has records up to this number. */
  readonly extended: (hostNext: number) => void;
  /** The host may have been restarted, so its log is read from the beginning. */
  readonly restart: () => void;
}

/** Records kept: enough to read through, and a bound on memory. */
export const mostRecords = 5000;

/** The lab's log: what requests from outside the ladder did. Read only while it is shown. */
export const useLabLog = create<LabLogState>()((set, get) => ({
  shown: false,
  records: [],
  dropped: 0,
  next: 0,
  hostNext: 0,
  request: null,
  reading: false,
  problem: null,

  show: (shown) => {
    if (shown) useLadder.getState().show(null);
    set({ shown });
    void read();
  },
  filter: (request) => set({ request }),
  clear: () => set({ records: [], dropped: 0, request: null }),
  extended: (hostNext) => {
    set({ hostNext });
    void read();
  },
  restart: () => {
    set({ records: [], dropped: 0, next: 0, hostNext: 0, request: null });
    if (get().shown) void read();
  },
}));

/** Reads new records, a batch at a time, while the log is shown. */
async function read(): Promise<void> {
  if (useLabLog.getState().reading) return;
  useLabLog.setState({ reading: true });
  try {
    for (let more = true; more && useLabLog.getState().shown; ) {
      const from = useLabLog.getState().next;
      const { records, next, missed } = await callHost('lab.log', { from });
      // The log was restarted meanwhile, so the answer is outdated.
      if (useLabLog.getState().next !== from) continue;
      useLabLog.setState((state) => ({
        ...held(state, records),
        dropped: droppedOf(state, records, missed),
        next,
      }));
      useLabLog.setState({ problem: null });
      more = records.length > 0 || next < useLabLog.getState().hostNext;
    }
  } catch (error) {
    useLabLog.setState({ problem: problemOf(error) });
  } finally {
    useLabLog.setState({ reading: false });
  }
}

function held({ records }: LabLogState, added: readonly LabRecord[]): Pick<LabLogState, 'records'> {
  return added.length === 0 ? { records } : { records: [...records, ...added].slice(-mostRecords) };
}

function droppedOf({ records, dropped }: LabLogState, added: readonly LabRecord[], missed: number): number {
  return dropped + missed + Math.max(0, records.length + added.length - mostRecords);
}

/** A request of the log, to filter by. */
export interface LoggedRequest {
  readonly id: string;
  readonly endpoint: string | null;
}

/** The requests of some records, newest first. */
export function loggedRequests(records: readonly LabRecord[]): readonly LoggedRequest[] {
  const byId = new Map<string, LoggedRequest>();
  for (const { requestId, endpoint } of records) {
    if (requestId !== null && !byId.has(requestId)) byId.set(requestId, { id: requestId, endpoint });
  }
  return [...byId.values()].toReversed();
}

// The middle shows one thing: a capture or a rung replaces the log.
useCaptures.subscribe((now, before) => {
  if (now.shows !== before.shows) useLabLog.setState({ shown: false });
});
useLadder.subscribe((now, before) => {
  if (now.shown !== before.shown && now.shown !== null) useLabLog.setState({ shown: false });
});
