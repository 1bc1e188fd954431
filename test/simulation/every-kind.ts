import type { CellId } from '../../server/game/grid.ts';
import { dollars, multiplier } from '../../server/game/money.ts';
import type { OperatorDeed } from '../../server/game/operator.ts';
import type { Session } from '../../server/game/session.ts';
import { archive } from './archiving.ts';
import { shadowBlock } from './shadow-blocks.ts';
import { World } from './world.ts';

const DAY_MS = 86_400_000;

/**
 * Small books with rows of every kind in every table: bets won, lost, given back for a gap, a tight guard and
 * by hand, and open ones; own limits, a trader who paused and signed out, deeds of operators, terms published
 * twice, archived weeks on disk, the segments of an object store in the data folder. Orders are signed.
 */
export async function makeEveryKind(seed: number, dataDir: string): Promise<void> {
  const world = new World(seed, dataDir);
  world.signs = true;
  world.publishes = true;
  await world.open();
  const first = await world.addTrader({ guardPercent: 100 });
  const second = await world.addTrader({ dailyLoss: dollars(5_000), reminderMinutes: 30 });
  const third = await world.addTrader();
  await trade(world, 80);
  await quiet(world, 200);
  await shadowBlock(world);
  await shadowBlock(world);
  await transfer(world, first, 'deposit');
  await deed(world, { what: 'halt' });
  await deed(world, { what: 'resume' });
  await deed(world, { what: 'block', accountId: third.accountId }, 'block');
  await deed(world, { what: 'unblock', accountId: third.accountId }, 'unblock');
  const from = world.now + 60 * DAY_MS;
  const { ledger } = world.store;
  const name = { kind: 'name-account', accountId: first.accountId, at: world.now } as const;
  await ledger.commitBatch([{ ...name, name: 'Ada' }], world.now);
  await deed(world, { what: 'remove-name', accountId: first.accountId }, 'unnamed');
  await ledger.commitBatch([{ ...name, name: 'Ada' }], world.now);
  await deed(world, { what: 'plan-maintenance', from, until: from + DAY_MS }, 'plan');
  await deed(world, { what: 'cancel-maintenance' }, 'cancel');
  const news = { at: world.now + 300_000, name: 'Prices | 20 %', beforeMs: 120_000, afterMs: 60_000 };
  await deed(world, { what: 'change-calendar', change: { add: [news], remove: [] } }, 'news');
  await deed(world, { what: 'change-calendar', change: { add: [], remove: [news] } }, 'no-news');
  await askTwice(world, first.accountId);
  await deed(world, { what: 'block-range', range: '203.0.113.0/24' }, 'range');
  await deed(world, { what: 'unblock-range', range: '203.0.113.0/24' }, 'no-range');
  const limits = { stakeMax: dollars(100), dailyStake: dollars(900_000), openPayout: dollars(90_000) };
  await deed(world, { what: 'limit-account', accountId: second.accountId, limits }, 'limits');
  await world.restart(3 * DAY_MS);
  await trade(world, 90);
  await callOff(world);
  await world.restart(8 * DAY_MS);
  await world.addTrader();
  await trade(world, 100);
  await limitsAndSessions(world, second, third);
  await quiet(world, 250);
  world.silence(4_000);
  await trade(world, 60);
  await archive({ dataDir, ledger: world.store.ledger, now: world.now, options: { rowsMax: 400 } });
  await shadowBlock(world);
  await shadowBlock(world);
  await transfer(world, first, 'withdrawal');
  await callOff(world);
  await refuse(world, first);
  await world.restart(200);
  await trade(world, 50);
  // The last bets are held yet.
  await world.tick();
  for (let order = 0; order < 6; order++) await world.order();
  await world.tick();
  await world.store.close();
}

/**
 * As the engine writes them down: an order whose taps had reasons of their own, and what was only counted.
 */
async function refuse(world: World, { accountId, id: sessionId }: Session): Promise<void> {
  const at = world.now;
  const tap = { cell: '1.2.3.4' as CellId, stake: dollars(1), multiplier: multiplier(200), revision: 1 };
  const refused = { at, accountId, sessionId, code: 'column_locked' } as const;
  const taps = [
    { ...tap, code: null },
    { ...tap, code: 'quote_expired' },
  ] as const;
  const refusals = [
    { ...refused, nonce: 'nonce', requestId: 'request', taps, orders: 1 },
    { ...refused, nonce: null, requestId: null, taps: [], orders: 12 },
    { ...refused, accountId: null, sessionId: null, nonce: null, requestId: null, taps: [], orders: 3 },
  ];
  await world.store.ledger.commitBatch([{ kind: 'record-refusals', refusals, keptFrom: 0 }], at);
}

/** A large amount that waits, is approved or dismissed. */
async function askTwice(world: World, accountId: string): Promise<void> {
  const deedOf = { what: 'transfer', accountId, entry: 'deposit', amount: dollars(9) } as const;
  const alone = { each: dollars(1), all: dollars(1) };
  for (const id of ['approved', 'dismissed']) {
    const order = { id, operator: 'Ann', approvedBy: null, reason: 'a simulation', deed: deedOf };
    await world.store.ledger.commitBatch(
      [{ kind: 'operate', order, at: world.now, alone, mayWait: true }],
      world.now,
    );
  }
  const approval = { kind: 'approve-order', id: 'approved', by: 'Bea', at: world.now } as const;
  await world.store.ledger.commitBatch([approval], world.now);
  await deed(world, { what: 'dismiss', order: 'dismissed' }, 'dismissal');
}

async function trade(world: World, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await world.tick();
    if (world.chance.happens(0.5)) await world.order();
  }
}

async function quiet(world: World, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) await world.tick();
}

async function deed(world: World, what: OperatorDeed, id = world.chance.uuid()): Promise<void> {
  const order = {
    id,
    operator: 'Ann',
    approvedBy: null,
    reason: 'a simulation',
    deed: what,
  };
  const { results } = await world.store.ledger.commitBatch(
    [{ kind: 'operate', order, at: world.now }],
    world.now,
  );
  if (results[0]?.kind !== 'operated')
    throw new Error(`${what.what} was answered with ${JSON.stringify(results[0])}`);
}

const transfer = (world: World, { accountId }: Session, entry: 'deposit' | 'withdrawal'): Promise<void> =>
  deed(world, { what: 'transfer', accountId, entry, amount: dollars(7) });

/** Gives the open bets of the newest window back. */
async function callOff(world: World): Promise<void> {
  const starts = world.store.books.openBets().map(({ cell }) => cell.startMs);
  await deed(world, { what: 'void-window', startMs: Math.max(...starts) });
}

/** One trader loosens a limit, another pauses and signs out. */
async function limitsAndSessions(world: World, loosening: Session, leaving: Session): Promise<void> {
  const { engine, now } = world;
  await engine.changeLimits(loosening.accountId, { dailyLoss: dollars(8_000), guardPercent: 90 });
  await engine.seeSession(loosening.id, now);
  await engine.changeLimits(leaving.accountId, { pause: 'week' });
  await engine.changeLimits(leaving.accountId, { reminderMinutes: 60 });
  await world.signOut(leaving);
}
