import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance } from '../../scripts/replay-market/chance.ts';
import { OPTIONS } from '../../test/simulation/house-settings.ts';
import { World } from '../../test/simulation/world.ts';
import { openHistory } from '../store/open-history.ts';
import { DATABASE_FILE } from '../store/store.ts';
import { checkLedger, type IntegrityOptions, type IntegrityReport } from './integrity.ts';
import type { CheckName } from './integrity/findings.ts';
import { seedOf } from '../../test/stage/seed.ts';

const SEED = seedOf('INTEGRITY_SEED');
const PLAIN: IntegrityOptions = {
  maxGapMs: OPTIONS.maxGapMs,
  since: null,
  anchors: new Map(),
  pages: true,
  signatures: false,
};
const dir = mkdtempSync(join(tmpdir(), 'tapgrid-integrity-'));
const whole = join(dir, DATABASE_FILE);
const changed = join(dir, 'changed.db');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const checked = async (path: string, over: Partial<IntegrityOptions> = {}): Promise<IntegrityReport> => {
  const history = openHistory(path);
  try {
    return await checkLedger(
      history,
      { ...PLAIN, ...over },
      { now: () => 0, steady: () => performance.now() },
    );
  } finally {
    history.close();
  }
};
const heard = ({ violations }: IntegrityReport): string[] =>
  violations.map(({ check, place, detail }) => `${check} / ${place} / ${detail}`);

/** Trades, gaps, refunds and restarts of some virtual minutes; some bets are still open at the end. */
async function play(world: World, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await world.tick();
    if (world.chance.happens(0.6)) await world.order();
    if (world.chance.happens(0.002)) world.silence(world.chance.pick([2_900, 3_500, 8_000]));
    if (world.chance.happens(0.002)) await world.restart(world.chance.pick([50, 4_000, 20_000]));
  }
}

beforeAll(async () => {
  const world = new World(SEED, dir);
  world.publishes = true;
  await world.open();
  for (let n = 0; n < 10; n++) await world.addTrader();
  await play(world, 2_000);
  // The last batch has ticks.
  await world.tick();
  await world.store.close();
}, 300_000);

/** A copy that other hands have been at. */
function doctored(work: (db: Database) => void): string {
  for (const rest of ['-wal', '-shm']) rmSync(`${changed}${rest}`, { force: true });
  copyFileSync(whole, changed);
  const db = new Database(changed);
  try {
    db.run('PRAGMA foreign_keys = OFF');
    work(db);
    db.run('PRAGMA wal_checkpoint(TRUNCATE)');
    return changed;
  } finally {
    db.close();
  }
}
const withoutTriggers = (db: Database): void => {
  for (const { name } of db
    .query<{ name: string }, []>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
    .all())
    db.run(`DROP TRIGGER ${name}`);
};
const some = <Row>(db: Database, sql: string): Row => db.query<Row, []>(sql).get()!;

describe(`a ledger of seed ${SEED} (INTEGRITY_SEED)`, () => {
  test('holds, with bets of every outcome', async () => {
    const report = await checked(whole);
    expect(heard(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, complete: true });
    const db = new Database(whole, { readonly: true });
    const rows = some<{ bets: number; closed: number; decided: number }>(
      db,
      `SELECT COUNT(*) AS bets, COUNT(closing_entry) AS closed,
      COUNT(CASE WHEN closing_entry IS NOT NULL AND (void_reason IS NULL OR void_reason = 'gap') THEN 1 END) AS decided
      FROM bets`,
    );
    expect(rows.decided).toBeGreaterThan(30);
    expect(report.counts).toMatchObject({ bets: rows.bets, reresolved: rows.decided });
    db.close();
  });

  test('holds from the middle on, from a batch or a time', async () => {
    const { to } = await checked(whole);
    for (const since of [{ batch: Math.floor(to.batch / 2) }, { at: to.at - 60_000 }, { batch: to.batch }]) {
      const report = await checked(whole, { since });
      expect(heard(report)).toEqual([]);
      expect(report.to).toEqual(to);
      expect(report.from.batch).toBeGreaterThan(1);
    }
    expect(await checked(whole, { since: { batch: to.batch + 1 } }).then(() => 'checked', String)).toContain(
      'no batch is that late',
    );
  });

  test('goes through a head that was noted, and not through another', async () => {
    const { to } = await checked(whole);
    const noted = (batch: number, hash: string) =>
      checked(whole, { anchors: new Map([[batch, [{ hash, source: 'a receipt' }]]]) });
    expect((await noted(to.batch, to.hash)).ok).toBe(true);
    expect(heard(await noted(to.batch, '1'.repeat(64)))).toEqual([
      expect.stringMatching(/^anchors .* a receipt says 1111/),
    ]);
    expect(heard(await noted(to.batch + 9, to.hash))).toEqual([
      expect.stringContaining('is not there; a receipt has seen it'),
    ]);
  });
});

type Mutation = readonly [name: string, work: (db: Database) => string, check: CheckName];
const BET = `SELECT id, seq FROM bets WHERE status = 'won' AND filled = 0 LIMIT 1`;
type Named = { id: string; seq: number };

const MUTATIONS: readonly Mutation[] = [
  [
    'a balance',
    (db) => {
      const { id } = some<Named>(db, `SELECT id FROM accounts WHERE kind = 'player' LIMIT 1`);
      db.run('UPDATE accounts SET balance = balance + 1 WHERE id = ?', [id]);
      return `balance / account ${id}`;
    },
    'conservation',
  ],
  [
    'a balance and its other side',
    (db) => {
      const { id } = some<Named>(
        db,
        `SELECT id FROM accounts WHERE kind = 'player' AND currency = 'PLAY' LIMIT 1`,
      );
      db.run('UPDATE accounts SET balance = balance + 1000000 WHERE id = ?', [id]);
      db.run(`UPDATE accounts SET balance = balance - 1000000 WHERE id = 'house:PLAY'`);
      return `balance / account ${id}`;
    },
    'balance',
  ],
  [
    'a version',
    (db) => (
      db.run(`UPDATE accounts SET version = version + 1 WHERE id = 'open:PLAY'`),
      'balance / account open:PLAY'
    ),
    'balance',
  ],
  [
    'the amount of a ledger row',
    (db) => {
      withoutTriggers(db);
      const { id } = some<{ id: number }>(db, `SELECT id FROM ledger WHERE kind = 'payout' LIMIT 1`);
      db.run('UPDATE ledger SET amount = amount + 1 WHERE id = ?', [id]);
      return `balance / ledger row ${id}`;
    },
    'schema',
  ],
  [
    'two ledger rows, swapped',
    (db) => {
      withoutTriggers(db);
      const { one, other, batch } = some<{ one: number; other: number; batch: number }>(
        db,
        `SELECT a.id AS one, b.id AS other, a.batch FROM ledger a
        JOIN ledger b ON b.batch > a.batch WHERE a.kind = 'stake' AND b.kind = 'stake' LIMIT 1`,
      );
      for (const [from, to] of [
        [one, -1],
        [other, one],
        [-1, other],
      ])
        db.run('UPDATE ledger SET id = ? WHERE id = ?', [to!, from!]);
      return `ledger_chain / batch ${batch}`;
    },
    'ledger_chain',
  ],
  [
    'a ledger row, deleted',
    (db) => {
      withoutTriggers(db);
      const { betId } = some<{ betId: string }>(
        db,
        `SELECT bet_id AS betId FROM ledger WHERE kind = 'loss' LIMIT 1`,
      );
      db.run(`DELETE FROM ledger WHERE bet_id = ? AND kind = 'loss'`, [betId]);
      return `one_closing / bet ${betId}`;
    },
    'versions',
  ],
  [
    'a bet, deleted',
    (db) => {
      withoutTriggers(db);
      const { id, seq } = some<Named>(db, BET);
      db.run('DELETE FROM bets WHERE seq = ?', [seq]);
      const { entry } = some<{ entry: number }>(
        db,
        `SELECT id AS entry FROM ledger WHERE bet_id = '${id}' AND kind = 'stake'`,
      );
      return `stake_row / ledger row ${entry}`;
    },
    'ledger_chain',
  ],
  [
    'the price of a tick',
    (db) => (db.run('UPDATE ticks SET price = price + 1 WHERE seq = 700'), 'tick_price / tick 700'),
    'tick_chain',
  ],
  [
    'the price of a tick with its venues',
    (db) => {
      const { sources, batch } = some<{ sources: string; batch: number }>(
        db,
        'SELECT sources, batch FROM ticks WHERE seq = 700',
      );
      db.run('UPDATE ticks SET price = price + 100, sources = ? WHERE seq = 700', [
        sources.replace(/=(\d+)/g, (_, price) => `=${Number(price) + 100}`),
      ]);
      return `tick_chain / batch ${batch}`;
    },
    'tick_chain',
  ],
  [
    'the time of a tick',
    (db) => (db.run('UPDATE ticks SET at = at - 1000 WHERE seq = 700'), 'tick_chain / tick 700 / is earlier'),
    'tick_chain',
  ],
  [
    'a tick, deleted',
    (db) => (
      withoutTriggers(db),
      db.run('DELETE FROM ticks WHERE seq = 700'),
      'tick_chain / tick 701 / follows tick 699'
    ),
    'tick_chain',
  ],
  [
    'a revision',
    (db) => {
      const { revision, batch } = some<{ revision: number; batch: number }>(
        db,
        'SELECT r.revision, r.batch FROM revisions r JOIN bets b ON b.shown_revision = r.revision LIMIT 1',
      );
      db.run('UPDATE revisions SET v10 = v10 * 1.5, scale_bp = scale_bp * 1.5 WHERE revision = ?', [
        revision,
      ]);
      return `ledger_chain / batch ${batch}`;
    },
    'requote',
  ],
  [
    'a locked multiplier',
    (db) => {
      const { id, seq } = some<Named>(db, BET);
      db.run('UPDATE bets SET locked = locked + 1 WHERE seq = ?', [seq]);
      return `relock / bet ${id}`;
    },
    'ledger_chain',
  ],
  [
    'the revision that locked a bet',
    (db) => {
      const { id, seq } = some<Named>(db, BET);
      db.run('UPDATE bets SET locked_revision = locked_revision + 1 WHERE seq = ?', [seq]);
      return `relock / bet ${id}`;
    },
    'ledger_chain',
  ],
  [
    'the batch that locked a bet',
    (db) => {
      const { seq } = some<Named>(db, BET);
      const { batch } = some<{ batch: number }>(
        db,
        `SELECT locked_batch AS batch FROM bets WHERE seq = ${seq}`,
      );
      db.run('UPDATE bets SET locked_batch = locked_batch + 1 WHERE seq = ?', [seq]);
      return `ledger_chain / batch ${batch}`;
    },
    'ledger_chain',
  ],
  [
    'a multiplier that was shown',
    (db) => {
      const { id, seq } = some<Named>(db, BET);
      db.run('UPDATE bets SET shown = shown - 1 WHERE seq = ?', [seq]);
      return `requote / bet ${id}`;
    },
    'one_order',
  ],
  [
    'a loss into a win',
    (db) => {
      const { id, seq } = some<Named>(db, `SELECT id, seq FROM bets WHERE status = 'lost' LIMIT 1`);
      db.run(`UPDATE bets SET status = 'won', payout = stake * locked / 100 WHERE seq = ?`, [seq]);
      return `reresolve / bet ${id}`;
    },
    'one_closing',
  ],
  [
    'the tick that decided a bet',
    (db) => {
      const { id, seq } = some<Named>(db, BET);
      db.run('UPDATE bets SET closed_tick = closed_tick - 1 WHERE seq = ?', [seq]);
      return `reresolve / bet ${id}`;
    },
    'ledger_chain',
  ],
  [
    'the band of a bet',
    (db) => {
      const { id, seq } = some<Named>(db, BET);
      db.run('UPDATE bets SET high = high + 1 WHERE seq = ?', [seq]);
      return `requote / bet ${id}`;
    },
    'requote',
  ],
  [
    'the text of an order',
    (db) => {
      const { id } = some<Named>(db, BET);
      db.run(
        `UPDATE intents SET signed_text = replace(signed_text, '000000 ', '000001 ')
        WHERE id = (SELECT intent_id FROM bets WHERE id = ?)`,
        [id],
      );
      return `one_order / bet ${id}`;
    },
    'one_order',
  ],
  [
    'an order, deleted',
    (db) => {
      const { id } = some<Named>(db, BET);
      db.run('DELETE FROM intents WHERE id = (SELECT intent_id FROM bets WHERE id = ?)', [id]);
      return `one_order / bet ${id}`;
    },
    'references',
  ],
  [
    'the hash of a batch',
    (db) => (
      db.run(`UPDATE batches SET hash = '${'a'.repeat(64)}' WHERE seq = 500`), 'ledger_chain / batch 500'
    ),
    'ledger_chain',
  ],
  [
    'a batch, deleted',
    (db) => (
      withoutTriggers(db),
      db.run('DELETE FROM batches WHERE seq = 500'),
      'ledger_chain / batch 501 / follows batch 499'
    ),
    'ledger_chain',
  ],
  [
    'the last batch, deleted',
    (db) => {
      withoutTriggers(db);
      const { seq } = some<{ seq: number }>(db, 'SELECT MAX(seq) AS seq FROM batches');
      db.run('DELETE FROM batches WHERE seq = ?', [seq]);
      const orphans = ['ticks', 'bets', 'ledger', 'revisions'].find(
        (table) => db.query(`SELECT batch FROM ${table} WHERE batch = ?`).get(seq) !== null,
      )!;
      return `ledger_chain / ${orphans} of batch ${seq} / stand after the last batch`;
    },
    'ledger_chain',
  ],
  [
    'what is published of returns',
    (db) => {
      const { what } = some<{ what: string }>(
        db,
        `SELECT currency || ' at ' || multiplier AS what FROM multiplier_returns LIMIT 1`,
      );
      db.run(`UPDATE multiplier_returns SET paid = paid + 1 WHERE currency || ' at ' || multiplier = ?`, [
        what,
      ]);
      return `returns / ${what}`;
    },
    'returns',
  ],
  [
    'a bet, moved to a cell that has one',
    (db) => {
      const { from, to } = some<{ from: number; to: number }>(
        db,
        `SELECT b.seq AS "from", a.seq AS "to" FROM bets a JOIN bets b ON b.account_id = a.account_id
        AND b.start_ms = a.start_ms AND b.cell <> a.cell
        WHERE a.status = 'lost' AND b.status = 'lost' LIMIT 1`,
      );
      db.run(
        `UPDATE bets SET (cell, low, high) = (SELECT cell, low, high FROM bets WHERE seq = ?) WHERE seq = ?`,
        [to, from],
      );
      return 'bets_per_cell / bet ';
    },
    'bets_per_cell',
  ],
  [
    'an index, dropped',
    (db) => (db.run('DROP INDEX ledger_one_closing'), 'schema / index ledger_one_closing is missing'),
    'schema',
  ],
];

describe('other hands are seen, and where they were', () => {
  test.each(MUTATIONS)('%s', async (_, work, check) => {
    let place = '';
    const report = await checked(doctored((db) => (place = work(db))));
    expect(report.ok).toBe(false);
    expect(
      heard(report).filter((line) => line.startsWith(place)),
      `${place} among ${heard(report).join('\n')}`,
    ).not.toEqual([]);
    expect(report.checks.find(({ name }) => name === check)!.violations).toBeGreaterThan(0);
  });

  test('a bet that nobody closed for a minute', async () => {
    const path = doctored((db) => {
      withoutTriggers(db);
      const { seq, entry } = some<{ seq: number; entry: number }>(
        db,
        `SELECT seq, closing_entry AS entry FROM bets WHERE status = 'lost' ORDER BY seq LIMIT 1`,
      );
      db.run('DELETE FROM ledger WHERE id = ?', [entry]);
      db.run(
        `UPDATE bets SET status = 'locked', closing_entry = NULL, closed_at = NULL, closed_tick = NULL
        WHERE seq = ?`,
        [seq],
      );
    });
    expect(heard(await checked(path)).join('\n')).toMatch(/overdue \/ bet .* is open/);
  });
});

/** Everything in the file that is hashed or checked, or how it cannot be read. */
function contentOf(path: string): string {
  const db = new Database(path, { readonly: true });
  try {
    return ['batches', 'bets', 'ledger', 'ticks', 'revisions']
      .map((table) => JSON.stringify(db.query(`SELECT * FROM ${table} ORDER BY 1`).values()))
      .join('\n');
  } catch (error) {
    return String(error);
  } finally {
    db.close();
  }
}

test(`a bit that flips in the pages of the books is seen wherever it changes anything (seed ${SEED})`, async () => {
  const chance = new Chance(SEED);
  const db = new Database(whole, { readonly: true });
  const pages = db
    .query<{ offset: number; size: number }, []>(
      `SELECT pgoffset AS offset, pgsize AS size FROM dbstat
      WHERE name IN ('batches', 'bets', 'ledger', 'ticks', 'revisions')`,
    )
    .all();
  db.close(true);
  const bytes = readFileSync(whole);
  const before = contentOf(whole);
  let seen = 0;
  for (let flip = 0; flip < 40; flip++) {
    const page = chance.pick(pages);
    const at = page.offset + chance.below(page.size);
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << chance.below(8);
    writeFileSync(changed, flipped);
    const report = await checked(changed);
    if (contentOf(changed) === before) continue;
    seen += 1;
    expect(report.violations, `byte ${at}`).not.toEqual([]);
  }
  expect(seen).toBeGreaterThan(5);
}, 300_000);

test('a page of nothing is told, not thrown', async () => {
  const path = doctored(() => {});
  const db = new Database(path, { readonly: true });
  const { offset, size } = some<{ offset: number; size: number }>(
    db,
    `SELECT pgoffset AS offset, pgsize AS size FROM dbstat WHERE name = 'bets'
    AND pagetype = 'leaf' LIMIT 1 OFFSET 2`,
  );
  db.close();
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0, offset, offset + size));
  const report = await checked(path);
  expect(report).toMatchObject({ ok: false, complete: false });
  expect(heard(report).join('\n')).toMatch(
    /pages \/ bets \/ .*\n(.*\n)*pages \/ batch \d+ \/ the check stopped here: .*malformed/,
  );
});

test('the house goes on trading while it is checked', async () => {
  const live = mkdtempSync(join(tmpdir(), 'tapgrid-integrity-live-'));
  const world = new World(SEED + 1, live);
  try {
    await world.open();
    for (let n = 0; n < 10; n++) await world.addTrader();
    await play(world, 300);
    let running = true;
    const trading = (async () => {
      while (running) {
        await world.tick();
        await world.order();
        await Bun.sleep(0);
      }
    })();
    for (let round = 0; round < 5; round++)
      expect(heard(await checked(join(live, DATABASE_FILE)))).toEqual([]);
    running = false;
    await trading;
    expect(heard(await checked(join(live, DATABASE_FILE)))).toEqual([]);
  } finally {
    await world.store.close();
    rmSync(live, { recursive: true, force: true });
  }
}, 180_000);
