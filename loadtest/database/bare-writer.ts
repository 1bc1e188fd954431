/// <reference lib="webworker" />
import { Database } from 'bun:sqlite';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

declare const self: Worker;

/** What the bare writer is told; its answer is a list of balances for each order. */
export type ToBareWriter =
  | { readonly open: string }
  | { readonly accounts: readonly BareAccount[] }
  | { readonly orders: readonly BareOrder[]; readonly at: number };

export interface BareAccount {
  readonly id: string;
  readonly sessionId: string;
  readonly token: string;
  readonly publicKey: string;
}

export interface BareOrder {
  readonly accountId: string;
  readonly sessionId: string;
  readonly nonce: string;
  readonly text: string;
  readonly signature: string;
  readonly bets: readonly BareBet[];
}

export interface BareBet {
  readonly id: string;
  readonly cell: string;
  readonly stake: number;
  readonly shown: number;
  readonly revision: number;
}

/** The account's balance after each bet of an order; null where a statement refused it. */
export type BareBalances = readonly (number | null)[];

const MIGRATIONS = join(import.meta.dir, '../../migrations');
const GRANT_MICROS = 10_000_000_000;
const HOLD_MS = 400;
const OPEN_ACCOUNT = 'open:PLAY';

let database: ReturnType<typeof prepared>;
/** Bets in the order of their locks, and how many of them are locked. */
const held: { readonly seq: number; readonly lockAt: number }[] = [];
let locked = 0;
const next = { intent: 1, bet: 1, entry: 1, batch: 1 };

self.onmessage = ({ data }: MessageEvent<ToBareWriter>) => self.postMessage(carryOut(data));

function carryOut(message: ToBareWriter): readonly BareBalances[] {
  if ('open' in message) {
    database = prepared(opened(message.open));
    return [];
  }
  database.begin.run();
  const balances = 'accounts' in message ? openAccounts(message.accounts) : place(message.orders, message.at);
  database.commit.run();
  return balances;
}

function openAccounts(accounts: readonly BareAccount[]): [] {
  const now = Date.now();
  for (const { id, sessionId, token, publicKey } of accounts) {
    database.insertAccount.run(id, GRANT_MICROS, now);
    database.insertSession.run(sessionId, id, token, publicKey, now);
  }
  return [];
}

/**
 * The statements that one bet costs the real ledger, and no more: order, bet, debit, ledger row; its lock
 * when it is due; the other side once for the batch.
 */
function place(orders: readonly BareOrder[], at: number): BareBalances[] {
  const batch = next.batch++;
  for (; locked < held.length && held[locked]!.lockAt <= at; locked++)
    database.lock.run(200, 1, batch, held[locked]!.seq);
  if (orders.length === 0) return [];
  let staked = 0;
  const balances = orders.map((order) => {
    const intent = next.intent++;
    if (
      database.insertIntent.run(
        intent,
        order.accountId,
        order.sessionId,
        order.nonce,
        at,
        order.text,
        order.signature,
      ).changes !== 1
    )
      return order.bets.map(() => null);
    return order.bets.map((bet, index) => {
      const balance = placeBet(order.accountId, bet, intent, index, batch, at);
      if (balance !== null) staked += bet.stake;
      return balance;
    });
  });
  const open = database.move.get(staked, OPEN_ACCOUNT) as { balance: number; version: number };
  database.insertEntry.run(
    next.entry++,
    batch,
    OPEN_ACCOUNT,
    at,
    'counter',
    staked,
    open.balance,
    open.version,
    null,
  );
  database.insertBatch.run(batch, at, '', '', '');
  return balances;
}

function placeBet(
  accountId: string,
  bet: BareBet,
  intent: number,
  index: number,
  batch: number,
  at: number,
): number | null {
  const [startMs, windowMs, low, high] = bet.cell.split('.').map(Number) as [number, number, number, number];
  const seq = next.bet++;
  const { changes } = database.insertBet.run(
    seq,
    bet.id,
    intent,
    index,
    batch,
    accountId,
    'PLAY',
    1,
    bet.cell,
    startMs,
    windowMs,
    low,
    high,
    bet.stake,
    bet.shown,
    bet.revision,
    80,
    2500,
    at,
    at + HOLD_MS,
    0,
    null,
    null,
    'placed',
    next.entry,
  );
  if (changes !== 1) return null;
  const moved = database.debit.get(bet.stake, Math.floor(at / 86_400_000), accountId, 'PLAY') as {
    balance: number;
    version: number;
  } | null;
  if (moved === null) return null;
  database.insertEntry.run(
    next.entry++,
    batch,
    accountId,
    at,
    'stake',
    -bet.stake,
    moved.balance,
    moved.version,
    bet.id,
  );
  held.push({ seq, lockAt: at + HOLD_MS });
  return moved.balance;
}

function opened(path: string): Database {
  const db = new Database(path, { create: true, strict: true });
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'wal_autocheckpoint = 4000',
    'cache_size = -65536',
    'temp_store = MEMORY',
  ])
    db.run(`PRAGMA ${pragma}`);
  for (const file of readdirSync(MIGRATIONS).sort()) db.run(readFileSync(join(MIGRATIONS, file), 'utf8'));
  return db;
}

const prepared = (db: Database) => ({
  begin: db.prepare('BEGIN IMMEDIATE'),
  commit: db.prepare('COMMIT'),
  insertAccount:
    db.prepare(`INSERT INTO accounts (id, kind, currency, address, guard_percent, opened_at, balance, version, day, day_staked, day_returned)
    VALUES ($1, 'player', 'PLAY', NULL, 80, $3, $2, 0, 0, 0, 0)`),
  insertSession: db.prepare(
    'INSERT INTO sessions (id, account_id, token_hash, public_key, stake_max, daily_cap, created_at, ' +
      'expires_at, seen_at) VALUES ($1, $2, $3, $4, 0, 0, $5, $5, $5)',
  ),
  insertIntent: db.prepare(
    'INSERT INTO intents (id, account_id, session_id, nonce, at, signed_text, signature) VALUES ($1, ' +
      '$2, $3, $4, $5, $6, $7) ON CONFLICT (account_id, nonce) DO NOTHING',
  ),
  insertBet:
    db.prepare(`INSERT INTO bets (seq, id, intent_id, idx, batch, account_id, currency, simulated, cell, start_ms, window_ms, low, high, stake, shown, shown_revision,
    guard_percent, multiplier_max, placed_at, lock_at, filled, locked, locked_revision, status, stake_entry, payout)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, 0)
    ON CONFLICT DO NOTHING`),
  debit: db.prepare(`UPDATE accounts SET balance = balance - $1, version = version + 1, day = $2,
    day_staked = CASE WHEN day = $2 THEN day_staked ELSE 0 END + $1, day_returned = CASE WHEN day = $2 THEN day_returned ELSE 0 END
    WHERE id = $3 AND kind = 'player' AND currency = $4 AND balance >= $1
    AND (daily_loss_max IS NULL OR CASE WHEN day = $2 THEN day_staked - day_returned ELSE 0 END + $1 <= daily_loss_max) RETURNING balance, version`),
  insertEntry: db.prepare(
    'INSERT INTO ledger (id, batch, account_id, at, kind, amount, balance_after, version, ' +
      'bet_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
  ),
  move: db.prepare(
    'UPDATE accounts SET balance = balance + $1, version = version + 1 WHERE id = $2 RETURNING ' +
      'balance, version',
  ),
  insertBatch: db.prepare(
    'INSERT INTO batches (seq, at, previous_hash, hash, tick_hash) VALUES ($1, $2, $3, $4, $5)',
  ),
  lock: db.prepare(
    `UPDATE bets SET status = 'locked', locked = $1, locked_revision = $2, ` +
      `locked_batch = $3 WHERE seq = $4 AND status = 'placed'`,
  ),
});
