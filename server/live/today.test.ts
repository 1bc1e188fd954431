import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dollars, multiplier } from '../game/money.ts';
import { openStore, type Store } from '../store/store.ts';
import {
  cellAt,
  MIDNIGHT,
  NOON,
  opening,
  order,
  place,
  SETTING,
} from '../../test/ledger-contract/scenario.ts';
import { Days } from './today.ts';

const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-today-'));
let store: Store;
const BETS = 8;
let closed = 0;
beforeAll(async () => {
  store = await openStore({
    dataDir: folder,
    ...SETTING,
    caps: { ...SETTING.caps, openBetsMax: 100 },
    at: NOON,
    inProcess: true,
    simulationWithoutFsync: true,
  });
  const filled = { multiplier: multiplier(200), revision: 1 };
  const bets = Array.from({ length: BETS }, (_, i) =>
    place(`nonce-${i}`, [order(`bet-${i}`, cellAt(i), 10, { filled })]),
  );
  await store.ledger.commitBatch([...opening('ada'), ...opening('ben'), ...bets], NOON);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Closes the next of Ada's bets, each of $10 at 2.00×. @returns its id */
async function close(outcome: 'won' | 'lost' | 'void', closedAt: number): Promise<string> {
  const betId = `bet-${closed++}`;
  const closing =
    outcome === 'void'
      ? { betId, outcome, voidReason: 'gap' as const, closedAt }
      : { betId, outcome, tickSeq: 1, closedAt };
  await store.ledger.commitBatch([{ kind: 'close-bets', closings: [closing], at: closedAt }], closedAt);
  return betId;
}

test('a day is summed up as its bets close, and anew it is the same', async () => {
  let now = MIDNIGHT - 1;
  const days = new Days(store.books, () => now);
  expect(days.look('nobody')).toBeNull();
  expect(days.look('ada')).toMatchObject({
    ...{ day: MIDNIGHT - DAY_MS, currency: 'PLAY', balance: dollars(1000), isWhole: true },
    ...{ won: 0, lost: 0, refunded: 0, steps: [], best: null },
  });

  await close('lost', NOON + 70_000);
  const yesterday = await close('won', NOON + 80_000);
  expect(days.look('ada')).toMatchObject({
    ...{ won: 1, lost: 1, net: dollars(0), best: { betId: yesterday, payout: dollars(20) } },
    // With the stakes of open bets.
    balance: dollars(1000),
  });
  expect(days.look('ben')).toMatchObject({ won: 0, lost: 0, steps: [] });

  // Midnight: what closed before is another day's, also what is committed a moment later.
  now = MIDNIGHT;
  await close('won', MIDNIGHT - 50);
  expect(days.look('ada')).toMatchObject({ day: MIDNIGHT, won: 0, lost: 0, steps: [] });
  const first = await close('won', MIDNIGHT);
  await close('void', MIDNIGHT + 10);
  await close('lost', MIDNIGHT + 20);
  await close('won', MIDNIGHT + 30);
  const today = days.look('ada')!;
  expect(today).toMatchObject({ won: 2, lost: 1, refunded: 1, staked: dollars(30), paid: dollars(40) });
  expect([today.net, today.best?.betId, today.streak]).toEqual([
    dollars(10),
    first,
    { outcome: 'won', bets: 1 },
  ]);
  expect(today.steps.map(({ net }) => net)).toEqual([dollars(10), dollars(0), dollars(10)]);
  expect(new Days(store.books, () => now).look('ada')).toEqual(today);

  // A look reads a bounded number of rows and says that there are more.
  const bounded = new Days(store.books, () => now, 2);
  const looks = [];
  do looks.push(bounded.look('ada')!);
  while (!looks.at(-1)!.isWhole);
  expect(looks.length).toBe(3);
  expect(looks.at(-1)).toEqual(today);
});
