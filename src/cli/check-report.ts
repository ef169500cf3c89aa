import type { Comparison } from '../core/compare/comparison.ts';
import { pairRecords } from '../core/compare/comparison-records.ts';
import { sentencesOf } from '../core/compare/comparison-sentences.ts';
import type { ExpectationRecord } from '../core/expect/expectation.ts';
import type { JunitCase, JunitSuite } from '../core/export/junit.ts';
import type { RungVerdict } from '../core/findings/diagnosis.ts';
import type { DiagnosisInput } from '../core/findings/facts/stream-facts.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { ProbedDiagnosis, ProbedFinding, ProbeVerdict } from '../core/findings/probe-verdict.ts';
import { ladderRungs } from '../core/rungs.ts';
import { visibleText } from '../core/text/visible-text.ts';
import { type ComparedCapture, comparisonResult } from './compared-capture.ts';
import type { Output } from './output.ts';

/** The lowest severity that fails a check. */
export type FailOn = 'error' | 'warning';

/** A checked stream. */
export interface CheckedStream {
  /** The file's path or the URL. */
  readonly title: string;
  /** Index of the capture in its file. */
  readonly capture: number;
  readonly diagnosed: DiagnosisInput;
  readonly diagnosis: ProbedDiagnosis;
  /** Results of probes; empty without any. */
  readonly probes: readonly ProbeVerdict[];
  readonly expectations: readonly ExpectationRecord[];
  /** Comparison with `--against` (`a`); null without it. */
  readonly comparison: {
    readonly a: ComparedCapture;
    readonly b: ComparedCapture;
    readonly found: Comparison;
  } | null;
}

const marks = { passed: '✓', failed: '✗', skipped: '–' } as const;

/** Prints checked streams, as text or as records, and whether all of them passed. */
export class CheckReport {
  passed = true;
  readonly #output: Output;
  readonly #asTable: boolean;
  readonly #failOn: FailOn;

  constructor(output: Output, asTable: boolean, failOn: FailOn) {
    this.#output = output;
    this.#asTable = asTable;
    this.#failOn = failOn;
  }

  async print(stream: CheckedStream): Promise<void> {
    const passed = hasPassed(stream, this.#failOn);
    this.passed &&= passed;
    await (this.#asTable ? this.#text(stream, passed) : this.#records(stream, passed));
  }

  async #records(stream: CheckedStream, passed: boolean): Promise<void> {
    const { title, capture, diagnosis, probes, expectations, comparison } = stream;
    const place = capture === 0 ? {} : { capture };
    const write = (record: object): Promise<void> =>
      this.#output.writeJson(JSON.stringify({ ...record, ...place }));
    for (const finding of diagnosis.findings) await write({ kind: 'finding', ...finding });
    for (const { findings: _, rung: __, ...probe } of probes) await write({ kind: 'probe', ...probe });
    for (const expectation of expectations) await write(expectation);
    if (comparison !== null) for (const pair of pairRecords(comparison.found)) await write(pair);
    await write({
      kind: 'result',
      passed,
      target: title,
      rungs: diagnosis.rungs,
      end: diagnosis.end,
      ...(comparison === null
        ? {}
        : { comparison: comparisonResult(comparison.found, comparison.a, comparison.b) }),
    });
  }

  async #text(stream: CheckedStream, passed: boolean): Promise<void> {
    const { title, capture, diagnosis, probes, expectations, comparison } = stream;
    const lines = [
      `${visibleText(title)}${capture === 0 ? '' : ` (capture ${capture})`}`,
      '',
      ...diagnosis.rungs.map(rungLine),
      '',
      ...diagnosis.findings.flatMap((finding) => [...findingLines(finding), '']),
      ...probes.map(
        ({ probe, state, text }) =>
          `probe ${probe.padEnd(11)} ${state === 'decided' ? '' : `${state}: `}${visibleText(text)}`,
      ),
      ...(probes.length === 0 ? [] : ['']),
      ...expectations.map(
        ({ expectation, passed, evidence }) =>
          `${passed ? marks.passed : marks.failed} expected ${visibleText(expectation)}: ${visibleText(evidence)}`,
      ),
      ...(expectations.length === 0 ? [] : ['']),
      ...(comparison === null
        ? []
        : [
            `Against ${visibleText(comparison.a.path)}`,
            ...sentencesOf(comparison.found).map(({ text }) => `  ${visibleText(text)}`),
            '',
          ]),
      diagnosis.end.text,
      passed ? 'passed' : 'failed',
      '',
    ];
    await this.#output.write(`${lines.join('\n')}\n`);
  }
}

/** A stream as test cases: one for each rung and each expectation. */
export function junitSuite(stream: CheckedStream, failOn: FailOn): JunitSuite {
  const { title, capture, diagnosis, expectations } = stream;
  const failing = diagnosis.findings.filter((finding) => isFailing(finding, failOn));
  return {
    name: capture === 0 ? title : `${title} (capture ${capture})`,
    cases: [
      ...diagnosis.rungs.map((rung) => rungCase(rung, failing)),
      ...expectations.map(
        ({ expectation, passed, evidence }): JunitCase => ({
          name: expectation,
          group: 'expectations',
          outcome: passed ? { kind: 'passed' } : { kind: 'failed', message: evidence, detail: '' },
        }),
      ),
    ],
  };
}

function rungCase({ rung, name, state, text }: RungVerdict, failing: readonly Finding[]): JunitCase {
  const found = failing.filter((finding) => finding.rung === rung);
  const outcome = ((): JunitCase['outcome'] => {
    if (state === 'skipped') return { kind: 'skipped', message: text };
    if (found.length === 0) return { kind: 'passed' };
    const detail = found.map((finding) => findingLines(finding).join('\n')).join('\n');
    return { kind: 'failed', message: text, detail };
  })();
  return { name: `${rung} ${name}`, group: 'ladder', outcome };
}

function hasPassed({ diagnosis, expectations }: CheckedStream, failOn: FailOn): boolean {
  return (
    expectations.every(({ passed }) => passed) &&
    !diagnosis.findings.some((finding) => isFailing(finding, failOn))
  );
}

function isFailing({ severity }: Finding, failOn: FailOn): boolean {
  return severity === 'error' || (severity === 'warning' && failOn === 'warning');
}

function rungLine({ rung, state, text }: RungVerdict): string {
  return `${marks[state]} ${rung} ${ladderRungs[rung].title.padEnd(21)}${visibleText(text)}`;
}

function findingLines({
  severity,
  code,
  rung,
  message,
  causes,
  advice,
  decider,
  decided = [],
  probe,
}: ProbedFinding): string[] {
  return [
    `${severity} ${code} (rung ${rung}${probe === undefined ? '' : `, seen by probe ${probe}`})`,
    `  ${visibleText(message)}`,
    ...(causes.length === 0 ? [] : ['  May be caused by:', ...causes.map((cause) => `    - ${cause}`)]),
    `  What to do: ${advice}`,
    // A probe has already decided it.
    ...(decider === null || decided.length > 0 ? [] : [`  To decide: ${decider.text}`]),
    ...decided.map(({ probe, text }) => `  Probe ${probe}: ${visibleText(text)}`),
  ];
}
