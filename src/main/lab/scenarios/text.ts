import { type LabEvent, event, paced } from '../lab-event.ts';
import { type AnyStreamRoute, streamRoute } from '../stream-route.ts';
import { deliveredAs, scenarioQuery } from './scenario-query.ts';

const raw = (text: string): LabEvent => ({ kind: 'bytes', bytes: Buffer.from(text), text });

/** A scenario that repeats a list of events until the count is reached. */
function scripted(
  about: { id: string; title: string; description: string },
  script: readonly LabEvent[],
): AnyStreamRoute {
  return streamRoute({
    ...about,
    path: `/scenarios/${about.id}`,
    query: scenarioQuery({ count: script.length, delay: 100 }),
    plan: (query) => ({
      ...deliveredAs(query),
      events: (signal) => paced(repeat(script, query.count), query.delay, signal),
    }),
  });
}

function* repeat(script: readonly LabEvent[], count: number): Generator<LabEvent> {
  for (let n = 0; n < count; n++) {
    const next = script[n % script.length];
    if (next !== undefined) yield next;
  }
}

export const lineEndingsScenario = scripted(
  {
    id: 'line-endings',
    title: 'Line endings',
    description: 'LF, CR and CRLF, one after another and mixed within an event.',
  },
  [
    raw('data: lines end with LF\ndata: both\n\n'),
    raw('data: lines end with CR\rdata: both\r\r'),
    raw('data: lines end with CRLF\r\ndata: both\r\n\r\n'),
    raw('event: mixed\rdata: CR, LF\ndata: and CRLF\r\n\n'),
    raw('data: more blank lines than one\n\n\r\n\r\r\n'),
  ],
);

export const commentsScenario = scripted(
  {
    id: 'comments',
    title: 'Comments and fields',
    description: 'Comments, heartbeats, ids, reconnection times, and fields that have no effect.',
  },
  [
    { kind: 'comment', text: 'this stream begins with a comment' },
    event('first', { id: '1', retry: 3000 }),
    raw(':\n\n'),
    raw(': a comment\ndata: inside an event\n: and another\n\n'),
    raw('event: nothing\nid: 2\n\n'),
    raw('retry: soon\nunknown: field\ndata: with fields that are ignored\n\n'),
    raw('id: 3\u0000\ndata: an id with NUL is ignored\n\n'),
    raw('data\n\n'),
    raw('data:\ndata:\n\n'),
    raw('data:  two spaces, one of them kept\nid\n\n'),
    event('last', { event: 'end' }),
  ],
);

export const unicodeScenario = scripted(
  {
    id: 'unicode',
    title: 'Beyond ASCII',
    description: 'Characters of one to four bytes, combining, joined, right-to-left and unassigned ones.',
  },
  [
    event('Zürich, São Paulo, Łódź, Ἀθῆναι, Київ'),
    event('東京 · 서울 · ไทย · हिन्दी · ᏣᎳᎩ'),
    event('שלום · مرحبا'),
    event('🌍 👩‍👩‍👧‍👦 🏳️‍🌈 🇨🇭 👍🏽'),
    event('e\u0301 is not é but looks like it'),
    event('\u{10FFFF} \uFFFD \uFFFE \u2028 \u2029 \u0085 \u200B'),
    event('', { event: 'naïve', id: '№ 7' }),
  ],
);

export const hostileScenario = scripted(
  {
    id: 'hostile',
    title: 'Hostile text',
    description:
      'Markup, terminal escapes, control characters, formulas and unusual keys, which a viewer must not execute.',
  },
  [
    event('<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'),
    event('\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u001b[2J \u0008\u0008 \u007f'),
    event('=HYPERLINK("http://127.0.0.1","click") +1 -1 @SUM(1)'),
    event('{"__proto__":{"polluted":true},"constructor":{"prototype":{}},"toString":1}'),
    event('\u202Etxt.exe\u202C \u2066isolate\u2069'),
    event('[link](javascript:alert(1)) ![pixel](http://127.0.0.1:9/pixel.png)'),
    event(`${'['.repeat(2000)}${']'.repeat(2000)}`),
  ],
);

export const jsonScenario = scripted(
  {
    id: 'json',
    title: 'JSON payloads',
    description:
      'Objects, long integers, duplicate keys, sentinels, text, several JSON texts in one event, and malformed JSON.',
  },
  [
    event('{"kind":"object","list":[1,2.5,-3e2],"nested":{"yes":true,"no":false,"none":null}}'),
    event('{"kind":"long integers","id":9007199254740993,"max":18446744073709551615}'),
    event('{"kind":"double key","a":1,"a":2}'),
    event('{\n  "kind": "several lines",\n  "text": "né 世 🌍"\n}'),
    event('{"kind":"one of two"}\n{"kind":"two of two"}'),
    event('{"kind":"cut between '),
    event('events"}'),
    event('"a string"'),
    event('12345678901234567890'),
    event('{"kind":"malformed",}'),
    event('just text'),
    event('[DONE]'),
  ],
);
