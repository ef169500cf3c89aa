/** The page that opens streams in a real browser. It shows nothing; all it does is in the script. */
export const probeHtml = `<!doctype html>
<meta charset="utf-8">
<title>SSE Inspector: probe</title>
<script src="probe.js"></script>
`;

/**
 * The page's script: gets its task, opens the stream with EventSource and with fetch(), and reports what it saw as a
 * \`ProbeReport\`. Kept as text, since it is never part of this program: it runs in the page alone.
 */
export const probeScript = `'use strict';
(async () => {
  const now = () => performance.timeOrigin + performance.now();
  const task = await (await fetch('task')).json();
  const patience = new Promise((resolve) => setTimeout(resolve, task.patience));

  const openEventSource = () => {
    const report = { began: now(), opened: null, events: [], error: null };
    const source = new EventSource(task.eventSourceUrl);
    const done = new Promise((resolve) => {
      const note = (event) => {
        const { type, data, lastEventId } = event;
        report.events.push({ at: now(), type, data, lastEventId });
        if (report.events.length >= task.events) resolve();
      };
      source.onopen = () => { report.opened ??= now(); };
      source.onmessage = note;
      for (const type of task.types) source.addEventListener(type, note);
      source.onerror = (event) => {
        if (event instanceof MessageEvent) return;
        report.error = report.opened === null
          ? 'EventSource could not open the stream; the browser tells a page no more (CORS, content type, status or network)'
          : 'EventSource lost the stream';
        resolve();
      };
    });
    return Promise.race([done, patience]).then(() => {
      source.close();
      if (report.error === null && report.events.length < task.events) report.error = 'not all events came in time';
      return report;
    });
  };

  const openFetch = async () => {
    const report = { began: now(), status: null, headers: [], chunks: [], ended: 0, error: null };
    const abort = new AbortController();
    patience.then(() => abort.abort());
    try {
      const response = await fetch(task.fetchUrl, { signal: abort.signal, cache: 'no-store' });
      report.status = response.status;
      report.headers = [...response.headers];
      const reader = response.body.getReader();
      for (let bytes = 0; bytes < 1048576;) {
        const { done, value } = await reader.read();
        if (done) break;
        bytes += value.length;
        let text = '';
        for (const byte of value) text += String.fromCharCode(byte);
        report.chunks.push({ at: now(), base64: btoa(text) });
      }
      abort.abort();
    } catch (error) {
      report.error = 'fetch() failed: ' + (error instanceof Error ? error.message : String(error));
    }
    report.ended = now();
    return report;
  };

  const [eventSource, fetched] = await Promise.all([openEventSource(), openFetch()]);
  const report = { userAgent: navigator.userAgent, origin: location.origin, eventSource, fetch: fetched };
  await fetch('report', { method: 'POST', body: JSON.stringify(report) });
})();
`;
