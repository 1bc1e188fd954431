import { micros, type Currency, type Micros } from '../game/money.ts';
import { openReaderDatabase, prepare, one } from './database.ts';

/** What gaps in the prices gave back to one account, among its closed bets that are not archived yet. */
export interface GapRefunds {
  readonly accountId: string;
  readonly currency: Currency;
  /** Closed bets of it, and those of them that a gap made void. */
  readonly closed: number;
  readonly refunds: number;
  readonly returned: Micros;
  /** What its other bets won or lost. */
  readonly result: Micros;
}

export interface GapReport {
  /** Of all accounts together. */
  readonly closed: number;
  readonly refunds: number;
  /** Those that got most back first. */
  readonly accounts: readonly GapRefunds[];
}

/**
 * Who gaps gave stakes back to: an account for which they come at the right moment has more of them than
 * others. Reads every bet in the books, so it is for a process of its own; a server may be writing meanwhile.
 * @throws Error when the database cannot be opened.
 */
export function gapReport(path: string, accounts: number): GapReport {
  const db = openReaderDatabase(path);
  try {
    const all = one<{ closed: number; refunds: number }>(
      db,
      `SELECT COUNT(*) AS closed, COALESCE(SUM(void_reason = 'gap'), 0) AS refunds FROM bets
      WHERE closing_entry IS NOT NULL`,
    );
    const rows = prepare<GapRefunds>(
      db,
      `SELECT account_id AS "accountId", currency, COUNT(*) AS closed,
      SUM(CASE WHEN void_reason = 'gap' THEN 1 ELSE 0 END) AS refunds,
      SUM(CASE WHEN void_reason = 'gap' THEN stake ELSE 0 END) AS returned,
      SUM(CASE WHEN status = 'void' THEN 0 ELSE payout - stake END) AS result
      FROM bets WHERE closing_entry IS NOT NULL GROUP BY account_id, currency
      HAVING SUM(CASE WHEN void_reason = 'gap' THEN 1 ELSE 0 END) > 0
      ORDER BY returned DESC, account_id LIMIT $1`,
    ).all(accounts);
    return {
      ...all,
      accounts: rows.map((row) => ({ ...row, returned: micros(row.returned), result: micros(row.result) })),
    };
  } finally {
    db.close();
  }
}
