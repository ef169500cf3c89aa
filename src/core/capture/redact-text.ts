import { isSecretName, isSecretParameter, REDACTED } from './secret-name.ts';

// A scheme has a bound, so that a text without any URL is gone through once.
const urlInText = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>`]+/gi;
/** A parameter of a URL that may be a relative one, as in a Link field. */
const parameterInText = /[?&;]([^\s?&;=#"'<>`]{1,200})=([^\s&;#"'<>`]+)/g;
/** Not the name of a parameter (`Bearer error_description="…"`). */
const credentialsInText = /\b(Bearer|Basic|DPoP)( +)([A-Za-z0-9._~+/-]{6,}=*)(?!"?[A-Za-z0-9=])/gi;

/**
 * A URL, absolute or relative, with its user name and password and the secret parameters of its query and its fragment
 * redacted. It is treated as text, so that everything else stays as it was.
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

/** `a=b&key=c` with the values of secret names redacted; from a secret name on to the next `&` all is its value. */
export function redactParameters(text: string): string {
  return text.split('&').map(redactParameter).join('&');
}

function redactParameter(parameter: string): string {
  // Some servers take ";" between parameters too.
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

/** Free text (an error, a note, a header field) with the secrets of every URL and every credential in it redacted. */
export function redactText(text: string): string {
  return redactProse(
    text
      .replace(urlInText, redactUrl)
      .replace(parameterInText, (all, name: string, value: string) =>
        isSecretName(decodeName(name)) ? all.slice(0, all.length - value.length) + REDACTED : all,
      ),
  );
}

/** The same for prose, a prompt for example, where `a&key=b` may stand outside a URL. */
export function redactProse(text: string): string {
  return text
    .replace(urlInText, redactUrl)
    .replace(credentialsInText, (all, scheme: string, space: string, credentials: string) =>
      isCredentials(scheme, credentials) ? `${scheme}${space}${REDACTED}` : all,
    );
}

/** Whether the text after a scheme is a credential, and not a word as in "Basic authentication" or "bearer instruments". */
function isCredentials(scheme: string, text: string): boolean {
  if (scheme.toLowerCase() !== 'basic') return text.length >= 16 || /\d/.test(text);
  return (
    text.length >= 8 &&
    (text.endsWith('=') || (/\d/.test(text) && /[a-z]/i.test(text)) || /[a-z][A-Z]/.test(text))
  );
}
