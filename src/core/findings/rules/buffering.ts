import type { Decider } from '../finding.ts';
import type { DiagnosisInput } from '../facts/stream-facts.ts';
import type { Observation } from '../rule.ts';

/** Decides whether a proxy buffers a stream. */
export const pastTheProxy: Decider = {
  probe: null,
  text: 'Send the same request straight to the server, without the proxy, and compare: check URL --against FILE.',
};
const uncoded: Decider = {
  probe: 'identity',
  text:
    'Send the same request with Accept-Encoding: identity. If it then arrives smoothly, the compressor held it; if not, ' +
    'something else did.',
};

export const bufferCauses = [
  'A reverse proxy buffers the response.',
  'The application, or a middleware, collects the whole body before it sends any of it.',
];
const coderCauses = [
  'A compressor is not flushed after each event.',
  'A reverse proxy buffers the response before or after it is compressed.',
];

export const bufferAdvice =
  'Turn off buffering in every proxy (nginx: X-Accel-Buffering: no, or proxy_buffering off). In the application, flush after ' +
  'each event, and use no middleware that collects the body.';
const coderAdvice =
  'Do not compress text/event-stream (Cache-Control: no-transform helps), or flush the compressor after each event.';

/** Causes, advice and decider for a compressed body. */
export const coder = { causes: coderCauses, advice: coderAdvice, decider: uncoded };

/** Names of servers that are usually proxies in front of an application. */
const proxies =
  /^(nginx|openresty|varnish|envoy|istio-envoy|cloudflare|caddy|haproxy|awselb|cloudfront|lighttpd|apache|h2o|squid|traefik)\b/i;

/** Adds the proxy named in Via or Server, if any. It is not necessarily the one that buffers. */
export function fromBehind({ facts }: DiagnosisInput, found: Observation | null): Observation | null {
  if (found === null) return null;
  for (const name of ['via', 'server']) {
    const value = facts.header(name);
    if (value === null || (name === 'server' && !proxies.test(value))) continue;
    return {
      ...found,
      message: `${found.message} It came from behind ${value}.`,
      evidence: [...found.evidence, { kind: 'header', name, value }],
    };
  }
  return found;
}
