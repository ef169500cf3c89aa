import { create } from 'zustand';
import type { CommandName, CommandParams, CommandResult, Connection } from '../../contract/commands.ts';
import type { HostDescription, LabDescription } from '../../contract/host-description.ts';
import { Refusal } from '../../contract/refusal.ts';
import { HostQueries } from './host-queries.ts';

/** A message for the user that belongs to no pane. Errors stay until dismissed; others disappear after a while. */
export interface Notice {
  readonly id: number;
  readonly level: 'info' | 'error';
  readonly message: string;
}

export interface HostState {
  /** Null until the user interface is attached to its host. */
  readonly connection: Connection | null;
  /** What components ask over the connection, see `useHostQuery`. */
  readonly queries: HostQueries;
  readonly description: HostDescription | null;
  readonly lab: LabDescription | null;
  /** Whether the host can be reached: `lost` reconnects automatically, `ended` does not. */
  readonly link: 'up' | 'lost' | 'ended';
  /** Oldest first, at most `noticeLimit`. */
  readonly notices: readonly Notice[];
  /** Notices so far: the id of the newest. */
  readonly noticeCount: number;
  readonly attach: (connection: Connection) => void;
  readonly notify: (level: Notice['level'], message: string) => void;
  readonly dismiss: (id: number) => void;
}

const noticeLimit = 5;

/** The host at the other end of the connection: what it is, what it can do, and its notices. */
export const useHost = create<HostState>()((set) => ({
  connection: null,
  queries: new HostQueries(),
  description: null,
  lab: null,
  link: 'up',
  notices: [],
  noticeCount: 0,
  attach: (connection) => set({ connection, queries: new HostQueries() }),
  notify: (level, message) =>
    set(({ notices, noticeCount }) => {
      // Repeating a notice says nothing new.
      if (notices.some((notice) => notice.level === level && notice.message === message)) return {};
      const id = noticeCount + 1;
      // A newer notice replaces earlier ones that are not errors.
      const kept = level === 'info' ? notices.filter((notice) => notice.level === 'error') : notices;
      return { notices: [...kept, { id, level, message }].slice(-noticeLimit), noticeCount: id };
    }),
  dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
}));

/** Sends a command to the host. Rejects with a `Refusal` if the host refuses. */
export function callHost<N extends CommandName>(
  name: N,
  params: CommandParams<N>,
): Promise<CommandResult<N>> {
  const { connection } = useHost.getState();
  if (connection === null)
    return Promise.reject(new Refusal('not-available', 'Not connected to the application yet.'));
  return connection.call(name, params);
}

/** The message of whatever a command was rejected with. */
export function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Shows the failure of a command that belongs to no pane. For the end of a promise chain: `.catch(notifyProblem)`. */
export function notifyProblem(error: unknown): void {
  useHost.getState().notify('error', problemOf(error));
}
