import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dollars } from '../../game/money.ts';
import {
  ARCHIVE_ROWS_MAX,
  type ArchiveOperation,
  type SealedSegment,
  type SegmentRange,
} from '../../ports/archive.ts';
import type { Operation, OperationResult } from '../../ports/ledger.ts';
import { SqliteArchiveSource } from '../archive/archive-source.ts';
import {
  cellAt,
  MIDNIGHT,
  NOON,
  opening,
  order,
  place,
  SETTING,
} from '../../../test/ledger-contract/scenario.ts';
import { checkInvariants } from '../invariants.ts';
import type { SqliteLedger } from '../ledger.ts';
import { closeLedger, openLedger } from '../writer.ts';

const HOUR_MS = 3_600_000;
let root: string;
let path: string;
let db: Database;
let ledger: SqliteLedger;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tapgrid-archiving-'));
  path = join(root, 'a.db');
  open();
  ledger.commit([...opening('ada'), ...opening('ben')], NOON);
  ledger.commit([place('n1', [order('b1', cellAt(0)), order('b2', cellAt(1))])], NOON);
  ledger.commit([place('n2', [order('b3', cellAt(0))], { accountId: 'ben', sessionId: 'ben-key' })], NOON);
});
afterEach(() => {
  closeLedger(db);
  rmSync(root, { recursive: true });
});

function open(): void {
  ({ db, ledger } = openLedger({ path, ...SETTING, at: NOON, simulationWithoutFsync: true }));
}
const reopen = (): void => {
  closeLedger(db);
  open();
};
const commit = (...operations: readonly Operation[]): readonly OperationResult[] =>
  ledger.commit(
    operations,
    Math.max(NOON, ...operations.map((operation) => (operation.kind === 'place-bets' ? operation.at : NOON))),
  ).results;
const voided = (...ids: readonly string[]): Operation => ({
  kind: 'close-bets',
  at: NOON + 70_000,
  closings: ids.map((betId) => ({ betId, outcome: 'void', voidReason: 'gap', closedAt: NOON + 70_000 })),
});
const rows = (table: string): number =>
  db.query<{ rows: number }, []>(`SELECT COUNT(*) AS rows FROM ${table}`).get()!.rows;

/** The seal of all whole commits that may be archived, with the last rows of its accounts. */
function due(): {
  readonly seal: SealedSegment;
  readonly entries: number[];
  readonly stakes: Extract<ArchiveOperation, { kind: 'archive-checkpoint' }>['stakes'];
} {
  const source = new SqliteArchiveSource(path);
  try {
    const next = source.nextRange({ until: NOON + 1e9, rowsMax: 1e6 });
    if (next.range === null) throw new Error(next.why);
    const contents = source.rowsOf(next.range);
    return {
      seal: sealOf(next.range),
      entries: contents.accounts.map(({ ledgerId }) => ledgerId),
      stakes: source.stakesOf(contents),
    };
  } finally {
    source.close();
  }
}
const sealOf = (range: SegmentRange): SealedSegment => ({
  ...range,
  bets: 0,
  bytes: 1,
  objectKey: 'archive/segments/00000001.jsonl.zst',
  manifestSha256: 'a'.repeat(64),
  place: 'here',
  sealedAt: NOON,
});
const sealed = (over: Partial<SealedSegment> = {}): OperationResult => {
  const { seal, entries, stakes } = due();
  return commit({
    kind: 'archive-checkpoint',
    number: 1,
    entries,
    stakes,
    seal: { ...seal, ...over },
    at: NOON,
  })[0]!;
};
const deletion = (
  table: Extract<ArchiveOperation, { kind: 'archive-delete' }>['table'],
  over: Partial<Extract<ArchiveOperation, { kind: 'archive-delete' }>> = {},
): OperationResult =>
  commit({ kind: 'archive-delete', table, after: 0, rowsMax: 1_000, ordersBefore: NOON + 1e9, ...over })[0]!;
const deleteAll = (ordersBefore: number): void => {
  for (const table of ['bets', 'ledger', 'intents', 'revisions', 'ticks', 'batches'] as const)
    deletion(table, { ordersBefore });
};

describe('a seal', () => {
  test.each([
    ['of another number', { number: 2 }, /does not follow|does not begin/],
    ['that begins later', { firstBatch: 2 }, /does not begin behind batch 0/],
    ['with another hash before', { chainIn: 'b'.repeat(64) }, /does not begin with the hashes/],
    [
      'with another hash after',
      { chainOut: 'b'.repeat(64) },
      /does not have the hashes that segment 1 ends with/,
    ],
    ['of a commit that does not exist', { lastBatch: 99 }, /batch 99 does not have the hashes/],
  ] as const)('%s is refused and changes nothing', (_, over, reason) => {
    commit(voided('b1', 'b2', 'b3'));
    const before = rows('ledger_checkpoints');
    expect(sealed(over)).toMatchObject({ kind: 'not-archived', reason: expect.stringMatching(reason) });
    expect([rows('archive_segments'), rows('ledger_checkpoints')]).toEqual([0, before]);
    expect(deletion('ledger')).toMatchObject({ deleted: 0 });
    expect(sealed()).toMatchObject({ kind: 'archived' });
  });

  test('over an open bet is refused', () => {
    commit(voided('b1', 'b2'));
    const { seal, entries, stakes } = due();
    const last = db
      .query<{ seq: number; hash: string; tick_hash: string }, []>(
        'SELECT seq, hash, tick_hash FROM batches ORDER BY seq DESC LIMIT 1',
      )
      .get()!;
    const wider = { ...seal, lastBatch: last.seq, chainOut: last.hash, tickChainOut: last.tick_hash };
    expect(
      commit({ kind: 'archive-checkpoint', number: 1, entries, stakes, seal: wider, at: NOON }),
    ).toMatchObject([{ kind: 'not-archived', reason: 'bet b3 is open' }]);
  });

  test('that came before is no error, and one in parts holds from its last part on', () => {
    commit(voided('b1', 'b2', 'b3'));
    const { seal, entries, stakes } = due();
    const part = { kind: 'archive-checkpoint', number: 1, stakes, at: NOON } as const;
    expect(commit({ ...part, entries: entries.slice(0, 2), seal: null })).toMatchObject([
      { kind: 'archived' },
    ]);
    expect(deletion('ledger')).toMatchObject({ deleted: 0 });
    expect(checkInvariants(db)).toEqual([]);
    expect(commit({ ...part, entries: entries.slice(2), seal })).toMatchObject([{ kind: 'archived' }]);
    expect(commit({ ...part, entries, seal })).toMatchObject([{ kind: 'archived' }]);
    expect(rows('archive_segments')).toBe(1);
    expect(checkInvariants(db)).toEqual([]);
  });

  test('with a ledger row that does not exist, or more than a commit should carry, is refused', () => {
    commit(voided('b1', 'b2', 'b3'));
    const part = { kind: 'archive-checkpoint', number: 1, stakes: [], seal: null, at: NOON } as const;
    expect(commit({ ...part, entries: [999] })).toMatchObject([{ kind: 'not-archived' }]);
    expect(commit({ ...part, entries: new Array(ARCHIVE_ROWS_MAX + 1).fill(1) })).toMatchObject([
      { kind: 'not-archived' },
    ]);
  });
});

describe('deletion', () => {
  test('without a seal deletes nothing, whatever is asked', () => {
    commit(voided('b1', 'b2', 'b3'));
    const before = ['bets', 'ledger', 'intents', 'batches'].map(rows);
    deleteAll(NOON + 1e12);
    expect(['bets', 'ledger', 'intents', 'batches'].map(rows)).toEqual(before);
  });

  test('goes in slices, each of at most so many rows, and leaves the last commit', () => {
    commit(voided('b1', 'b2', 'b3'));
    sealed();
    const all = rows('ledger');
    let [deleted, slices] = [0, 0];
    for (let after: number | null = 0; after !== null; slices++) {
      const result = deletion('ledger', { after, rowsMax: 2 }) as { deleted: number; next: number | null };
      expect(result.deleted).toBeLessThanOrEqual(2);
      deleted += result.deleted;
      after = result.next;
      expect(checkInvariants(db)).toEqual([]);
    }
    expect([deleted, slices > 2]).toEqual([all, true]);
    deleteAll(NOON + 1e12);
    expect(['bets', 'ledger', 'intents', 'batches'].map(rows)).toEqual([0, 0, 0, 1]);
    expect(checkInvariants(db)).toEqual([]);
    expect(deletion('bets', { rowsMax: 0 })).toMatchObject({ kind: 'not-archived' });
  });

  test('leaves a bet whose closing is not archived, and its order', () => {
    commit(voided('b1', 'b2'));
    commit({ kind: 'post-transfer', accountId: 'ben', amount: dollars(1), entry: 'deposit', at: NOON });
    const { seal, entries, stakes } = due();
    // Up to just before the commit that placed b3, which is open: b1 and b2 were closed behind it.
    expect(seal.lastBatch).toBe(3);
    expect(commit({ kind: 'archive-checkpoint', number: 1, entries, stakes, seal, at: NOON })).toMatchObject([
      { kind: 'archived' },
    ]);
    deleteAll(NOON + 1e12);
    expect(db.query('SELECT id FROM bets ORDER BY seq').values()).toEqual([['b1'], ['b2'], ['b3']]);
    expect(rows('intents')).toBe(2);
    expect(checkInvariants(db)).toEqual([]);
  });

  test('the table keeps what is not archived from any hand', () => {
    commit(voided('b1', 'b2', 'b3'), {
      kind: 'record-ticks',
      ticks: [{ seq: 1, at: NOON, price: 1 as never, sources: [] }],
    });
    for (const sql of ['DELETE FROM bets', 'DELETE FROM ledger', 'DELETE FROM batches', 'DELETE FROM ticks'])
      expect(() => db.run(sql)).toThrow(/deleted only/);
  });
});

describe('an archived order', () => {
  const again = (nonce: string, text = `order ${nonce}`): OperationResult =>
    commit(place(nonce, [order('new', cellAt(5))], { text }))[0]!;

  beforeEach(() => {
    commit(voided('b1', 'b2', 'b3'));
    sealed();
  });

  test('is not placed again while its bets are deleted, nor for a day after, across a restart', () => {
    deletion('bets', { rowsMax: 1 });
    expect(again('n1')).toEqual({ kind: 'refused', code: 'deadline_passed' });
    deleteAll(NOON + 23 * HOUR_MS - 24 * HOUR_MS);
    expect(rows('intents')).toBe(2);
    reopen();
    expect(again('n1')).toEqual({ kind: 'refused', code: 'deadline_passed' });
    expect(again('n1', 'another order')).toEqual({ kind: 'refused', code: 'nonce_reused' });
    expect(rows('bets')).toBe(0);
    expect(checkInvariants(db)).toEqual([]);
  });
});

describe('a ledger that opens behind an archive', () => {
  test('goes on with its numbers, and with what keys staked today', () => {
    commit(voided('b1', 'b2', 'b3'));
    sealed();
    deleteAll(NOON + 1e12);
    reopen();
    const cap = { dailyCap: dollars(25) };
    // 20 of 25 dollars were staked by bets that are gone.
    expect(commit(place('n3', [order('b4', cellAt(7))], cap))).toMatchObject([
      { results: [{ status: 'rejected', code: 'daily_cap' }] },
    ]);
    expect(commit(place('n4', [order('b5', cellAt(7), 5)], cap))).toMatchObject([
      { results: [{ status: 'accepted' }] },
    ]);
    expect(db.query('SELECT seq, intent_id AS intent FROM bets').get()).toEqual({ seq: 4, intent: 3 });
    expect(checkInvariants(db)).toEqual([]);
    // The next day counts anew.
    expect(
      commit(
        place('n5', [order('b6', { ...cellAt(9), startMs: MIDNIGHT + 60_000 } as never, 20)], {
          ...cap,
          at: MIDNIGHT + 1,
        }),
      ),
    ).toMatchObject([{ results: [{ status: 'accepted' }] }]);
  });
});
