import type { CaptureId } from './capture-id.ts';
import type { CaptureSummary } from './capture-summary.ts';
import type { LadderEvent } from './ladder.ts';
import type { ActionId } from './window-actions.ts';

/** What a host pushes: small events, never a stream's content. */
export type HostEvent =
  /** Captures that changed since the last frame, or appeared. */
  | { readonly kind: 'captures'; readonly changed: readonly CaptureSummary[] }
  | { readonly kind: 'removed'; readonly captures: readonly CaptureId[] }
  /** Show this capture: one opened from the command line or by the system. */
  | { readonly kind: 'show'; readonly capture: CaptureId }
  /** An item of the host's menu bar was chosen. */
  | { readonly kind: 'menu'; readonly action: ActionId }
  | LadderEvent
  /** The lab's log has grown: `next` is the number of its next record. */
  | { readonly kind: 'lab-log'; readonly next: number }
  /**
   * The state of the connection. `lost`: it is trying again. `back`: reload everything known about captures. `ended`: the
   * host announced that it stops.
   */
  | { readonly kind: 'connection'; readonly state: 'lost' | 'back' | 'ended' }
  | { readonly kind: 'notice'; readonly level: 'info' | 'error'; readonly message: string };
