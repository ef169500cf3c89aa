'use client';

import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState } from 'react';

/** Rung 2: the same stream twice, received by the browser's EventSource and by fetch(). Where `url` can change, make it the `key`, too. */
export function Stream({ url }: { url: string }) {
  return (
    <main>
      <Events title="EventSource" received={useEventSource(url)} />
      <Events title="fetch()" received={useFetchedEvents(url)} />
    </main>
  );
}

/** What came so far. */
interface Received {
  events: readonly string[];
  state: 'connecting' | 'open' | 'over' | 'failed';
}

const nothing: Received = { events: [], state: 'connecting' };

/** EventSource parses by itself, but can only GET, without header fields of one's own, and reconnects by itself. */
function useEventSource(url: string): Received {
  const [received, setReceived] = useState(nothing);
  useEffect(() => {
    const source = new EventSource(url);
    source.onopen = () => setReceived((before) => ({ ...before, state: 'open' }));
    source.onmessage = ({ data }) =>
      setReceived(({ events }) => ({ events: [...events, String(data)], state: 'open' }));
    source.onerror = () => {
      // CLOSED: refused for good (CORS, status or content type). Otherwise the stream is over, and EventSource is about to
      // open it again; this page has seen it.
      const state = source.readyState === EventSource.CLOSED ? 'failed' : 'over';
      source.close();
      setReceived((before) => ({ ...before, state }));
    };
    return () => source.close();
  }, [url]);
  return received;
}

/** fetch() can send anything and gives bytes: a parser makes events of them. */
function useFetchedEvents(url: string): Received {
  const [received, setReceived] = useState(nothing);
  useEffect(() => {
    const abort = new AbortController();
    const read = async () => {
      const response = await fetch(url, {
        headers: { Accept: 'text/event-stream' },
        signal: abort.signal,
      });
      if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
      setReceived((before) => ({ ...before, state: 'open' }));
      // A chunk may end anywhere, also inside a character: the decoder and the parser keep what is not whole.
      const events = response.body
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())
        .getReader();
      for (;;) {
        const { done, value } = await events.read();
        if (done) break;
        setReceived((before) => ({ ...before, events: [...before.events, value.data] }));
      }
      setReceived((before) => ({ ...before, state: 'over' }));
    };
    read().catch(() => {
      if (!abort.signal.aborted) setReceived((before) => ({ ...before, state: 'failed' }));
    });
    return () => abort.abort();
  }, [url]);
  return received;
}

function Events({ title, received: { events, state } }: { title: string; received: Received }) {
  return (
    <section aria-label={title}>
      <h2>
        {title}: {state}
      </h2>
      <ol>
        {events.map((data, index) => (
          // Events are only ever added at the end.
          <li key={index}>{data}</li>
        ))}
      </ol>
    </section>
  );
}
