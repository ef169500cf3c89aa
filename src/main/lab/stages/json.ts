import { z } from 'zod';
import { Refusal } from '../../../contract/refusal.ts';
import { assertNever } from '../../../core/assert-never.ts';
import { type LabEvent, event, formatEvent } from '../lab-event.ts';
import { pause } from '../pause.ts';
import { oneOf, oneOfFirst, wholeNumber } from '../route-query.ts';
import { streamRoute } from '../stream-route.ts';
import { inPieces } from './node-client.ts';

/** A JSON text with everything in it that a cut can fall into: escapes, characters of several bytes, a long integer. */
export const cutText =
  '{"step":1,"text":"né 世 🌍 \\u00e9\\n","big":9007199254740993,"list":[true,null,-1.5e3]}';

/** What `mode=malformed` sends, and where it stops being JSON (index in the data). */
export const malformedText = { data: '{"step":2,"text":oops}', problemAt: 17 } as const;

/** How the JSON is spread over events and chunks. */
const jsonModes = ['whole', 'events', 'chunks', 'several', 'malformed', 'truncated'] as const;

const jsonBreaks = ['malformed-json', 'truncated-json'] as const;

/** The document of each step of `mode=whole`. */
export const stepText = (step: number): string => `{"step":${step}}`;

/** Rung 5: payloads are JSON, whole or cut. */
export const jsonStage = streamRoute({
  id: 'json',
  path: '/stages/json',
  title: 'Rung 5: JSON',
  description:
    '{"step":1}, {"step":2}…: whole, cut between events or inside chunks, several in one event, malformed.',
  query: {
    mode: oneOfFirst(jsonModes),
    count: wholeNumber({ min: 1, max: 100_000, default: 5 }),
    delay: wholeNumber({ min: 0, max: 60_000, default: 0 }),
    /** Where `mode=events` cuts the text (UTF-16 code units), and `mode=chunks` the event's bytes. */
    cut: z
      .string()
      .regex(/^\d{1,4}$/, 'must be a position')
      .optional(),
    break: oneOf(jsonBreaks),
  },
  plan: ({ mode, count, delay, cut, break: fault }) => {
    switch (mode) {
      case 'whole':
        return { events: (signal) => steps(count, delay, fault, signal) };
      case 'events': {
        const texts = inTwo(cutText, position(cut, cutText.length) ?? cutText.length >> 1);
        return { events: (signal) => payloads(texts, delay, signal) };
      }
      case 'chunks': {
        const bytes = formatEvent(event(cutText));
        const at = position(cut, bytes.length) ?? bytes.indexOf(0x96);
        return { events: (signal) => inPieces(bytes, [at], signal, delay) };
      }
      case 'several':
        return {
          events: (signal) => payloads([`${stepText(1)}\n${stepText(2)}`, stepText(3)], delay, signal),
        };
      case 'malformed':
        return {
          events: (signal) => payloads([stepText(1), malformedText.data, stepText(3)], delay, signal),
        };
      case 'truncated':
        return { events: (signal) => payloads([stepText(1), '{"step":2,"text":"never'], delay, signal) };
      default:
        return assertNever(mode);
    }
  },
});

async function* steps(
  count: number,
  delay: number,
  fault: (typeof jsonBreaks)[number] | null,
  signal: AbortSignal,
): AsyncGenerator<LabEvent> {
  for (let step = 1; step <= count; step++) {
    if (step > 1 && delay > 0) await pause(delay, signal);
    const text = stepText(step);
    if (fault === 'malformed-json' && step === Math.min(2, count)) yield event(`{"step":${step},}`);
    else if (fault === 'truncated-json' && step === count) yield event(text.slice(0, -1));
    else yield event(text);
  }
}

async function* payloads(
  texts: readonly string[],
  delay: number,
  signal: AbortSignal,
): AsyncGenerator<LabEvent> {
  for (const [n, text] of texts.entries()) {
    if (n > 0 && delay > 0) await pause(delay, signal);
    yield event(text);
  }
}

/** The text in two. A cut between the halves of a surrogate pair is moved behind it: such a half has no UTF-8. */
function inTwo(text: string, cut: number): readonly [string, string] {
  const unit = text.charCodeAt(cut);
  const at = unit >= 0xdc00 && unit <= 0xdfff ? cut + 1 : cut;
  return [text.slice(0, at), text.slice(at)];
}

/** @throws Refusal where the position is not inside. */
function position(cut: string | undefined, length: number): number | null {
  if (cut === undefined) return null;
  const at = Number(cut);
  if (at < 1 || at >= length) throw new Refusal('bad-params', `cut must be from 1 to ${length - 1}`);
  return at;
}
