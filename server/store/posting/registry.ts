import type { Database } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import { BALANCE_MICROS_MAX, micros, type Currency, type Micros } from '../../game/money.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import type { Operation, OperationResult } from '../../ports/ledger.ts';
import { prepare } from '../database.ts';
import { insertInto } from '../row-statements.ts';
import { ACCOUNTS, UNUSED } from '../rows/account.ts';
import type { LedgerKind } from '../rows/entry.ts';
import { plainId } from '../rows/line.ts';
import { SESSIONS } from '../rows/session.ts';
import { internalAccount } from '../rows/internal-account.ts';
import type { Entries } from './entries.ts';
import type { Restrictions } from './restrictions.ts';

type Of<Kind extends Operation['kind']> = Extract<Operation, { readonly kind: Kind }>;

/** Lowest guard that a new account starts with, percent of the shown multiplier. */
const GUARD_PERCENT_AT_START = 80;

const DAY_MS = 86_400_000;

type Transfer = Pick<Of<'post-transfer'>, 'accountId' | 'amount' | 'entry'>;

/** What a transfer does to a balance; an adjustment has its own sign. */
const changeBy = (amount: Micros, entry: Transfer['entry']): Micros =>
  micros(entry === 'withdrawal' ? -amount : amount);

const DONE: OperationResult = { kind: 'done' };

/** Accounts, their sessions, and money that comes from or goes to the outside. */
export class Registry {
  readonly #statements: ReturnType<typeof statements>;

  constructor(
    db: Database,
    private readonly entries: Entries,
    private readonly restrictions: Pick<Restrictions, 'of'>,
  ) {
    this.#statements = statements(db);
  }

  /**
   * The same account again is no error and gets no second grant; an address that another account has is
   * `login_failed`.
   */
  openAccount({ accountId, currency, address, grant, at }: Of<'open-account'>): OperationResult {
    if (plainId(accountId).includes(':')) throw new RangeError(`the id ${accountId} is kept for the house`);
    const opened = this.#statements.openAccount({
      ...UNUSED,
      id: accountId,
      kind: 'player',
      currency,
      address,
      guardPercent: GUARD_PERCENT_AT_START,
      openedAt: at,
    });
    if (opened === 0) {
      const same = this.#statements.account.get(accountId);
      return same !== null && same.currency === currency && same.address === address
        ? DONE
        : { kind: 'refused', code: 'login_failed' };
    }
    if (micros(grant) > 0) this.#fund(accountId, currency, 'grant', grant, at);
    return DONE;
  }

  /**
   * The same session again is no error; a key, token or id that was seen otherwise is `key_reused`. A key by
   * which an account comes back must be one of this account's sessions that has not been ended, however long
   * ago its time was up; else it is `login_failed`. Nobody signs in to an account that is blocked.
   */
  startSession({ session, returnOf }: Of<'start-session'>): OperationResult {
    const { id, accountId, tokenHash, publicKey, stakeMax, dailyCap, createdAt, expiresAt, seenAt } = session;
    const account = this.#statements.account.get(accountId);
    if (account === null || account.currency !== session.currency)
      return { kind: 'refused', code: 'unauthenticated' };
    if (this.restrictions.of(accountId).blocked) return { kind: 'refused', code: 'account_blocked' };
    if (
      returnOf !== undefined &&
      (account.currency !== 'PLAY' || this.#statements.returningKey.get(returnOf, accountId) === null)
    )
      return { kind: 'refused', code: 'login_failed' };
    const started = this.#statements.startSession({
      id: plainId(id),
      accountId,
      tokenHash,
      publicKey,
      stakeMax: micros(stakeMax),
      dailyCap: micros(dailyCap),
      createdAt,
      expiresAt,
      seenAt,
      endedAt: null,
    });
    if (started === 1 || this.#statements.sameSession.get(id, accountId, tokenHash, publicKey) !== null)
      return DONE;
    return { kind: 'refused', code: 'key_reused' };
  }

  seeSession({ sessionId, at }: Of<'see-session'>): OperationResult {
    this.#statements.seeSession.run(at, sessionId);
    return DONE;
  }

  endSessions({ accountId, sessionId, at }: Of<'end-sessions'>): OperationResult {
    if (sessionId === null) this.#statements.endSessions.run(at, accountId);
    else this.#statements.endSession.run(at, accountId, sessionId);
    return DONE;
  }

  /**
   * As a grant like the one that opened the account. The first row of an account, which is that one, does not
   * count as a refill.
   */
  refill({ accountId, below, upTo, at }: Of<'refill'>): OperationResult {
    const account = this.#statements.account.get(accountId);
    if (account === null) return { kind: 'refused', code: 'not_found' };
    if (account.currency !== 'PLAY') return { kind: 'refused', code: 'practice_only' };
    const missing = micros(upTo - account.balance);
    if (account.balance >= micros(below) || missing <= 0 || this.#statements.openBet.get(accountId) !== null)
      return { kind: 'refused', code: 'not_empty' };
    if (this.#statements.refillSince.get(accountId, at - (at % DAY_MS)) !== null)
      return { kind: 'refused', code: 'refilled_today' };
    this.#fund(accountId, 'PLAY', 'grant', missing, at);
    return DONE;
  }

  /** Deposits and withdrawals name a positive amount, adjustments a signed one; nobody is overdrawn. */
  transfer({ accountId, amount, entry, at }: Of<'post-transfer'>): OperationResult {
    const code = this.transferRefusal({ accountId, amount, entry });
    if (code !== null) return { kind: 'refused', code };
    const { currency } = present(this.#statements.account.get(accountId), 'account of the transfer');
    return this.#fund(accountId, currency, entry, changeBy(amount, entry), at)
      ? DONE
      : { kind: 'refused', code: 'insufficient_balance' };
  }

  /** Why a transfer would be refused as the books stand; null where it would not. */
  transferRefusal({ accountId, amount, entry }: Transfer): RejectionCode | null {
    if (micros(amount) === 0 || (amount < 0 && entry !== 'adjustment')) return 'bad_request';
    const account = this.#statements.account.get(accountId);
    if (account === null) return 'not_found';
    const after = account.balance + changeBy(amount, entry);
    if (after > BALANCE_MICROS_MAX) return 'exposure_account';
    return after < 0 ? 'insufficient_balance' : null;
  }

  /** Gives the house its first money, unless it had any before. @returns whether it did. */
  ensureBankroll(currency: Currency, amount: Micros): boolean {
    const house = internalAccount('house', currency);
    if (
      micros(amount) <= 0 ||
      present(this.#statements.version.get(house), 'account of the house').version > 0
    )
      return false;
    this.entries.counter('funding', currency, micros(-amount));
    this.entries.counter('house', currency, amount);
    return true;
  }

  #fund(accountId: string, currency: Currency, kind: LedgerKind, change: Micros, at: number): boolean {
    const moved = this.#statements.move.get(change, accountId);
    if (moved === null) return false;
    this.entries.post(
      accountId,
      kind,
      change,
      { balance: micros(moved.balance), version: moved.version },
      null,
      at,
    );
    this.entries.counter('funding', currency, micros(-change));
    return true;
  }
}

const statements = (db: Database) => ({
  openAccount: insertInto(db, ACCOUNTS, 'ON CONFLICT DO NOTHING'),
  account: prepare<{ currency: Currency; address: string | null; balance: number }>(
    db,
    `SELECT currency, address, balance FROM accounts WHERE id = $1 AND kind = 'player'`,
  ),
  version: prepare<{ version: number }>(db, 'SELECT version FROM accounts WHERE id = $1'),
  startSession: insertInto(db, SESSIONS, 'ON CONFLICT DO NOTHING'),
  sameSession: prepare(
    db,
    'SELECT id FROM sessions WHERE id = $1 AND account_id = $2 AND token_hash = $3 AND public_key = $4',
  ),
  returningKey: prepare(
    db,
    'SELECT id FROM sessions WHERE public_key = $1 AND account_id = $2 AND ended_at IS NULL',
  ),
  openBet: prepare(db, 'SELECT seq FROM bets WHERE account_id = $1 AND closing_entry IS NULL LIMIT 1'),
  refillSince: prepare(
    db,
    `SELECT id FROM ledger WHERE account_id = $1 AND kind = 'grant' AND at >= $2 AND version > 1 LIMIT 1`,
  ),
  seeSession: prepare(db, 'UPDATE sessions SET seen_at = $1 WHERE id = $2 AND seen_at < $1'),
  endSessions: prepare(db, 'UPDATE sessions SET ended_at = $1 WHERE account_id = $2 AND ended_at IS NULL'),
  endSession: prepare(
    db,
    'UPDATE sessions SET ended_at = $1 WHERE account_id = $2 AND id = $3 AND ended_at IS NULL',
  ),
  move: prepare<{ balance: number; version: number }>(
    db,
    `UPDATE accounts SET balance = balance + $1, version = version + 1
    WHERE id = $2 AND kind = 'player' AND balance + $1 >= 0 RETURNING balance, version`,
  ),
});
