/**
 * Completes an address that a user typed. An address with a scheme is not changed. An address of this machine or of a private
 * network gets `http://`, any other `https://`, unless port 80 or 443 decides. The host checks whether the result is a URL.
 */
export function completeAddress(typed: string): string {
  const address = typed.trim();
  if (address === '' || hasScheme(address)) return address;
  const rest = address.replace(/^\/\//, '');
  const { host, port } = authorityOf(rest);
  const isPlain = port === '80' || (port !== '443' && isPrivate(host));
  return `${isPlain ? 'http' : 'https'}://${rest}`;
}

/** `mailto:x` names a scheme; in `localhost:8080/x` a port follows the colon. */
function hasScheme(address: string): boolean {
  return /^[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))/i.test(address);
}

/** Host and port of `[user@]host[:port][/…]`; the host in lower case, without the dot that may end a domain name. */
function authorityOf(address: string): { readonly host: string; readonly port: string } {
  const parts = /^(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?/.exec(address);
  return { host: (parts?.[1] ?? '').toLowerCase().replace(/\.$/, ''), port: parts?.[2] ?? '' };
}

/** Whether a host is this machine, or can only be in a private network: certificates are rare there. */
function isPrivate(host: string): boolean {
  if (host.startsWith('[')) return isPrivateIPv6(host.slice(1, -1));
  if (/^\d+(?:\.\d+){3}$/.test(host)) return isPrivateIPv4(host);
  // A name without a dot is not in the public DNS: `localhost`, or a neighbour, as in a Docker network.
  if (!host.includes('.')) return true;
  // [spec] RFC 6761 §6.3 (localhost), RFC 6762 §3 (local), RFC 8375 §4 (home.arpa); ICANN keeps `internal` for private use.
  return /\.(?:localhost|local|home\.arpa|internal)$/.test(host);
}

/** [spec] RFC 1918 §3 (private), RFC 1122 §3.2.1.3 (loopback, this host), RFC 3927 (link-local), RFC 6598 (shared). */
function isPrivateIPv4(host: string): boolean {
  const [a = 0, b = 0] = host.split('.').map(Number);
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b <= 127)
  );
}

/** [spec] RFC 4291 §2.5.3 (loopback), §2.5.6 (link-local), §2.5.5.2 (IPv4-mapped), RFC 4193 (unique local). */
function isPrivateIPv6(host: string): boolean {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/.exec(host)?.[1];
  if (mapped !== undefined) return isPrivateIPv4(mapped);
  return /^(?:::1?|(?:0+:){7}0*1|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)$/.test(host);
}
