import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bet } from '../../server/game/bet.ts';
import { lockOf } from '../../server/game/lock.ts';
import { payoutOf } from '../../server/game/money.ts';
import { resolve } from '../../server/game/resolution.ts';
import { receiptDesk } from '../../server/receipt/receipt.ts';
import { verifyReceipt } from '../../server/receipt/verify.ts';
import { openReaderDatabase } from '../../server/store/database.ts';
import { checkInvariants, INVARIANTS } from '../../server/store/invariants.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { faultsOf } from '../stage/second-opinion.ts';
import { OPTIONS } from './house-settings.ts';
import { World } from './world.ts';
import { seedOf } from '../stage/seed.ts';

const SEED = seedOf('SIMULATION_SEED');
const MINUTES = Number(process.env['SIMULATION_MINUTES'] ?? 8);
/**
 * A chain that is broken stays broken, and walking it costs ten times what all else does: it is walked from
 * time to time and at the end, the others are looked at every time.
 */
const QUICK = INVARIANTS.filter(({ name }) => !name.endsWith('_chain'));
const STEPS_A_WALK = 100;
/** To verify one takes some milliseconds. */
const RECEIPTS_APART = 3;
const dirs: string[] = [];
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

describe(`a world of seed ${SEED} (SIMULATION_SEED, SIMULATION_MINUTES)`, () => {
  test(`${MINUTES} virtual minutes of traders, gaps, venues and restarts keep every invariant, and every outcome follows from the tick log`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-simulation-'));
    dirs.push(dataDir);
    const world = new World(SEED, dataDir);
    world.publishes = true;
    await world.open();
    for (let n = 0; n < 12; n++)
      await world.addTrader(
        n % 4 === 3 ? { dailyLoss: 30_000_000 as Bet['stake'], guardPercent: 90 } : undefined,
      );
    const db = openReaderDatabase(join(dataDir, DATABASE_FILE));
    for (let step = 0; step < MINUTES * 600; step++) {
      await world.tick();
      const orders = world.chance.happens(0.25);
      if (orders) await world.order();
      const someone =
        world.sent.length > 0 && world.chance.happens(0.004) ? world.chance.pick(world.sent).session : null;
      if (someone !== null && world.chance.happens(0.7))
        await world.engine.changeLimits(
          someone.accountId,
          world.chance.pick([
            { dailyLoss: null },
            { dailyLoss: 20_000_000 as Bet['stake'] },
            { guardPercent: world.chance.pick([50, 80, 95]) },
          ]),
        );
      else if (someone !== null) {
        await world.signOut(someone);
        await world.addTrader(world.chance.happens(0.5) ? { dailyLoss: null, guardPercent: 95 } : undefined);
      }
      if (world.chance.happens(0.0006)) world.silence(world.chance.pick([500, 2_900, 3_500, 8_000, 15_000]));
      if (world.chance.happens(0.0005)) await world.restart(world.chance.pick([50, 1_000, 4_000, 20_000]));
      if (orders || step % 10 === 0)
        expect(QUICK.flatMap(({ name, run }) => run(db).map((detail) => `${name}: ${detail}`))).toEqual([]);
      if (step % STEPS_A_WALK === 0) expect(checkInvariants(db)).toEqual([]);
    }
    // The newer rule has its turn in each world, with bets of the older one still open.
    if (world.restarts % 2 === 0) await world.restart(50);
    for (let n = 0; n < 900; n++) {
      await world.tick();
      if (world.chance.happens(0.25)) await world.order();
    }
    for (let n = 0; n < 900; n++) await world.tick();
    expect(checkInvariants(db)).toEqual([]);
    expect(world.broken).toEqual([]);
    const counts = checkEveryBet(world);
    await checkReceipts(world);
    expect(counts['won']! > 0 && counts['lost']! > 0 && counts['void']! > 0).toBe(true);
    expect(counts['won by rule 1']! > 0 && counts['won by rule 2']! > 0).toBe(true);
    expect(world.store.books.openBets()).toEqual([]);
    console.log(
      `  seed ${SEED}: ${world.sent.length} orders, ${world.restarts} restarts, ` +
        `bets ${JSON.stringify(counts)}`,
    );
    db.close();
    await world.store.close();
    expect(faultsOf(join(dataDir, DATABASE_FILE))).toEqual([]);
  }, 600_000);
});

/**
 * Receipts of every few bets agree with the terms of the house and the order of its chain. Two venues make
 * a simulated price here, which no house does, and signatures are made up; whatever else is wrong with a
 * receipt is wrong with the house.
 */
async function checkReceipts(world: World): Promise<void> {
  const { books } = world.store;
  const receiptOf = receiptDesk(books);
  const ids = world.sent.flatMap(({ answer }) =>
    'results' in answer
      ? answer.results.flatMap((result) => (result.status === 'accepted' ? [result.betId] : []))
      : [],
  );
  for (const id of ids.filter((_, index) => index % RECEIPTS_APART === 0)) {
    const receipt = receiptOf(id, null)!;
    const wrong = (await verifyReceipt(receipt, { terms: books.terms() })).filter(
      ({ ok, open, check }) => !ok && !open && check !== 'signature',
    );
    expect([id, receipt.status, receipt.reason, wrong]).toEqual([id, receipt.status, receipt.reason, []]);
  }
}

/** Re-locks and re-resolves every bet of every trader from the persisted revisions and ticks alone. */
function checkEveryBet(world: World): Record<string, number> {
  const { books } = world.store;
  const counts: Record<string, number> = {};
  const accounts = new Set(world.sent.map(({ session }) => session.accountId));
  for (const accountId of accounts) {
    let cursor: string | null = null;
    do {
      const page = books.bets(accountId, 'closed', cursor, 100);
      for (const bet of page.rows) {
        for (const kind of [bet.status, `${bet.status} by rule ${bet.rule}`])
          counts[kind] = (counts[kind] ?? 0) + 1;
        const log = books.ticksOf(bet.cell);
        const revision = books.revisionFrom(bet.lockAt);
        const lock = lockOf(bet, revision);
        if (lock.outcome === 'void') {
          expect([bet.id, bet.status, bet.voidReason, bet.payout]).toEqual([
            bet.id,
            'void',
            lock.reason,
            bet.stake,
          ]);
          continue;
        }
        expect([bet.id, bet.locked, bet.lockedRevision]).toEqual([bet.id, lock.multiplier, lock.revision]);
        const outcome = resolve(bet.cell, log, { version: bet.rule, maxGapMs: OPTIONS.maxGapMs }, world.now);
        expect([bet.id, bet.status]).toEqual([bet.id, outcome.outcome as Bet['status']]);
        expect(bet.payout).toBe(
          bet.status === 'won'
            ? payoutOf(bet.stake, bet.locked!)
            : bet.status === 'void'
              ? bet.stake
              : (0 as Bet['stake']),
        );
        if (outcome.outcome === 'won' || outcome.outcome === 'lost')
          expect([bet.closedTick, bet.closedAt]).toEqual([outcome.tickSeq, outcome.at]);
      }
      cursor = page.cursor;
    } while (cursor !== null);
  }
  return counts;
}
