import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RungNumber, rungNumbers } from '../../../src/core/rungs.ts';
import { localBrowser } from '../../../src/main/browser/chromium-browser.ts';
import { starterNames, writeStarter } from '../../../src/main/ladder/starter.ts';
import { runTargetLadder } from '../../../src/main/ladder/target/target-ladder.ts';
import { failures, noBrowser, rung } from './ladder-under-test.ts';
import {
  hasFlask,
  inRung,
  python,
  startersFolder,
  startStarter,
  temporaryFolder,
} from './starter-under-test.ts';

const browser = localBrowser(process.env);
const hasBrowser = !('missing' in browser);
if (!hasBrowser) console.log(`rung 2 of the starters is not tested: ${browser.missing}`);

/** Runs the ladder on a starter. All checks are possible and pass. */
async function passesWhole(name: 'flask' | 'express' | 'fastify'): Promise<void> {
  const { target } = await startStarter(name);
  const result = await runTargetLadder({ target, browser });
  expect(failures(result)).toEqual([]);
  expect(result.passed).toBe(true);
  for (const { rung: number, state, unchecked, checks } of result.rungs) {
    expect([number, state]).toEqual([number, number === 2 && !hasBrowser ? 'skipped' : 'passed']);
    if (state === 'passed') expect([number, unchecked, checks.length > 3]).toEqual([number, undefined, true]);
  }
}

test.skipIf(!hasFlask)(
  'the whole ladder passes against the Flask starter',
  () => passesWhole('flask'),
  60_000,
);
test('the whole ladder passes against the Express starter', () => passesWhole('express'), 60_000);
test('the whole ladder passes against the Fastify starter', () => passesWhole('fastify'), 60_000);

test.skipIf(!hasFlask)('the FastAPI starter is Python', () => {
  // FastAPI is not installed, so only the syntax is checked.
  const file = join(startersFolder, 'fastapi', 'server.py');
  const parse = 'import ast, sys; ast.parse(open(sys.argv[1]).read())';
  const { status, stderr } = spawnSync(python, ['-c', parse, file], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

/** Common mistakes, with the checks that detect them. */
const mistakes: readonly {
  rung: RungNumber;
  what: string;
  mend: (server: string) => string;
  fails: string[];
}[] = [
  {
    rung: 1,
    what: 'forgets the content type and the caching',
    mend: inRung(1, 'event_stream(events())', 'Response(events())'),
    fails: ['content-type-is-event-stream', 'response-is-not-cached'],
  },
  {
    rung: 1,
    what: 'misspells a field',
    mend: inRung(
      1,
      'yield event(n, "hello world")',
      'yield event(n, "hello world").replace("data", "date" if n == 2 else "data")',
    ),
    fails: ['events-are-as-expected', 'every-yield-is-received'],
  },
  {
    rung: 2,
    what: 'does not allow pages of other origins',
    mend: inRung(2, 'response.headers["Access-Control-Allow-Origin"] = origin', 'pass'),
    fails: ['cors-allows-the-page', 'eventsource-opens', 'fetch-reads'],
  },
  {
    rung: 3,
    what: 'leaves out the last blank line',
    mend: inRung(3, 'counts, too")', 'counts, too").rstrip("\\n")'),
    fails: ['last-event-is-ended', 'every-yield-is-received'],
  },
  {
    rung: 3,
    what: 'encodes as Latin-1',
    mend: inRung(3, 'yield event(0, "Grüße, 世界 🌍")', 'yield event(0, "Grüße").encode("latin-1")'),
    fails: ['bytes-are-utf-8'],
  },
  {
    rung: 4,
    what: 'collects the events before it sends them',
    mend: inRung(4, 'event_stream(events())', 'event_stream("".join(events()))'),
    fails: ['gaps-follow-yields', 'nothing-waits'],
  },
  {
    rung: 4,
    what: 'sends each event with the next',
    mend: inRung(4, 'event_stream(events())', 'event_stream(one_late(events()))'),
    fails: ['nothing-waits'],
  },
  {
    rung: 5,
    what: 'writes a Python repr instead of JSON',
    mend: inRung(5, 'json.dumps({"step": n + 1})', 'str({"step": n + 1})'),
    fails: ['every-payload-is-json', 'steps-count-up'],
  },
  {
    rung: 6,
    what: 'forgets the terminal event',
    mend: inRung(6, 'yield event(n, "[DONE]")', 'pass'),
    fails: ['answer-is-complete'],
  },
  {
    rung: 6,
    what: 'waits for the whole answer of the model',
    mend: inRung(6, 'event_stream(events())', 'event_stream("".join(events()))'),
    fails: ['deltas-are-passed-on'],
  },
  {
    rung: 7,
    what: 'keeps the request in a global variable',
    mend: inRung(7, 'g.request_id', 'app.request_id'),
    fails: ['context-survives'],
  },
  {
    rung: 7,
    what: 'only cleans up at the end',
    mend: inRung(7, 'finally:', 'except GeneratorExit:\n            raise\n        else:'),
    fails: ['abort-is-noticed'],
  },
];

/** Holds each event back until the next, as compression without flushing does. */
const oneLate = `
def one_late(events):
    held = None
    for each in events:
        if held is not None:
            yield held
        held = each
    yield held

`;

describe.skipIf(!hasFlask)('a Flask server that', () => {
  test.each(mistakes)(
    '$what fails rung $rung, and no other',
    async ({ rung: number, mend, fails }) => {
      if (number === 2 && !hasBrowser) return;
      const { target } = await startStarter('flask', (server) =>
        mend(server).replace('\n# Rung 1,', `${oneLate}\n# Rung 1,`),
      );
      const options = { target, browser: number === 2 ? browser : noBrowser };
      const result = await runTargetLadder(options);
      expect(result.passed).toBe(false);
      const failed = result.rungs.filter(({ state }) => state === 'failed');
      expect([failed.map((each) => each.rung), failures(result)]).toEqual([[number], expect.anything()]);
      const names = rung(result, number)
        .checks.filter(({ passed }) => !passed)
        .map(({ name }) => name);
      // Rung 4 measures time, so a busy machine may fail another check.
      expect(names).toEqual(number === 4 ? expect.arrayContaining(fails) : fails);
      // The rungs above were skipped. Alone they pass.
      const above = rungNumbers.filter((each) => each > number);
      if (above.length > 0)
        expect(failures(await runTargetLadder({ target, rungs: above, browser: noBrowser }))).toEqual([]);
    },
    60_000,
  );
});

describe('a starter', () => {
  test.each(starterNames)(
    '%s is written with its server, its React component and its target file',
    async (name) => {
      const folder = join(await temporaryFolder(), 'new', name);
      const { files, steps } = await writeStarter(name, folder, startersFolder);
      expect(files).toContain('ladder.json');
      expect(files.filter((file) => file.endsWith('stream.tsx'))).toHaveLength(1);
      expect(steps[0]).toBe(`cd ${folder}`);
      expect(steps.at(-1)).toBe('sse-inspector ladder --target ladder.json');
    },
  );

  test('does not overwrite existing files', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'mine.txt'), 'mine');
    await expect(writeStarter('flask', folder, startersFolder)).rejects.toMatchObject({ code: 'bad-params' });
    expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
  });

  test('that cannot be written is reported', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(writeStarter('flask', join(file, 'x'), startersFolder)).rejects.toMatchObject({
      code: 'storage',
    });
  });

  test('is written to an empty folder', async () => {
    const folder = join(await temporaryFolder(), 'empty');
    await mkdir(folder);
    expect((await writeStarter('flask', folder, startersFolder)).files.length).toBeGreaterThan(3);
  });
});
