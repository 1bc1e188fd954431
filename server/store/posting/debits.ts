import type { Database } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import { micros, type Micros } from '../../game/money.ts';
import { limitsAt, type OwnLimits } from '../../game/own-limits.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import type { PlaceBets, Rejected } from '../../ports/ledger.ts';
import { prepare } from '../database.ts';
import { selected } from '../row-statements.ts';
import { ACCOUNTS, type AccountRow } from '../rows/account.ts';
import { limitsOf } from '../rows/limits.ts';
import { dayOf } from './staked-today.ts';

/**
 * Stakes leave an account in one statement, which holds its balance, its pause and its daily loss limit: what
 * it refuses has changed nothing.
 */
export class Debits {
  readonly #statements: ReturnType<typeof statements>;

  constructor(db: Database) {
    this.#statements = statements(db);
  }

  /** @param version of the account, as it is remembered. @returns whether the stake was taken. */
  take({ accountId, currency, at }: PlaceBets, stake: Micros, version: number): boolean {
    return this.#statements.debit.run(stake, dayOf(at), accountId, version, currency, at).changes === 1;
  }

  accountOf(accountId: string): Pick<AccountRow, 'version'> & { readonly balance: Micros } {
    const { balance, version } = present(this.#statements.account.get(accountId), 'account');
    return { balance: micros(balance), version };
  }

  isOverDailyLoss(order: PlaceBets, stake: Micros): boolean {
    const { dailyLoss, lost } = this.#ownLimits(order);
    return dailyLoss !== null && lost + stake > dailyLoss;
  }

  /** Stakes of the account in the UTC day of the order. */
  stakedOnDay({ accountId, at }: PlaceBets): Micros {
    const { day, dayStaked } = present(this.#statements.account.get(accountId), 'account');
    return micros(day === dayOf(at) ? dayStaked : 0);
  }

  /** A pause comes before everything about the bet; refusals by own limits include their figures. */
  rejected(order: PlaceBets, stake: Micros, code: RejectionCode): Rejected {
    const { pausedUntil, dailyLoss, loosening, lost } = this.#ownLimits(order);
    if (pausedUntil !== null) return { status: 'rejected', code: 'account_paused', why: { pausedUntil } };
    if (code !== 'daily_loss_limit' || dailyLoss === null) return { status: 'rejected', code };
    return { status: 'rejected', code, why: { dailyLoss, lost, stake, loosening } };
  }

  #ownLimits({ accountId, at }: PlaceBets): OwnLimits & { readonly lost: Micros } {
    const account = present(this.#statements.account.get(accountId), 'account');
    const { day, dayStaked, dayReturned } = account;
    const lost = micros(day === dayOf(at) ? dayStaked - dayReturned : 0);
    return { ...limitsAt(limitsOf(account), at), lost };
  }
}

const statements = (db: Database) => ({
  // Without `returning`, for which SQLite makes a table of its own at each row: from the version follows the
  // balance.
  debit: prepare(
    db,
    `UPDATE accounts SET balance = balance - $1, version = version + 1, day = $2,
    day_staked = CASE WHEN day = $2 THEN day_staked ELSE 0 END + $1,
    day_returned = CASE WHEN day = $2 THEN day_returned ELSE 0 END
    WHERE id = $3 AND version = $4 AND kind = 'player' AND currency = $5 AND balance >= $1
    AND (paused_until IS NULL OR paused_until <= $6)
    AND (daily_loss_max IS NULL
      OR CASE WHEN day = $2 THEN day_staked - day_returned ELSE 0 END + $1 <= daily_loss_max
      OR loosens_at <= $6 AND (loosens_to IS NULL
        OR CASE WHEN day = $2 THEN day_staked - day_returned ELSE 0 END + $1 <= loosens_to))`,
  ),
  account: prepare<AccountRow>(db, `SELECT ${selected(ACCOUNTS)} FROM accounts WHERE id = $1`),
});
