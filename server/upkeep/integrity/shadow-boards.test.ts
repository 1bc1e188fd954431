import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance } from '../../../scripts/replay-market/chance.ts';
import { faultsOf, LEFT_OUT } from '../../../test/stage/second-opinion.ts';
import { seedOf } from '../../../test/stage/seed.ts';
import { SHADOW_OPTIONS, shadowRun, wandering } from '../../../test/stage/shadow-run.ts';
import { present } from '../../game/present.ts';
import { learnedAfter, type Lesson } from '../../game/learned/learned-after.ts';
import { learnedFor, PRIOR_BOARDS } from '../../game/learned/learned-boards.ts';
import { evidenceOf, learnedOf, offerOf } from '../../game/learned/shadow-sums.ts';
import { openHistory } from '../../store/open-history.ts';
import { DATABASE_FILE } from '../../store/store.ts';
import { checkLedger } from '../integrity.ts';

const BOARDS = [2000, 5000, 15_000];
/** Of the tick with which the house begins to have three boards, behind its first block. */
const CHANGED = 1_700;

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-shadow-boards-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const ticks = wandering(new Chance(seedOf('SHADOW_SEED')), 4_400);
let run: Awaited<ReturnType<typeof shadowRun>>;

/** One board of a block, as if the house had no other. */
const alone = ({ block, simulated, boards, learned, evidence }: Lesson, windowMs: number): Lesson => {
  const board = boards.windows.indexOf(windowMs);
  return {
    block,
    simulated,
    boards: { windows: [windowMs] },
    learned: learnedOf(learned, board),
    evidence: evidenceOf(evidence, board),
  };
};

describe('the shadow book of a house that had one board and has three', () => {
  beforeAll(async () => {
    run = await shadowRun(dir, ticks, [CHANGED], Infinity, (seq) => (seq < CHANGED ? [5000] : BOARDS));
  });

  test('has all boards in one block, each with cells of its own', () => {
    const [first, ...others] = run.blocks;
    expect(first?.boards.windows).toEqual([5000]);
    expect(others.length).toBeGreaterThanOrEqual(2);
    for (const { boards, classes, evidence, offers } of others) {
      expect(boards.windows).toEqual(BOARDS);
      for (const board of BOARDS.keys()) {
        expect(evidenceOf(evidence, board).length, `evidence of board ${board}`).toBeGreaterThan(0);
        expect(
          offers.some(({ key }) => offerOf(key).board === board),
          `offers of board ${board}`,
        ).toBe(true);
      }
      expect(classes.length).toBeGreaterThan(first?.classes.length ?? Infinity);
    }
  });

  test('keeps what was learned of its board, and nothing of it counts for the others', () => {
    const last = present(run.blocks.at(-1), 'block');
    const after = present(run.revisions.at(-1)?.learned, 'what was learned');
    expect([after.version, after.windows]).toEqual([last.block, BOARDS]);
    for (const windowMs of BOARDS) {
      const own = run.blocks
        .filter(({ boards }) => boards.windows.includes(windowMs))
        .map((block) => alone(block, windowMs));
      expect(own.length).toBe(windowMs === 5000 ? run.blocks.length : run.blocks.length - 1);
      const { boards } = learnedAfter(present(own.at(-1), 'block'), own);
      expect(boards).toEqual([learnedFor(after, windowMs)]);
    }
    expect(run.revisions.at(-1)?.inputs).toMatchObject({ learned: learnedFor(after, 5000) });
  });

  test('prices by the prior until its first block has ended', () => {
    const [first, second] = run.blocks;
    const between = run.revisions.filter(
      ({ columns }) => columns.length > SHADOW_OPTIONS.columnsAhead + 1,
    )[0];
    expect(between?.learned).toEqual(PRIOR_BOARDS);
    const before = run.revisions.find(({ inputs }) => inputs.model === 2 && inputs.learned.version > 0);
    expect(before?.inputs).toMatchObject({ learned: { version: first?.block } });
    expect(before?.learned).toBeUndefined();
    const versions = new Set(run.revisions.map(({ learned }) => learned?.version));
    expect(versions.has(first?.block)).toBe(false);
    expect(versions.has(second?.block)).toBe(true);
  });

  test('is worked out again from ticks and revisions', async () => {
    const history = openHistory(join(dir, DATABASE_FILE));
    const { violations, counts } = await checkLedger(
      history,
      { maxGapMs: SHADOW_OPTIONS.maxGapMs, since: null, anchors: new Map(), pages: false, signatures: false },
      { now: () => 0, steady: () => performance.now() },
    ).finally(() => history.close());
    expect({ violations, shadowed: counts.shadowed }).toEqual({
      violations: [],
      shadowed: run.blocks.length,
    });
  });

  test.skipIf(LEFT_OUT !== null)(
    `is the same to the verifier in Python${LEFT_OUT ?? ''}`,
    () =>
      expect(faultsOf(join(dir, DATABASE_FILE), '--max-gap-ms', String(SHADOW_OPTIONS.maxGapMs))).toEqual([]),
    60_000,
  );
});
