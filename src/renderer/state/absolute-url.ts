/**
 * The URL that was meant: as typed where it names a scheme; else `http://` before an address of this machine or a
 * private one, `https://` before any other. Whether it is a URL is for the host to say.
 */
export function absoluteUrl(typed: string): string {
  const url = typed.trim();
  if (url === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return url;
  // `mailto:x` names a scheme, `localhost:8080` a port.
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(url)) return url;
  return `${isNearby(url) ? 'http' : 'https'}://${url.replace(/^\/\//, '')}`;
}

function isNearby(url: string): boolean {
  const host = /^(?:\/\/)?(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]*)/.exec(url)?.[1]?.toLowerCase() ?? '';
  if (host === 'localhost' || host === '[::1]' || host.endsWith('.localhost') || host.endsWith('.local'))
    return true;
  return (
    /^(?:0\.0\.0\.0|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host) && /^[\d.]+$/.test(host)
  );
}
