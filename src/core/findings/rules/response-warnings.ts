import type { Rule } from '../rule.ts';

/** The body has a content coding that the client could not undo. */
export const contentEncoded: Rule = {
  code: 'content-encoded',
  severity: 'error',
  rung: 1,
  advice:
    'Send the body with a coding that the request accepts, or with none: Accept-Encoding says which. Some clients ask for none with “identity”.',
  test({ facts: { undecoded, response } }) {
    if (undecoded === null) return null;
    const value = response?.headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
    return {
      message: `The body has the content coding "${undecoded}", which cannot be decoded here: its events cannot be read.`,
      evidence: [{ kind: 'header', name: 'Content-Encoding', value: value ?? undecoded }],
    };
  },
};

/** More was sent than belongs to the response. */
export const bytesAfterBody: Rule = {
  code: 'bytes-after-body',
  severity: 'warning',
  rung: 1,
  advice:
    'Look for something on the server, or between, that appends to a body whose length or compressed data is over already.',
  test({ facts: { excess, end, bytes } }) {
    if (excess === null) return null;
    return {
      message: excess,
      evidence: [
        { kind: 'bytes', start: bytes, end: bytes },
        ...(end === null
          ? []
          : [{ kind: 'end' as const, reason: end.reason, error: end.error?.message ?? null }]),
      ],
    };
  },
};
