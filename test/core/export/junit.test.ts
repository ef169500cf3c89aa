import { expect, test } from 'vitest';
import { junitXml } from '../../../src/core/export/junit.ts';

test('JUnit XML counts its cases and has only characters that XML allows', () => {
  const hostile = 'a\u0000<b>&"\ud800 \uffff\u001b[31m';
  const xml = junitXml([
    {
      name: hostile,
      cases: [
        { name: 'one', group: 'ladder', outcome: { kind: 'passed' } },
        { name: 'two', group: 'ladder', outcome: { kind: 'failed', message: hostile, detail: 'x\ny' } },
        { name: 'three', group: 'ladder', outcome: { kind: 'skipped', message: 'why' } },
      ],
    },
  ]);
  expect(xml).toContain('tests="3" failures="1" errors="0" skipped="1"');
  expect(xml).toContain('name="a\ufffd&lt;b&gt;&amp;&quot;\ufffd \ufffd\ufffd[31m"');
  expect(xml).toContain('>x&#10;y</failure>');
  // [spec] XML 1.0 §2.2.
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  expect(xml.match(/<testcase/g)).toHaveLength(3);
});
