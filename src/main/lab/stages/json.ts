import { type BreakOfRung, breaksOfRung } from '../../../contract/ladder.ts';
import { z } from 'zod';
import { Refusal } from '../../../contract/refusal.ts';
import { assertNever } from '../../../core/assert-never.ts';
import { type LabEvent, event, formatEvent, paced } from '../lab-event.ts';
import { oneOf, oneOfFirst, wholeNumber } from '../route-query.ts';
import type { StreamPlan } from '../stream-events.ts';
import { streamRoute } from '../stream-route.ts';
import { inPieces } from './node-client.ts';

/** A JSON text with escapes, characters of several bytes and a long integer, to be cut anywhere. */
export const cutText =
  '{"step":1,"text":"né 世 🌍 \\u00e9\\n","big":9007199254740993,"list":[true,null,-1.5e3]}';

/** What `mode=malformed` sends, and the index at which it is malformed. */
export const malformedText = { data: '{"step":2,"text":oops}', problemAt: 17 } as const;

/** How the JSON is divided into events and chunks. */
const jsonModes = ['whole', 'events', 'chunks', 'several', 'malformed', 'truncated'] as const;

/** The document of a step. */
export const stepText = (step: number): string => `{"step":${step}}`;

/** Rung 5: payloads are JSON, whole or cut. */
export const jsonStage = streamRoute({
  id: 'json',
  path: '/stages/json',
  title: 'Rung 5: JSON',
  description:
    '{"step":1}, {"step":2}…: whole, cut over events or chunks, several in one event, or malformed.',
  query: {
    mode: oneOfFirst(jsonModes),
    count: wholeNumber({ min: 1, max: 100_000, default: 5 }),
    delay: wholeNumber({ min: 0, max: 60_000, default: 0 }),
    /** Where `mode=events` cuts the text (UTF-16 code units), and `mode=chunks` the event's bytes. */
    cut: z
      .string()
      .regex(/^\d{1,4}$/, 'must be a position')
      .optional(),
    break: oneOf(breaksOfRung(5)),
  },
  plan: ({ mode, count, delay, cut, break: fault }) => {
    const payloads = (...texts: string[]): Pick<StreamPlan, 'events'> => ({
      events: (signal) =>
        paced(
          texts.map((text) => event(text)),
          delay,
          signal,
        ),
    });
    switch (mode) {
      case 'whole':
        return { events: (signal) => paced(steps(count, fault), delay, signal) };
      case 'events':
        return payloads(...inTwo(cutText, position(cut, cutText.length) ?? cutText.length >> 1));
      case 'chunks': {
        const bytes = formatEvent(event(cutText));
        const at = position(cut, bytes.length) ?? bytes.indexOf(0x96);
        return { events: (signal) => inPieces(bytes, [at], signal, delay) };
      }
      case 'several':
        return payloads(`${stepText(1)}\n${stepText(2)}`, stepText(3));
      case 'malformed':
        return payloads(stepText(1), malformedText.data, stepText(3));
      case 'truncated':
        return payloads(stepText(1), '{"step":2,"text":"never');
      default:
        return assertNever(mode);
    }
  },
});

function* steps(count: number, fault: BreakOfRung<5> | null): Generator<LabEvent> {
  for (let step = 1; step <= count; step++) {
    const text = stepText(step);
    if (fault === 'malformed-json' && step === Math.min(2, count)) yield event(`{"step":${step},}`);
    else if (fault === 'truncated-json' && step === count) yield event(text.slice(0, -1));
    else yield event(text);
  }
}

/** Cuts the text in two. A cut inside a surrogate pair moves behind it, since half a pair has no UTF-8. */
function inTwo(text: string, cut: number): readonly [string, string] {
  const unit = text.charCodeAt(cut);
  const at = unit >= 0xdc00 && unit <= 0xdfff ? cut + 1 : cut;
  return [text.slice(0, at), text.slice(at)];
}

/** @throws Refusal if the position is outside the text. */
function position(cut: string | undefined, length: number): number | null {
  if (cut === undefined) return null;
  const at = Number(cut);
  if (at < 1 || at >= length) throw new Refusal('bad-params', `cut must be from 1 to ${length - 1}`);
  return at;
}
