import { isSecretName, isSecretParameter, REDACTED } from './secret-name.ts';

// The length of a scheme is bounded, so that a text without URLs is searched once.
const urlInText = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>`]+/gi;
/** A parameter in a URL, which may be relative, as in a Link field. */
const parameterInText = /[?&;]([^\s?&;=#"'<>`]{1,200})=([^\s&;#"'<>`]+)/g;
/** Not followed by the name of a parameter (`Bearer error_description="…"`). */
const credentialsInText = /\b(Bearer|Basic|DPoP)( +)([A-Za-z0-9._~+/-]{6,}=*)(?!"?[A-Za-z0-9=])/gi;

/**
 * Redacts a URL, absolute or relative: user name, password, and the secret parameters of query and fragment. It works
 * on the text, so everything else stays unchanged.
 */
export function redactUrl(url: string): string {
  const hash = url.indexOf('#');
  const beforeHash = hash < 0 ? url : url.slice(0, hash);
  const query = beforeHash.indexOf('?');
  const path = query < 0 ? beforeHash : beforeHash.slice(0, query);
  const withoutUser = path.replace(/^((?:[a-z][a-z0-9+.-]*:)?[/\\]{2})[^/\\]*@/i, `$1${REDACTED}@`);
  const parameters = query < 0 ? '' : `?${redactParameters(beforeHash.slice(query + 1))}`;
  const fragment = hash < 0 ? '' : `#${redactParameters(url.slice(hash + 1))}`;
  return withoutUser + parameters + fragment;
}

/** Redacts the values of secret names in `a=b&key=c`. The value extends to the next `&`. */
export function redactParameters(text: string): string {
  return text.split('&').map(redactParameter).join('&');
}

function redactParameter(parameter: string): string {
  // Some servers accept ";" between parameters.
  let start = 0;
  while (start < parameter.length) {
    const equals = parameter.indexOf('=', start);
    if (equals < 0) return parameter;
    const name = parameter.slice(start, equals).replace(/^.*[;?]/s, '');
    if (isSecretParameter(decodeName(name))) {
      return equals + 1 === parameter.length ? parameter : parameter.slice(0, equals + 1) + REDACTED;
    }
    const next = parameter.indexOf(';', equals);
    if (next < 0) return parameter;
    start = next + 1;
  }
  return parameter;
}

function decodeName(name: string): string {
  return name.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Redacts the URLs and credentials in free text (an error, a note, a header field). */
export function redactText(text: string): string {
  return redactProse(
    text
      .replace(urlInText, redactUrl)
      .replace(parameterInText, (all, name: string, value: string) =>
        isSecretName(decodeName(name)) ? all.slice(0, all.length - value.length) + REDACTED : all,
      ),
  );
}

/** As `redactText`, for prose such as a prompt, where `a&key=b` may occur outside a URL. */
export function redactProse(text: string): string {
  return text
    .replace(urlInText, redactUrl)
    .replace(credentialsInText, (all, scheme: string, space: string, credentials: string) =>
      isCredentials(scheme, credentials) ? `${scheme}${space}${REDACTED}` : all,
    );
}

/** Whether the text after a scheme is a credential, not a word as in "Basic authentication" or "bearer instruments". */
function isCredentials(scheme: string, text: string): boolean {
  if (scheme.toLowerCase() !== 'basic') return text.length >= 16 || /\d/.test(text);
  return (
    text.length >= 8 &&
    (text.endsWith('=') || (/\d/.test(text) && /[a-z]/i.test(text)) || /[a-z][A-Z]/.test(text))
  );
}
