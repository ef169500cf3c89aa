import type { HeaderList } from '../../../src/core/headers.ts';
import * as fc from 'fast-check';
import type { Capture, CaptureHeader, CaptureRecord } from '../../../src/core/capture/record.ts';
import type { JsonObject } from '../../../src/core/json/json-value.ts';

const at = fc.double({ min: 0, max: 1e7, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));

const headers: fc.Arbitrary<HeaderList> = fc.array(
  fc.tuple(fc.constantFrom('content-type', 'X-A', 'set-cookie'), fc.string()),
  { maxLength: 4 },
);

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => new Uint8Array(new TextEncoder().encode(text))),
  fc.constantFrom('\uFEFFdata: x\n\n', 'data: \u2028\n\n', '').map((text) => new TextEncoder().encode(text)),
);

const fields: fc.Arbitrary<JsonObject> = fc
  .dictionary(
    fc.string().filter((key) => !['kind', 'at', 'note', 'toJSON'].includes(key)),
    fc.jsonValue(),
    { maxKeys: 4 },
  )
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

/** Members beside those of the format: never one of the format's own. */
const extra = fc.option(
  fc
    .dictionary(fc.constantFrom('later', 'x-tool'), fc.jsonValue(), { minKeys: 1 })
    .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject),
  { nil: undefined },
);

const withExtra = <T extends object>(record: T, more: JsonObject | undefined): T & { extra?: JsonObject } =>
  more === undefined ? record : { ...record, extra: more };

const record: fc.Arbitrary<CaptureRecord> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('chunk' as const),
      at,
      read: fc.nat(),
      wireBytes: fc.nat(),
      bytes,
    }),
  },
  fc.record({ kind: fc.constant('note' as const), at: fc.option(at), note: fc.string(), fields }),
  fc
    .tuple(
      fc.record({ at, status: fc.integer({ min: 100, max: 599 }), headers, httpVersion: fc.string() }),
      extra,
    )
    .map(([value, more]) => withExtra({ kind: 'response' as const, ...value }, more)),
);

const header: fc.Arbitrary<CaptureHeader> = fc
  .tuple(
    fc.record({
      method: fc.string(),
      url: fc.string(),
      headers,
      client: fc.constantFrom('raw' as const, 'openai' as const),
    }),
    fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
    extra,
  )
  .map(([request, body, date, more]) =>
    withExtra(
      {
        format: 'ssecap' as const,
        version: 1 as const,
        request: withExtra(body === undefined ? request : { ...request, body }, more),
        startedAt: date.toISOString(),
      },
      more,
    ),
  );

/** Any capture that this program could write or be handed, with an end record. */
export const arbitraryCapture: fc.Arbitrary<Capture> = fc
  .tuple(header, fc.array(record, { maxLength: 12 }), at, extra)
  .map(([head, records, endAt, more]) => ({
    header: head,
    records: [...records, withExtra({ kind: 'end' as const, at: endAt, reason: 'complete' as const }, more)],
  }));
