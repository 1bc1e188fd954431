import { Database } from 'bun:sqlite';
import type { CheckSegment, Row, SealedSegment, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { prepare } from '../database.ts';
import { INVARIANTS } from '../invariants.ts';
import { MIGRATIONS } from '../migrations.ts';
import { migrate } from '../migrator.ts';
import { insertSegment } from './anchor.ts';
import { StoredRows } from './stored-rows.ts';

/** Those that speak of a part of the ledger; the others need all accounts or all bets. */
const HELD = new Set(['double_entry', 'balance', 'versions', 'no_overdraft', 'one_order', 'one_bet_per_cell', 'stake_row', 'one_closing', 'payout', 'ledger_chain', 'tick_chain']);

/**
 * Loads the rows into an empty database whose archive ends just before them, and holds them against every invariant that speaks of a part of the ledger:
 * both hash chains from the hashes before to the hashes after, double entry, balances and versions without holes, one closing for each bet, payouts.
 */
export const checkSegment: CheckSegment = (range, rows, before) => {
  const faults = faultsOfRange(range, rows);
  if (faults.length > 0) return faults;
  const db = new Database(':memory:', { strict: true });
  try {
    migrate(db, MIGRATIONS, 0);
    insertSegment(db)(previous(range, rows));
    startAccounts(db, range, rows, before, faults);
    const stored = new StoredRows(db);
    stored.insert(rows, rows.bets.map((bet) => asOf(bet, range)));
    stored.finalize();
    faults.push(...INVARIANTS.filter(({ name }) => HELD.has(name)).flatMap(({ name, run }) => run(db).map((detail) => `${name}: ${detail}`)));
    const last = prepare<{ hash: string; tickHash: string }>(db, 'SELECT hash, tick_hash AS "tickHash" FROM batches WHERE seq = $1').get(range.lastBatch);
    if (last?.hash !== range.chainOut || last.tickHash !== range.tickChainOut) faults.push(`batch ${range.lastBatch} does not have the hashes that the segment ends with`);
    return faults;
  } catch (error) {
    return [...faults, `the rows do not fit together: ${error instanceof Error ? error.message : String(error)}`];
  } finally {
    db.close();
  }
};

function faultsOfRange(range: SegmentRange, { batches, ledger, ticks, revisions }: SegmentRows): string[] {
  const faults: string[] = [];
  const expect = (what: string, rows: readonly Row[], key: string, last: number): void => {
    if (rows.length > 0 && rows.at(-1)![key] !== last) faults.push(`the last of ${what} is ${rows.at(-1)![key]}, not ${last}`);
  };
  if (batches.length !== range.lastBatch - range.firstBatch + 1 || batches[0]!['seq'] !== range.firstBatch) faults.push(`there are ${batches.length} batches, not those from ${range.firstBatch} to ${range.lastBatch}`);
  expect('ledger', ledger, 'id', range.ledgerId);
  expect('ticks', ticks, 'seq', range.tickSeq);
  expect('revisions', revisions, 'revision', range.revision);
  return faults;
}

/** The segment before, as far as the checks look at it. */
function previous(range: SegmentRange, { ledger, ticks }: SegmentRows): SealedSegment {
  return {
    ...range, number: 0, firstBatch: range.firstBatch - 1, lastBatch: range.firstBatch - 1, chainOut: range.chainIn, tickChainOut: range.tickChainIn,
    ledgerId: ledger.length === 0 ? range.ledgerId : (ledger[0]!['id'] as number) - 1, tickSeq: ticks.length === 0 ? range.tickSeq : (ticks[0]!['seq'] as number) - 1,
    betSeq: 0, intentId: 0, revision: 0, bets: 0, bytes: 0, objectKey: '', manifestSha256: '', place: '', sealedAt: 0,
  };
}

/** A checkpoint for each account as it stood before its first row, which must be where the segments before left it. */
function startAccounts(db: Database, range: SegmentRange, { ledger }: SegmentRows, before: Parameters<CheckSegment>[2], faults: string[]): void {
  const insert = prepare(db, 'INSERT INTO ledger_checkpoints (account_id, ledger_id, balance, version, at) VALUES ($1, $2, $3, $4, 0)');
  const clear = prepare(db, 'DELETE FROM accounts');
  clear.run();
  const started = new Set<string>();
  for (const row of ledger) {
    const id = row['account_id'] as string;
    if (started.has(id)) continue;
    started.add(id);
    const [balance, version] = [(row['balance_after'] as number) - (row['amount'] as number), (row['version'] as number) - 1];
    const left = before?.get(id) ?? (before === null ? { balance, version } : { balance: 0, version: 0 });
    if (left.balance !== balance || left.version !== version) faults.push(`${id} begins segment ${range.number} with ${balance} and version ${version}; it was left ${left.balance} and version ${left.version}`);
    insert.run(id, (row['id'] as number) - 1, balance, version);
  }
  insert.finalize();
  clear.finalize();
}

/** The bet as it stood when the last commit of the range was made. */
function asOf(bet: Row, { ledgerId, lastBatch }: SegmentRange): Row {
  if ((bet['closing_entry'] as number) <= ledgerId) return bet;
  const open = { ...bet, status: 'locked', payout: 0, closed_at: null, closed_tick: null, void_reason: null, closing_entry: null };
  const lockedLater = bet['locked'] === null || (bet['locked_batch'] !== null && (bet['locked_batch'] as number) > lastBatch);
  return lockedLater ? { ...open, status: 'placed', locked: null, locked_revision: null, locked_batch: null } : open;
}
