import { assertNever } from '../assert-never.ts';
import { duration, size } from '../text/wording.ts';
import { faultUsage, type ReplayFault, type ReplayFaultName, replayFaults } from './fault.ts';
import type { ReplaySurvey } from './survey.ts';
import { recordedVariant, type ReplaySplit, type ReplayVariant } from './variant.ts';

/**
 * What a client must do to survive a variant.
 * - `same`: every byte arrives, so it prints the same as without harm.
 * - `same-or-error`: something is lost. It gets the rest by itself, or says that something is wrong; only to end as if
 *   nothing had happened is wrong.
 */
export type Expectation = 'same' | 'same-or-error';

/** One harsh way to serve a capture. */
export interface HarshVariant {
  readonly name: string;
  /** What it does, one sentence. */
  readonly description: string;
  readonly variant: ReplayVariant;
  readonly expects: Expectation;
  /** Why it would change nothing for this capture, or take too long; null where it is worth a run. */
  readonly skipped: string | null;
}

/** Pieces that a run may take: each costs some microseconds at both ends. */
const mostPieces = 200_000;
/** Mean size of a piece of random size, bytes. */
const meanRandomPiece = 46;
/** The longest capture that is served at its own pace, ms. */
const longestPace = 20_000;
/** Seconds of a stall, and of a slow close: longer than a client may take for the end. */
const pause = 1.5;
/** Seconds that the body takes with a limited bandwidth. */
const bandwidthTime = 2;

/** How a client is served that every variant is compared with. */
export const unharmedVariant: ReplayVariant = { ...recordedVariant, speed: 'instant' };

/** The harsh variants of a capture, in the order in which they are run. */
export function harshVariants(survey: ReplaySurvey): readonly HarshVariant[] {
  const { bytes, duration: time, hasMultiByte, hasCrLf, hasIds, endsBlank, framing } = survey;
  const half = Math.floor(bytes / 2);
  const tooLong = (pieces: number): string | null =>
    pieces > mostPieces ? `the body of ${size(bytes)} would be cut into too many pieces` : null;
  const rate = Math.max(1, Math.ceil(bytes / bandwidthTime));
  const variants: HarshVariant[] = [
    {
      name: 'recorded-pace',
      description: 'Each chunk is sent when it was recorded.',
      variant: recordedVariant,
      expects: 'same',
      skipped:
        time === null
          ? 'the capture has no times'
          : time > longestPace
            ? `the capture takes ${duration(time)}`
            : null,
    },
    split('one-byte', 'Each byte is sent in a piece of its own.', { kind: 'fixed', size: 1 }, tooLong(bytes)),
    ...[1, 2, 3].map((seed) =>
      split(
        `random-${seed}`,
        'The body is cut into pieces of random sizes.',
        { kind: 'random', seed },
        tooLong(bytes / meanRandomPiece),
      ),
    ),
    split(
      'inside-utf8',
      'The body is cut inside each character beyond ASCII.',
      { kind: 'inside-utf8' },
      hasMultiByte ? null : 'the body has no character beyond ASCII',
    ),
    split(
      'inside-crlf',
      'The body is cut inside each CRLF.',
      { kind: 'inside-crlf' },
      hasCrLf ? null : 'the body has no CRLF',
    ),
    split('glued', 'The body is sent in as few pieces as possible.', { kind: 'glued' }, null),
    withFault('stall', pause, 'same'),
    withFault('slow-close', pause, 'same'),
    withFault('bandwidth', rate, 'same'),
    withFault(
      'no-final-blank-line',
      0,
      'same-or-error',
      endsBlank && framing === 'event-stream' ? null : 'the body does not end in a blank line',
    ),
    {
      name: 'cut',
      description: 'The body ends in the middle, and the response in good order.',
      variant: { ...unharmedVariant, cut: half },
      expects: 'same-or-error',
      skipped: null,
    },
    withFault('premature-close', 0, 'same-or-error'),
    withFault('reset', 0, 'same-or-error'),
    withFault('duplicate-after-reconnect', 0, 'same-or-error', hasIds ? null : 'the events have no ids'),
    withFault('wrong-content-type', 0, 'same-or-error'),
    withFault('http-status', 0, 'same-or-error'),
  ];
  if (bytes > 1) return variants;
  return variants.map((each) => ({ ...each, skipped: each.skipped ?? 'the body is empty' }));
}

function split(name: string, description: string, how: ReplaySplit, skipped: string | null): HarshVariant {
  return { name, description, variant: { ...unharmedVariant, split: how }, expects: 'same', skipped };
}

function withFault(
  name: ReplayFaultName,
  amount: number,
  expects: Expectation,
  skipped: string | null = null,
): HarshVariant {
  const { description } = replayFaults[name];
  return { name, description, variant: { ...unharmedVariant, faults: [{ name, amount }] }, expects, skipped };
}

/** The options of the command `replay` that serve a variant: what a user types to look closer. */
export function replayOptions({ split: how, speed, cut, faults }: ReplayVariant): string {
  const options = [
    ...(speed === 1 ? [] : [`--speed ${speed}`]),
    ...(how.kind === 'recorded' ? [] : [`--split ${splitText(how)}`]),
    ...(cut === null ? [] : [`--cut ${cut}`]),
    ...faults.map((fault) => `--fault ${faultText(fault)}`),
  ];
  return options.join(' ');
}

function splitText(split: ReplaySplit): string {
  switch (split.kind) {
    case 'fixed':
      return String(split.size);
    case 'random':
      return `random:${split.seed}`;
    case 'recorded':
    case 'inside-utf8':
    case 'inside-crlf':
    case 'glued':
      return split.kind;
    default:
      return assertNever(split);
  }
}

function faultText({ name, amount }: ReplayFault): string {
  return faultUsage(name) === name ? name : `${name}:${amount}`;
}
