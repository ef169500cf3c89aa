/** An event: the log line of its yield, its fields, and the blank line that makes clients dispatch it. */
export function event(n: number, data: string, type?: string): string {
  console.log(`yield ${n}`);
  const lines = [`: yield ${n} ${Date.now()}`, `id: ${n + 1}`];
  if (type !== undefined) lines.push(`event: ${type}`);
  // Each line of the data needs its own data field, since a line feed ends a field.
  lines.push(...data.split('\n').map((line) => `data: ${line}`));
  return `${lines.join('\n')}\n\n`;
}

/** Sends what a generator yields as an event stream. */
export function eventStream(request: Request, events: AsyncIterator<string, void>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      // Called when the last event has been read, so a slow client slows the generator.
      async pull(controller) {
        const { done, value } = await events.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      // The client has disconnected: the generator ends at its current or next yield.
      async cancel() {
        await events.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream',
      // no-transform keeps `next start` and proxies from compressing, which may buffer events.
      'Cache-Control': 'no-cache, no-transform',
      // Turns off buffering in nginx.
      'X-Accel-Buffering': 'no',
      ...corsHeaders(request),
    },
  });
}

/** A page of another origin may read a response only if the response allows that origin. */
function corsHeaders(request: Request): Record<string, string> {
  const origin = request.headers.get('Origin') ?? '';
  // The response depends on the origin, so caches must keep one for each.
  if (!/^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(origin)) return { Vary: 'Origin' };
  return { Vary: 'Origin', 'Access-Control-Allow-Origin': origin };
}

/** Waits, or returns at once when the client disconnects. The generator then ends at its next yield. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** `?delay=MS`: the pause between two events. */
export function delayOf(request: Request, standard: number): number {
  return Number(new URL(request.url).searchParams.get('delay') ?? standard);
}
