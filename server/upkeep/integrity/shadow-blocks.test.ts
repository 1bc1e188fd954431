import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance } from '../../../scripts/replay-market/chance.ts';
import { brokenOf, faultsOf, LEFT_OUT, secondOpinion } from '../../../test/stage/second-opinion.ts';
import { seedOf } from '../../../test/stage/seed.ts';
import { SHADOW_OPTIONS, shadowRun, wandering } from '../../../test/stage/shadow-run.ts';
import { openHistory } from '../../store/open-history.ts';
import { DATABASE_FILE } from '../../store/store.ts';
import { checkLedger, type IntegrityReport } from '../integrity.ts';

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-shadow-checked-'));
const whole = join(dir, DATABASE_FILE);
const changed = join(dir, 'changed.db');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const ticks = wandering(new Chance(seedOf('SHADOW_SEED')), 6_000);
let count = 0;

async function checked(path: string): Promise<IntegrityReport> {
  const history = openHistory(path);
  try {
    return await checkLedger(
      history,
      {
        maxGapMs: SHADOW_OPTIONS.maxGapMs,
        since: null,
        anchors: new Map(),
        pages: false,
        signatures: false,
      },
      { now: () => 0, steady: () => performance.now() },
    );
  } finally {
    history.close();
  }
}

/** What the check of the shadow book says after a change by other hands. */
async function heardAfter(sql: string): Promise<string[]> {
  copyFileSync(whole, changed);
  const db = new Database(changed);
  for (const { name } of db
    .query<{ name: string }, []>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
    .all())
    db.run(`DROP TRIGGER ${name}`);
  db.run(sql);
  db.close();
  const { violations } = await checked(changed);
  return violations.flatMap(({ check, detail }) => (check === 'shadow' ? [detail] : []));
}

const ONE = '(SELECT block FROM shadow_blocks ORDER BY block LIMIT 1 OFFSET 1)';

describe('the check of the shadow book', () => {
  beforeAll(async () => {
    count = (await shadowRun(dir, ticks, [ticks[2_800]!.seq])).blocks.length;
  });

  test('works out every block again, those around a restart too', async () => {
    const { ok, counts, violations } = await checked(whole);
    expect({ ok, violations, shadowed: counts.shadowed }).toEqual({
      ok: true,
      violations: [],
      shadowed: count,
    });
    expect(count).toBeGreaterThanOrEqual(3);
  });

  for (const [what, sql, heard] of [
    ['other sums', `UPDATE shadow_blocks SET classes = 'BBAA' WHERE block = ${ONE}`, /has other classes/],
    ['sums that are none', `UPDATE shadow_blocks SET offers = '?' WHERE block = ${ONE}`, /cannot be read/],
    [
      'a block that is gone',
      `DELETE FROM shadow_blocks WHERE block = ${ONE}`,
      /cannot be worked out again: there is no block/,
    ],
    [
      'another price',
      `UPDATE revisions SET v10 = v10 * 4, scale_bp = scale_bp * 4 WHERE revision > (SELECT MAX(revision) - 800 FROM revisions)`,
      /has other classes/,
    ],
    [
      'other factors',
      `UPDATE shadow_blocks SET factors = 'h' || substr(factors, 2) WHERE block = ${ONE}`,
      /names other factors/,
    ],
    ['another board', `UPDATE shadow_blocks SET board_rows = 7 WHERE block = ${ONE}`, /has other classes/],
  ] as const)
    test(`finds ${what}`, async () => {
      expect((await heardAfter(sql)).join('\n')).toMatch(heard);
    });

  describe.skipIf(LEFT_OUT !== null)(`the verifier in Python${LEFT_OUT ?? ''}`, () => {
    test('comes to the same blocks', () => {
      expect(faultsOf(whole, '--max-gap-ms', String(SHADOW_OPTIONS.maxGapMs))).toEqual([]);
      const check = secondOpinion(whole).checks.find(({ name }) => name === 'shadow')!;
      expect(check.lookedAt).toBe((2 + 4 + 6) * count);
    });

    test('finds a block of other sums', async () => {
      await heardAfter(`UPDATE shadow_blocks SET classes = 'BBAA' WHERE block = ${ONE}`);
      expect(brokenOf(secondOpinion(changed))).toEqual(['schema', 'chain', 'shadow']);
    });
  });
});
