import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dollars } from '../game/money.ts';
import {
  cellAt,
  failureOf,
  NOON,
  opening,
  order,
  place,
  SETTING,
} from '../../test/ledger-contract/scenario.ts';
import { one } from './database.ts';
import { checkInvariants } from './invariants.ts';
import { closeLedger, openLedger, openWriter, type LedgerOptions } from './writer.ts';

let root: string;
let options: LedgerOptions;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tapgrid-failing-'));
  options = { path: join(root, 'a.db'), ...SETTING, at: NOON };
});
afterEach(() => rmSync(root, { recursive: true }));

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
    return 'no failure';
  } catch (error) {
    return error;
  }
};

describe('a ledger whose disk is full', () => {
  test('says that it does not know, takes nothing more, and starts again from what was committed', () => {
    const { db, ledger } = openLedger(options);
    ledger.commit([...opening('ada'), place('n1', [order('b1', cellAt(0))])], NOON);
    db.run(`PRAGMA max_page_count = ${one<{ page_count: number }>(db, 'PRAGMA page_count').page_count}`);
    const many = Array.from({ length: 500 }, (_, index) => opening(`account-${index}`)).flat();
    expect(thrownBy(() => ledger.commit(many, NOON))).toMatchObject({
      code: 'commit_unknown',
      cause: { code: 'SQLITE_FULL' },
    });
    db.run('PRAGMA max_page_count = 100000');
    expect(thrownBy(() => ledger.commit([place('n2', [order('b2', cellAt(1))])], NOON))).toMatchObject({
      code: 'commit_unknown',
    });
    expect(checkInvariants(db)).toEqual([]);
    expect(one(db, 'SELECT COUNT(*) AS bets FROM bets')).toEqual({ bets: 1 });
    closeLedger(db);

    const again = openLedger(options);
    expect(again.ledger.commit([place('n2', [order('b2', cellAt(1))])], NOON).results[0]).toMatchObject({
      kind: 'placed',
      replayed: false,
      balance: dollars(980),
    });
    expect(checkInvariants(again.db)).toEqual([]);
    closeLedger(again.db);
  });
});

test('the time of a commit does not fall with the clock, nor does that of the sums that belong to it', () => {
  const { db, ledger } = openLedger(options);
  ledger.commit([...opening('ada'), place('n1', [order('b1', cellAt(0))])], NOON + 1_500);
  const { batch: last } = ledger.commit([place('n2', [order('b2', cellAt(1))])], NOON);
  const times = db
    .query<{ batch: number; at: number; summed: number }, []>(
      'SELECT b.seq AS batch, b.at AS at, l.at AS summed FROM batches b JOIN ledger l ON l.batch = ' +
        "b.seq WHERE l.kind = 'counter' ORDER BY l.id",
    )
    .all();
  expect(times.length).toBeGreaterThan(2);
  expect(times.filter(({ at, summed }) => at !== summed)).toEqual([]);
  expect(times.at(-1)).toEqual({ batch: last, at: NOON + 1_500, summed: NOON + 1_500 });
  closeLedger(db);
});

test('a ledger whose account was changed behind its back takes nothing more', () => {
  const { db, ledger } = openLedger(options);
  ledger.commit([...opening('ada'), place('n1', [order('b1', cellAt(0))])], NOON);
  db.run(`UPDATE accounts SET version = version + 1 WHERE id = 'ada'`);
  expect(thrownBy(() => ledger.commit([place('n2', [order('b2', cellAt(1))])], NOON))).toMatchObject({
    code: 'commit_unknown',
    cause: { message: 'account ada is not as the ledger has it' },
  });
  expect(one(db, 'SELECT COUNT(*) AS bets FROM bets')).toEqual({ bets: 1 });
  closeLedger(db);
});

describe('the writer', () => {
  test('carries out calls in the order in which they are made, without waiting for their answers', async () => {
    const writer = await openWriter(options);
    const first = writer.commitBatch(opening('ada'), NOON);
    const bets = Array.from({ length: 5 }, (_, index) =>
      writer.commitBatch([place(`n${index}`, [order(`b${index}`, cellAt(index))])], NOON),
    );
    const batches = (await Promise.all([first, ...bets])).map(({ batch }) => batch);
    expect(batches).toEqual([2, 3, 4, 5, 6, 7]);
    await writer.close();
  });

  test('fails every call that waits behind one that failed', async () => {
    const writer = await openWriter(options);
    const bad = writer.commitBatch(
      [
        {
          kind: 'close-bets',
          closings: [{ betId: 'never', outcome: 'void', voidReason: 'gap', closedAt: NOON }],
          at: NOON,
        },
      ],
      NOON,
    );
    const behind = writer.commitBatch(opening('ada'), NOON);
    expect([await failureOf(bad), await failureOf(behind)]).toMatchObject([
      { code: 'commit_unknown' },
      { code: 'commit_unknown' },
    ]);
    await writer.close();
  });

  test('answers what came after a message that cannot be written down for it', async () => {
    const writer = await openWriter(options);
    expect(await failureOf(writer.commitBatch([1n as never], NOON))).toBeInstanceOf(Error);
    expect((await writer.commitBatch(opening('ada'), NOON)).batch).toBe(2);
    await writer.close();
  });
});
