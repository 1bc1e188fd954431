import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { violations } from '../../../test/simulation/archived-books.ts';
import { archive } from '../../../test/simulation/archiving.ts';
import { World } from '../../../test/simulation/world.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-replay-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const MINUTE_MS = 60_000;

test('no archived order is ever placed again: at the least age, the ledger remembers its nonce; after that, its deadline is past', async () => {
  const world = new World(3, root);
  await world.open();
  for (let n = 0; n < 4; n++) await world.addTrader();
  for (let step = 0; step < 300; step++) {
    await world.tick();
    if (step < 200 && world.chance.happens(0.6)) await world.order();
  }
  // The server is away for a moment, comes back, and everything open is given back.
  for (let absence = 0; absence < 2; absence++) {
    await world.restart(20 * MINUTE_MS);
    for (let step = 0; step < 20; step++) await world.tick();
  }
  expect(world.store.books.openBets()).toEqual([]);
  const placed = world.sent.filter(
    ({ answer }) => 'results' in answer && answer.results.some(({ status }) => status === 'accepted'),
  );
  expect(placed.length).toBeGreaterThan(20);
  const balances = () => placed.map(({ session }) => world.store.books.account(session.accountId)!.balance);
  const before = balances();

  const again = async (): Promise<string[]> => {
    const codes: string[] = [];
    for (const { order, session } of placed) {
      const answer = await world.engine.order(order, session);
      codes.push('code' in answer ? answer.code : answer.replayed ? 'replayed' : 'PLACED AGAIN');
    }
    return [...new Set(codes)];
  };
  // As young as an archived order may be, with the most patient deadline there is: within ten minutes of it a
  // retry still gets its answer.
  const options = { afterMs: 365 * 86_400_000, betsMax: 0, ageMsMin: 15 * MINUTE_MS, rowsMax: 10_000 };
  const report = await archive({ dataDir: root, ledger: world.store.ledger, now: world.now, options });
  expect(report.deleted.bets).toBeGreaterThan(20);
  expect(report.deleted.intents).toBe(0);
  expect(await again()).toEqual(['deadline_passed']);

  // The engine's clock set back, so that the deadlines are still to come: the ledger alone must stop them,
  // across a restart too.
  const now = world.now;
  await world.restart(0);
  world.now = Math.min(...placed.map(({ order }) => order.deadline)) - 5_000;
  expect(new Set(await again())).toEqual(new Set(['deadline_passed']));
  world.now = now;

  // A day later the orders leave too; their deadlines are long past.
  await world.restart(25 * 60 * MINUTE_MS);
  const later = await archive({ dataDir: root, ledger: world.store.ledger, now: world.now, options });
  expect(later.deleted.intents).toBeGreaterThan(20);
  expect(await again()).toEqual(['deadline_passed']);
  expect(balances()).toEqual(before);
  expect(violations(root)).toEqual([]);
  await world.store.close();
}, 180_000);
