import type { Finding } from './finding.ts';
import type { Rule } from './rule.ts';
import { assemblyRules } from './rules/assembly-problems.ts';
import { connectionFailed } from './rules/connection-failed.ts';
import { eventWithoutBlankLine } from './rules/event-without-blank-line.ts';
import { httpStatus } from './rules/http-status.ts';
import { jsonMalformed } from './rules/json-malformed.ts';
import { jsonSplitAcrossEvents } from './rules/json-split-across-events.ts';
import { jsonTruncated } from './rules/json-truncated.ts';
import { noEvents } from './rules/no-events.ts';
import { prematureClose } from './rules/premature-close.ts';
import { bytesAfterBody, contentEncoded } from './rules/response-warnings.ts';
import { stalled } from './rules/stalled.ts';
import { utf8Invalid } from './rules/utf8-invalid.ts';
import { wrongContentType } from './rules/wrong-content-type.ts';
import type { Diagnosed } from './stream-facts.ts';

/** Every rule, in the order of the ladder. */
const rules: readonly Rule[] = [
  connectionFailed,
  httpStatus,
  wrongContentType,
  contentEncoded,
  bytesAfterBody,
  noEvents,
  eventWithoutBlankLine,
  utf8Invalid,
  stalled,
  jsonMalformed,
  jsonTruncated,
  jsonSplitAcrossEvents,
  ...assemblyRules,
  prematureClose,
];

/** What is wrong with a stream, in the order of the ladder; empty for a healthy one. */
export function diagnose(diagnosed: Diagnosed): readonly Finding[] {
  return rules.flatMap((rule) => {
    const { code, severity, rung, advice } = rule;
    const found = rule.test(diagnosed);
    return found === null ? [] : [{ code, severity, rung, ...found, advice }];
  });
}
