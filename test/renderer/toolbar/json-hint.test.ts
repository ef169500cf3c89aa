import { describe, expect, it } from 'vitest';
import { jsonHint } from '../../../src/renderer/toolbar/json-hint.ts';

describe('the hint below the body', () => {
  it('is null for an empty body and for a body that is not JSON by its type or look', () => {
    expect(jsonHint('  ', 'application/json')).toBeNull();
    expect(jsonHint('a=1&b=2', null)).toBeNull();
    expect(jsonHint('<x/>', 'text/xml')).toBeNull();
  });

  it('confirms valid JSON and suggests a missing content type', () => {
    expect(jsonHint('{"a":1}', 'application/json')).toEqual({ ok: true, message: 'Valid JSON' });
    expect(jsonHint('{"a":1}', null)).toMatchObject({ ok: true });
    expect(jsonHint('{"a":1}', null)?.message).toContain('Content-Type');
  });

  it('gives line and column of the first error', () => {
    expect(jsonHint('{\n  "a": 1,\n  b: 2\n}', null)).toEqual({
      ok: false,
      message: 'Not JSON at line 3, column 3',
    });
  });

  it('reports a body that is incomplete', () => {
    expect(jsonHint('{"a": [1, 2', null)?.ok).toBe(false);
    expect(jsonHint('{"a":', null)?.message).toBe('Not JSON: it ends too early');
  });
});
