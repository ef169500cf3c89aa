/** A test case of a JUnit report. */
export interface JunitCase {
  readonly name: string;
  /** Its group, shown as its class. */
  readonly group: string;
  /** `passed`, or why it failed or was skipped. */
  readonly outcome:
    | { readonly kind: 'passed' }
    | { readonly kind: 'failed'; readonly message: string; readonly detail: string }
    | { readonly kind: 'skipped'; readonly message: string };
}

/** Test cases about one stream. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/**
 * JUnit XML for CI servers, one suite per stream. There is no standard: these are the elements that Jenkins, GitLab and
 * GitHub's reporters share. Text from a stream is escaped; characters that XML 1.0 does not allow become U+FFFD.
 */
export function junitXml(suites: readonly JunitSuite[]): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>'];
  for (const { name, cases } of suites) {
    const failures = cases.filter(({ outcome }) => outcome.kind === 'failed').length;
    const skipped = cases.filter(({ outcome }) => outcome.kind === 'skipped').length;
    lines.push(
      `  <testsuite name="${escaped(name)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}">`,
      ...cases.map(caseXml),
      '  </testsuite>',
    );
  }
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

function caseXml({ name, group, outcome }: JunitCase): string {
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(group)}"`;
  switch (outcome.kind) {
    case 'passed':
      return `${head}/>`;
    case 'failed':
      return `${head}><failure message="${escaped(outcome.message)}">${escaped(outcome.detail)}</failure></testcase>`;
    case 'skipped':
      return `${head}><skipped message="${escaped(outcome.message)}"/></testcase>`;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

/** [spec] XML 1.0 §2.2, "Char": no other control characters, no surrogates alone, no U+FFFE and U+FFFF. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"\n\t\r]/g, (character: string) => entities[character] ?? character);
}
