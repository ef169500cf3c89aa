/** Header fields in the order received, names as sent. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** The values of a header field, in order; `name` in lower case. */
export function headerValues(headers: HeaderList, name: string): readonly string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

/** The values of a header field joined with ", " ([spec] RFC 9110 §5.3), or null; `name` in lower case. */
export function headerValue(headers: HeaderList, name: string): string | null {
  const values = headerValues(headers, name);
  return values.length === 0 ? null : values.join(', ');
}

/** The first value of a header field that should be sent once, or null; `name` in lower case. */
export function firstHeaderValue(headers: HeaderList, name: string): string | null {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}

/** A Content-Type without its parameters, in lower case. */
export function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}
