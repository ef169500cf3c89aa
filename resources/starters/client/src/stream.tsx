'use client';

import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState } from 'react';

/** Rung 2: the same stream, received by EventSource and by fetch(). If `url` can change, use it as the `key` too. */
export function Stream({ url }: { url: string }) {
  return (
    <main>
      <Events title="EventSource" received={useEventSource(url)} />
      <Events title="fetch()" received={useFetchedEvents(url)} />
    </main>
  );
}

/** What has been received so far. */
interface Received {
  events: readonly string[];
  state: 'connecting' | 'open' | 'over' | 'failed';
}

const nothing: Received = { events: [], state: 'connecting' };

/** EventSource parses events and reconnects, but can only send a GET without custom header fields. */
function useEventSource(url: string): Received {
  const [received, setReceived] = useState(nothing);
  useEffect(() => {
    const source = new EventSource(url);
    source.onopen = () => setReceived((before) => ({ ...before, state: 'open' }));
    source.onmessage = ({ data }) =>
      setReceived(({ events }) => ({ events: [...events, String(data)], state: 'open' }));
    source.onerror = () => {
      // CLOSED: failed for good (CORS, status or content type). Otherwise the stream has ended, and EventSource would
      // reconnect, which this page does not need.
      const state = source.readyState === EventSource.CLOSED ? 'failed' : 'over';
      source.close();
      setReceived((before) => ({ ...before, state }));
    };
    return () => source.close();
  }, [url]);
  return received;
}

/** fetch() can send any request and returns bytes, which a parser turns into events. */
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
      // A chunk may end anywhere, even inside a character. The decoder and the parser keep the incomplete part.
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
          // Events are only added at the end.
          <li key={index}>{data}</li>
        ))}
      </ol>
    </section>
  );
}
