import type { StreamFacts } from '../facts/stream-facts.ts';

/** How far, in s, Age may exceed the age of its response without a cache: Age is in whole seconds. */
const AGE_SLACK_S = 1;

/** Fields in which caches say HIT: nginx by convention, CloudFront, Fastly, Cloudflare, Vercel; RFC 9211 Cache-Status. */
const statusFields = [
  'x-cache',
  'x-cache-status',
  'x-proxy-cache',
  'cf-cache-status',
  'x-vercel-cache',
  'x-nginx-cache',
  'cache-status',
];

/** The header field that shows that a cache answered, or null. */
export function cacheSign(facts: StreamFacts): { readonly name: string; readonly value: string } | null {
  for (const name of statusFields) {
    const value = facts.header(name);
    if (value !== null && /\bhit\b/i.test(value) && !/\b(miss|bypass|expired)\b/i.test(value))
      return { name, value };
  }
  // Varnish: the second id is that of the request that filled the cache.
  const varnish = facts.header('x-varnish');
  if (varnish !== null && /^\s*\d+\s+\d+\s*$/.test(varnish)) return { name: 'x-varnish', value: varnish };
  // [spec] RFC 9111 §5.1: Age is the time since the origin made or validated the response, in seconds.
  const age = facts.header('age');
  const seconds = age !== null && /^\s*\d+\s*$/.test(age) ? Number(age) : null;
  const headAt = (facts.response?.at ?? 0) / 1000;
  if (age !== null && seconds !== null && seconds > headAt + AGE_SLACK_S) return { name: 'age', value: age };
  return null;
}
