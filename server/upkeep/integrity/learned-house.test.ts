import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPTIONS } from '../../../test/simulation/house-settings.ts';
import { World } from '../../../test/simulation/world.ts';
import { faultsOf } from '../../../test/stage/second-opinion.ts';
import { seedOf } from '../../../test/stage/seed.ts';
import { openHistory } from '../../store/open-history.ts';
import { DATABASE_FILE } from '../../store/store.ts';
import { checkLedger } from '../integrity.ts';

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-learned-house-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a house that quotes by model 2 keeps books that two verifiers understand', async () => {
  const world = new World(seedOf('LEARNED_SEED'), dir);
  world.stage = 'learned';
  world.publishes = true;
  await world.open();
  for (let n = 0; n < 5; n++) await world.addTrader();
  for (let step = 0; step < 7_500; step++) {
    await world.tick();
    if (step > 500 && step < 7_000 && world.chance.happens(0.05)) await world.order();
    if (step === 5_000) await world.restart(1_000);
  }
  const { books } = world.store;
  expect(books.lastRevision()?.inputs).toMatchObject({
    model: 2,
    learned: { version: books.lastShadow()!.block },
  });
  expect(books.shadowReturns().length).toBeGreaterThanOrEqual(2);
  await world.store.close();

  const history = openHistory(join(dir, DATABASE_FILE));
  const { violations, counts } = await checkLedger(
    history,
    { maxGapMs: OPTIONS.maxGapMs, since: null, anchors: new Map(), pages: false, signatures: false },
    { now: () => 0, steady: () => performance.now() },
  );
  history.close();
  expect(violations).toEqual([]);
  expect(counts.shadowed).toBeGreaterThanOrEqual(2);
  expect(counts.bets).toBeGreaterThan(30);
  expect(faultsOf(join(dir, DATABASE_FILE))).toEqual([]);
}, 120_000);
