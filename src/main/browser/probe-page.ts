/** The page that opens streams in a real browser. It shows nothing; all it does is in the script. */
export const probeHtml = `<!doctype html>
<meta charset="utf-8">
<title>SSE Inspector: probe</title>
<script src="probe.js"></script>
`;

/**
 * The page's script: gets its task, opens the stream with EventSource and with fetch(), and reports what it saw as a
 * \`ProbeReport\`, or tells it as \`ProbeSight\`s while it sees it. Kept as text, since it is never part of this program: it runs in the page alone.
 */
export const probeScript = `'use strict';
(async () => {
  const now = () => performance.timeOrigin + performance.now();
  const task = await (await fetch('task')).json();
  const patience = new Promise((resolve) => {
    if (task.patience !== null) setTimeout(resolve, task.patience);
  });

  // What was seen is sent as soon as what was seen before has been taken.
  let untold = [];
  let untoldSize = 0;
  let telling = null;
  const tellAll = async () => {
    while (untold.length > 0) {
      const body = JSON.stringify(untold);
      untold = [];
      untoldSize = 0;
      await fetch('sights', { method: 'POST', body });
    }
    telling = null;
  };
  const tell = (sight) => {
    if (!task.isWatched) return;
    untold.push({ at: now(), ...sight });
    untoldSize += sight.base64 === undefined ? 0 : sight.base64.length;
    telling ??= tellAll();
  };
  addEventListener('securitypolicyviolation', () => tell({ kind: 'blocked' }));

  // An EventSource dispatches to those who asked for the type; what types there are, fetch() sees beside it.
  let listenFor = () => {};
  let line = '';
  const decoder = new TextDecoder();
  const lookForTypes = (bytes) => {
    const lines = (line + decoder.decode(bytes, { stream: true })).split(/[\\r\\n]/);
    line = lines.pop().slice(0, 1000);
    for (const each of lines) {
      if (each.startsWith('event:')) listenFor(each.slice(6).replace(/^ /, ''));
    }
  };

  const openEventSource = () => {
    const report = { began: now(), opened: null, events: [], error: null };
    if (task.eventSourceUrl === null) return report;
    const source = new EventSource(task.eventSourceUrl);
    let count = 0;
    let refused = false;
    const done = new Promise((resolve) => {
      const note = (event) => {
        const { type, data, lastEventId } = event;
        count += 1;
        if (!task.isWatched) report.events.push({ at: now(), type, data, lastEventId });
        else if (count <= task.events) {
          const short = (text) => text.slice(0, 200);
          tell({ kind: 'source-event', type: short(type), lastEventId: short(lastEventId), length: data.length });
        }
        if (!task.isWatched && count >= task.events) resolve();
      };
      source.onopen = () => {
        report.opened ??= now();
        tell({ kind: 'source-open' });
      };
      source.onmessage = note;
      const types = new Set(['', 'message']);
      listenFor = (type) => {
        if (types.has(type) || types.size > 1000) return;
        types.add(type);
        source.addEventListener(type, note);
      };
      task.types.forEach(listenFor);
      source.onerror = (event) => {
        if (event instanceof MessageEvent) return;
        refused = source.readyState === EventSource.CLOSED;
        report.error = report.opened === null
          ? 'EventSource could not open the stream; the browser tells a page no more (CORS, content type, status or network)'
          : 'EventSource lost the stream';
        resolve();
      };
    });
    // When one connection has seen the stream's end, the other gets a moment for it and no more.
    const fetchDone = fetched.then(() => task.isWatched
      ? new Promise((resolve) => setTimeout(resolve, 1000))
      : new Promise(() => {}));
    return Promise.race([done, patience, fetchDone]).then(() => {
      source.close();
      if (!task.isWatched && report.error === null && count < task.events) report.error = 'not all events came in time';
      tell({ kind: 'source-end', error: report.error, refused, opened: report.opened !== null, events: count });
      return report;
    });
  };

  const openFetch = async () => {
    const report = { began: now(), status: null, headers: [], chunks: [], ended: 0, error: null };
    const abort = new AbortController();
    patience.then(() => abort.abort());
    try {
      const request = new Request(task.fetchUrl, { ...task.request, signal: abort.signal, cache: 'no-store' });
      const names = task.request.headers.map(([name]) => name).filter((name) => !request.headers.has(name));
      if (names.length > 0) tell({ kind: 'left-out', names });
      const response = await fetch(request);
      report.status = response.status;
      report.headers = [...response.headers];
      const url = response.redirected ? response.url : null;
      tell({ kind: 'response', status: report.status, headers: report.headers, url });
      // There is none where the status allows none: 204, say.
      const reader = response.body === null ? null : response.body.getReader();
      for (let bytes = 0; reader !== null && (task.isWatched || bytes < 1048576);) {
        const { done, value } = await reader.read();
        if (done) break;
        const at = now();
        bytes += value.length;
        let text = '';
        for (const byte of value) text += String.fromCharCode(byte);
        const base64 = btoa(text);
        if (!task.isWatched) {
          report.chunks.push({ at, base64 });
          continue;
        }
        lookForTypes(value);
        tell({ kind: 'chunk', at, base64 });
        // Whoever is slow to take it makes the server wait, and not this page grow.
        if (untoldSize > 65536) await telling;
      }
      abort.abort();
    } catch (error) {
      report.error = 'fetch() failed: ' + String(error);
    }
    report.ended = now();
    tell({ kind: 'fetch-end', error: report.error });
    return report;
  };

  tell({ kind: 'began' });
  const fetched = openFetch();
  const eventSource = await openEventSource();
  const report = { userAgent: navigator.userAgent, origin: location.origin, eventSource, fetch: await fetched };
  await telling;
  await fetch('report', { method: 'POST', body: JSON.stringify(report) });
})();
`;
