import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseOf, violations } from '../../../test/simulation/archived-books.ts';
import { archive } from '../../../test/simulation/archiving.ts';
import { SETTING, Traders } from '../../../test/simulation/traders.ts';
import { openLedgerInProcess } from '../../store/writer.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ROUND_MS = 10 * MINUTE_MS;
const ROUNDS = 20;
/** By then the oldest orders have left too. */
const STEADY_FROM = 8;
const BETS_A_ROUND = 240;
const BETS_MAX = 600;

const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-archive-bounded-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('books into which bets come without end stay as large as they were: rows, and pages of the file', async () => {
  const traders = new Traders('steady', 1_800_000_000_000);
  const ledger = openLedgerInProcess({
    path: databaseOf(dataDir),
    ...SETTING,
    at: traders.now,
    simulationWithoutFsync: true,
  });
  await traders.join((operation) =>
    ledger.commitBatch([operation], traders.now).then(({ results }) => results[0]!),
  );
  const sizes: { bets: number; ledger: number; intents: number; revisions: number; pages: number }[] = [];
  let gone = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let part = 0; part < 4; part++) {
      traders.now += ROUND_MS / 4;
      const orders = traders.taps(BETS_A_ROUND / 4);
      await ledger.commitBatch([traders.tick(), ...orders], traders.now);
      for (const order of orders) traders.accepted(order);
      traders.now += 2_000;
      await ledger.commitBatch(
        [traders.tick(), ...traders.locks(400), ...traders.closings(1_000)],
        traders.now,
      );
    }
    const report = await archive({
      dataDir,
      ledger,
      now: traders.now,
      options: {
        afterMs: 365 * DAY_MS,
        betsMax: BETS_MAX,
        ageMsMin: 15 * MINUTE_MS,
        ordersMs: HOUR_MS,
        rowsMax: 300,
      },
    });
    gone += report.deleted.bets;
    sizes.push(sizeOf());
    expect(sizes.at(-1)!.bets).toBeLessThanOrEqual(BETS_MAX + BETS_A_ROUND);
  }
  await ledger.close();
  const steady = sizes.slice(STEADY_FROM);
  const first = steady[0]!;
  for (const name of ['bets', 'ledger', 'intents', 'revisions'] as const) {
    expect(Math.max(...steady.map((size) => size[name])), name).toBeLessThanOrEqual(first[name] * 1.1);
  }
  // A row for each segment stays, and for two days what each key staked in it.
  expect(Math.max(...steady.map(({ pages }) => pages))).toBeLessThanOrEqual(first.pages * 1.25);
  expect(gone + sizes.at(-1)!.bets).toBe(ROUNDS * BETS_A_ROUND);
  expect(violations(dataDir)).toEqual([]);
}, 120_000);

function sizeOf(): { bets: number; ledger: number; intents: number; revisions: number; pages: number } {
  const db = new Database(databaseOf(dataDir), { readonly: true });
  try {
    const count = (table: string): number =>
      db.query<{ rows: number }, []>(`SELECT COUNT(*) AS rows FROM ${table}`).get()!.rows;
    return {
      bets: count('bets'),
      ledger: count('ledger'),
      intents: count('intents'),
      revisions: count('revisions'),
      pages: db.query<{ pages: number }, []>('SELECT page_count AS pages FROM pragma_page_count()').get()!
        .pages,
    };
  } finally {
    db.close();
  }
}
