import type { Comparison } from '../core/compare/comparison.ts';
import { pairRecords } from '../core/compare/comparison-records.ts';
import { sentencesOf } from '../core/compare/comparison-sentences.ts';
import type { ExpectationRecord } from '../core/expect/expectation.ts';
import type { JunitCase, JunitSuite } from '../core/export/junit.ts';
import type { RungVerdict } from '../core/findings/diagnosis.ts';
import type { DiagnosisInput } from '../core/findings/facts/stream-facts.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { ProbedDiagnosis, ProbeVerdict } from '../core/findings/probe-verdict.ts';
import { ladderRungs } from '../core/rungs.ts';
import { type ComparedCapture, comparisonResult } from './compared-capture.ts';
import { findingLines, printFinding } from './finding-text.ts';
import type { Output } from './output.ts';
import { type Line, mark, plainText, styled } from './styled-text.ts';

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
    const write = (line: Line, indent = 2): Promise<void> => this.#output.writeLine(line, indent);
    await write(`${title}${capture === 0 ? '' : ` (capture ${capture})`}`);
    await write('');
    for (const rung of diagnosis.rungs) await write(rungLine(rung), RUNG_TEXT_COLUMN);
    await write('');
    for (const finding of diagnosis.findings) await printFinding(this.#output, finding);
    for (const { probe, state, text } of probes)
      await write(`probe ${probe.padEnd(11)} ${state === 'decided' ? '' : `${state}: `}${text}`, 18);
    if (probes.length > 0) await write('');
    for (const { expectation, passed, evidence } of expectations)
      await write([mark(passed ? 'passed' : 'failed'), ` expected ${expectation}: ${evidence}`]);
    if (expectations.length > 0) await write('');
    if (comparison !== null) {
      await write(`Against ${comparison.a.path}`);
      for (const { text } of sentencesOf(comparison.found)) await write(`  ${text}`, 4);
      await write('');
    }
    await write(diagnosis.end.text);
    await write([passed ? styled('green', 'passed') : styled('red', 'failed')]);
    await write('');
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
    const detail = found.flatMap((finding) => findingLines(finding).map(plainText)).join('\n');
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

const RUNG_TEXT_COLUMN = 25;

function rungLine({ rung, state, text }: RungVerdict): Line {
  return [mark(state), ` ${rung} ${ladderRungs[rung].title.padEnd(21)}${text}`];
}
