import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Patience } from './errand.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-errand-'));
afterAll(() => rmSync(folder, { recursive: true }));

let errands = 0;
/**
 * A shell script as an errand, in a folder of its own that it makes grow; `$TRY` counts how often it was
 * begun.
 */
async function outcomeOf(script: string, patience: Partial<Patience> = {}) {
  const own = join(folder, String(errands++));
  const arrived: number[] = [];
  const counted =
    `mkdir -p ${own}/kept && echo begun >>${own}/tries && TRY=$(wc -l ` +
    `<${own}/tries) && cd ${own}/kept && ${script}`;
  const well = await run(
    { words: ['sh', '-c', counted], log: join(own, '../log'), grows: [join(own, 'kept')] },
    (bytes) => arrived.push(bytes),
    { stillMsMax: 5_000, lookMs: 50, triesMax: 3, ...patience },
  );
  return {
    well,
    arrived,
    tries: readFileSync(join(own, 'tries'), 'utf8').split('\n').length - 1,
    kept: (name: string) => existsSync(join(own, 'kept', name)),
  };
}

const BLOCK = 'head -c 65536 /dev/urandom';

test('a slow errand that gets on is never ended, however long it takes', async () => {
  const { well, tries, arrived } = await outcomeOf(
    `for i in 1 2 3 4 5 6 7 8; do ${BLOCK} >$i; sleep 1; done`,
  );
  expect({ well, tries }).toEqual({ well: true, tries: 1 });
  expect(arrived.at(-1)).toBeGreaterThanOrEqual(8 * 65_536);
  expect(arrived).toEqual(arrived.toSorted((a, b) => a - b));
}, 60_000);

test('an errand that stands still is ended and begun again, and finds what had arrived', async () => {
  const { well, tries, kept } = await outcomeOf(
    `if [ $TRY = 1 ]; then ${BLOCK} >part; exec sleep 60; else [ -f part ] && touch whole; fi`,
    { stillMsMax: 1_000 },
  );
  expect({ well, tries, whole: kept('whole') }).toEqual({ well: true, tries: 2, whole: true });
});

test('an errand that fails each time is given up', async () => {
  expect(await outcomeOf('exit 3')).toMatchObject({ well: false, tries: 3 });
});

test('a command that is not there is a failure, not an exception', async () => {
  expect(
    await run({ words: ['no-such-command-at-all'], log: join(folder, 'log'), grows: [] }, undefined, {
      stillMsMax: 1_000,
      lookMs: 50,
      triesMax: 1,
    }),
  ).toBe(false);
});
