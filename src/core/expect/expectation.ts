import { headerValue } from '../headers.ts';
import { ruleOf } from '../findings/diagnose.ts';
import { type FindingCode, findingCodes } from '../findings/finding.ts';
import { GROWING_BODIES } from '../findings/rules/clean-up.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { type JudgedStream, type Quantity, streamValues, type ValueName } from './stream-values.ts';

/** Longer operators first: `<=` starts with `<`. */
const operators = ['<=', '>=', '!=', '==', '<', '>', '='] as const;
type Operator = (typeof operators)[number];
const comparison = new RegExp(`^([^<>=!\\s]+)\\s*(${operators.join('|')})\\s*(.*)$`);

/** The units of each quantity, in ms, bytes or as a plain number. */
const units: Readonly<Record<Quantity, Readonly<Record<string, number>>>> = {
  time: { ms: 1, s: 1000, min: 60_000 },
  bytes: { '': 1, B: 1, k: 1000, kB: 1000, M: 1_000_000, MB: 1_000_000, KiB: 1024, MiB: 1024 * 1024 },
  count: { '': 1, k: 1000, M: 1_000_000 },
  rate: { '': 1, k: 1000, M: 1_000_000 },
  text: {},
};

/** A parsed expectation. */
export type Expectation =
  | {
      readonly kind: 'compare';
      readonly text: string;
      readonly name: ValueName;
      readonly operator: Operator;
      /** In ms, in bytes, or a plain number; a text as given. */
      readonly value: number | string;
    }
  | { readonly kind: 'absent'; readonly text: string; readonly code: FindingCode };

/** The result of one expectation: a record of `check`. */
export interface ExpectationRecord {
  readonly kind: 'expectation';
  /** The expectation as given. */
  readonly expectation: string;
  readonly passed: boolean;
  /** The measured value in ms, in bytes, or a plain number; null if unknown. */
  readonly actual: number | string | null;
  /** The measured value in words, or why it is unknown. */
  readonly evidence: string;
}

/** An expectation, or why the line is invalid. */
type ParsedExpectation =
  | { readonly ok: true; readonly expectation: Expectation }
  | { readonly ok: false; readonly problem: string };

/**
 * Parses an expectation: `NAME OPERATOR VALUE` with the names of `streamValues`, or `no:CODE` with the code of a finding.
 * White space around the parts is ignored.
 */
export function parseExpectation(line: string): ParsedExpectation {
  const text = line.trim();
  const refusal = /^no:(.*)$/.exec(text);
  if (refusal !== null) return parseAbsent(text, (refusal[1] ?? '').trim());
  const parts = comparison.exec(text);
  if (parts === null) {
    return problem(
      `"${text}" is not an expectation: write NAME OPERATOR VALUE, such as first-event<800ms (operators ${operators.join(' ')}), or no:CODE`,
    );
  }
  const [, given = '', operator = '=', value = ''] = parts;
  const name = streamValues.find((known) => known.name === given);
  if (name === undefined) {
    const all = streamValues.map((known) => known.name);
    return problem(`unknown value "${given}"${didYouMean(given, all)}; known values: ${all.join(', ')}`);
  }
  if (value === '') return problem(`"${text}" needs a value to compare ${given} with`);
  return parseComparison(text, name, operator as Operator, value);
}

function problem(text: string): ParsedExpectation {
  return { ok: false, problem: text };
}

function parseAbsent(text: string, given: string): ParsedExpectation {
  const code = findingCodes.find((known) => known === given);
  if (code !== undefined) return { ok: true, expectation: { kind: 'absent', text, code } };
  return problem(
    `unknown finding "${given}"${didYouMean(given, findingCodes)}; known findings: ${findingCodes.join(', ')}`,
  );
}

function parseComparison(
  text: string,
  name: ValueName,
  operator: Operator,
  value: string,
): ParsedExpectation {
  if (name.quantity === 'text') {
    if (operator !== '=' && operator !== '==' && operator !== '!=')
      return problem(`${name.name} is a text: compare it with = or !=`);
    return { ok: true, expectation: { kind: 'compare', text, name, operator, value } };
  }
  const known = units[name.quantity];
  const number = /^(\d+(?:\.\d+)?|\.\d+)\s*(\S*)$/.exec(value);
  if (number === null) return problem(`"${value}" is not a number: ${name.name} needs one`);
  const [, digits = '', unit = ''] = number;
  const factor = Object.hasOwn(known, unit) ? known[unit] : undefined;
  if (factor === undefined) {
    const names = Object.keys(known).filter((one) => one !== '');
    const which = unit === '' ? `"${value}" needs a unit` : `unknown unit "${unit}" for ${name.name}`;
    return problem(
      `${which}; known units: ${names.join(', ')}${Object.hasOwn(known, '') ? ', or none' : ''}`,
    );
  }
  const expected = Number(digits) * factor;
  return { ok: true, expectation: { kind: 'compare', text, name, operator, value: expected } };
}

/** Judges a stream by an expectation. An unknown value fails, with the reason. */
export function judgeExpectation(expectation: Expectation, stream: JudgedStream): ExpectationRecord {
  const { text } = expectation;
  if (expectation.kind === 'absent') return judgeAbsent(text, expectation.code, stream);
  const { name, operator, value } = expectation;
  const actual = name.of(stream);
  if (!actual.known) return failed(text, `${name.name} is unknown: ${actual.reason}`);
  if (typeof actual.value !== 'number') {
    const shown = actual.value.join(', ');
    const passed =
      operator === '!='
        ? actual.value.every((one) => one !== value)
        : actual.value.every((one) => one === value);
    return {
      kind: 'expectation',
      expectation: text,
      passed,
      actual: shown,
      evidence: `${name.name} is ${shown}`,
    };
  }
  const passed = typeof value === 'number' && holds(actual.value, operator, value);
  return {
    kind: 'expectation',
    expectation: text,
    passed,
    actual: Math.round(actual.value * 1000) / 1000,
    evidence: `${name.name} is ${shown(actual.value, name.quantity)}`,
  };
}

function judgeAbsent(text: string, code: FindingCode, stream: JudgedStream): ExpectationRecord {
  const found = stream.diagnosis.findings.filter((finding) => finding.code === code);
  const [first] = found;
  if (first !== undefined)
    return {
      kind: 'expectation',
      expectation: text,
      passed: false,
      actual: found.length,
      evidence: first.message,
    };
  const reason = whyUnjudged(code, stream);
  if (reason !== null) return failed(text, `${code} could not be judged: ${reason}`);
  return {
    kind: 'expectation',
    expectation: text,
    passed: true,
    actual: 0,
    evidence: `${code} was not found`,
  };
}

/** Why a missing finding proves nothing; null if it does. */
function whyUnjudged(code: FindingCode, { facts, metrics, diagnosis, request }: JudgedStream): string | null {
  if (code === 'connection-failed') return null;
  switch (code) {
    case 'cors-missing':
    case 'http1-connection-limit': {
      const sentOrigin = headerValue(request.headers, 'origin') !== null;
      const browser = diagnosis.rungs.find(({ rung }) => rung === 2);
      if (browser?.state === 'skipped' && !(sentOrigin && code === 'cors-missing')) return browser.text;
      break;
    }
    case 'last-event-id-ignored':
    case 'duplicate-after-reconnect':
      if (facts.reconnections.count === 0) return 'the client did not reconnect';
      break;
    case 'served-from-cache':
      if (facts.response === null) return noResponse;
      break;
    case 'premature-close':
    case 'idle-timeout-close':
    case 'platform-time-limit':
      if (facts.end === null) return 'the stream has no end';
      break;
    case 'context-lost':
      if (facts.server.contexts.length === 0) return 'no log line of the stream has a context';
      break;
    case 'abort-not-propagated':
    case 'resources-left-open':
      if (facts.server.opens.length < GROWING_BODIES)
        return `the log lines of fewer than ${GROWING_BODIES} connections count open streams`;
      break;
    default:
  }
  const { rung } = ruleOf(code);
  if (rung === 4 && metrics.firstByteAt === null && facts.bytes > 0) return 'the capture has no times';
  if (rung <= 2 && facts.response === null) return noResponse;
  return facts.response === null && facts.bytes === 0 ? noResponse : null;
}

const noResponse = 'no response came';

function failed(expectation: string, evidence: string): ExpectationRecord {
  return { kind: 'expectation', expectation, passed: false, actual: null, evidence };
}

function holds(actual: number, operator: Operator, expected: number): boolean {
  switch (operator) {
    case '<':
      return actual < expected;
    case '<=':
      return actual <= expected;
    case '>':
      return actual > expected;
    case '>=':
      return actual >= expected;
    case '=':
    case '==':
      return actual === expected;
    case '!=':
      return actual !== expected;
  }
}

function shown(value: number, quantity: Quantity): string {
  const digits = Number.isInteger(value) ? 0 : quantity === 'time' ? 3 : 1;
  const unit = { time: ' ms', bytes: ' bytes', rate: ' per second', count: '', text: '' }[quantity];
  return `${Number(value.toFixed(digits))}${unit}`;
}

/** The known names as a Markdown table, for the documentation. */
export function expectationTable(): string {
  const rows = streamValues.map(
    ({ name, quantity, meaning }) => `| \`${name}\` | ${unitsOf(quantity)} | ${meaning} |`,
  );
  return ['| name | units | what it is |', '| --- | --- | --- |', ...rows].join('\n');
}

function unitsOf(quantity: Quantity): string {
  if (quantity === 'text') return 'a text';
  const names = Object.keys(units[quantity]).map((unit) => (unit === '' ? 'none' : `\`${unit}\``));
  return names.join(', ');
}
