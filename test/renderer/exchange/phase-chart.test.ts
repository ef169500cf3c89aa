import { describe, expect, it } from 'vitest';
import type { NoteRecord } from '../../../src/core/capture/record.ts';
import { phaseBars } from '../../../src/renderer/exchange/phase-chart.tsx';

const note = (at: number | null, fields: NoteRecord['fields'], name = 'phase'): NoteRecord => ({
  kind: 'note',
  at,
  note: name,
  fields,
});

describe('phases of a connection', () => {
  it('end at the time of their note and have its length', () => {
    expect(
      phaseBars([
        note(12, { phase: 'lookup', ms: 12 }),
        note(30, { phase: 'connect', ms: 18, detail: '::1' }),
      ]),
    ).toEqual([
      { title: 'Name lookup', from: 0, to: 12, detail: null },
      { title: 'Connect', from: 12, to: 30, detail: '::1' },
    ]);
  });

  it('keep their name if this version does not know them', () => {
    expect(phaseBars([note(5, { phase: 'quic', ms: 5 })])[0]?.title).toBe('quic');
  });

  it('never begin before the request', () => {
    expect(phaseBars([note(5, { phase: 'lookup', ms: 9 })])[0]?.from).toBe(0);
  });

  it('are not read from other notes or from a damaged file', () => {
    const others = [
      note(5, { text: 'x' }, 'log'),
      note(null, { phase: 'tls', ms: 1 }),
      note(5, { phase: 'tls', ms: '1' }),
    ];
    expect(phaseBars(others)).toEqual([]);
  });
});
