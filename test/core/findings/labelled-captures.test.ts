import { describe, expect, test } from 'vitest';
import { diagnosisCases, findingsOf, haveDiagnosisCases, mistakes } from '../../fixtures/diagnosis-cases.ts';

describe.skipIf(!haveDiagnosisCases)('captures of real servers', () => {
  test.each(diagnosisCases().map((one) => [`${one.name} (${one.how})`, one] as const))(
    'finds what is labelled, and no other warning or error: %s',
    (_name, one) => {
      const findings = findingsOf(one);
      expect(mistakes(one, findings)).toEqual([]);
      for (const { evidence } of findings) expect(evidence.length).toBeGreaterThan(0);
    },
  );
});
