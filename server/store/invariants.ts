import type { Database } from 'bun:sqlite';
import { BET_INVARIANTS } from './checks/bet-invariants.ts';
import { brokenLinks, brokenTicks } from './checks/chain-check.ts';
import { queried, walked, type Invariant } from './checks/invariant.ts';
import { MONEY_INVARIANTS } from './checks/money-invariants.ts';
import { OWN_LIMITS } from './checks/own-limits.ts';

export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

export const INVARIANTS: readonly Invariant[] = [
  ...MONEY_INVARIANTS,
  ...BET_INVARIANTS,
  queried(
    'operator_actions',
    "Operators' actions are numbered without gaps; each transfer moved its money, and each bet voided by " +
      'an operator was voided in that commit.',
    `SELECT 'action ' || a.seq || ' follows action ' || a.before AS detail
     FROM (SELECT seq, COALESCE(LAG(seq) OVER (ORDER BY seq), 0) AS before FROM operator_actions) a
     WHERE a.seq <> a.before + 1`,
    `SELECT 'action ' || a.seq || ' moved nothing' AS detail FROM operator_actions a
     WHERE a.what = 'transfer' AND NOT EXISTS (SELECT 1 FROM ledger_checkpoints)
     AND NOT EXISTS (
       SELECT 1 FROM ledger l WHERE l.account_id = a.target AND l.batch = a.batch AND a.detail =
         l.kind || ' ' || CASE l.kind WHEN 'withdrawal' THEN -l.amount ELSE l.amount END)`,
    `SELECT 'bet ' || b.id || ' was given back by hand, but nobody called its window off' AS detail
     FROM bets b JOIN ledger l ON l.id = b.closing_entry WHERE b.void_reason = 'operator'
     AND NOT EXISTS (
       SELECT 1 FROM operator_actions a
       WHERE a.what = 'void-window' AND a.batch = l.batch AND a.target = '' || b.start_ms)`,
  ),
  queried(
    'own_limits',
    'Limits of an account are those of its newest change; none was loosened within a day, no pause was ' +
      'shortened, and no bet was placed in one.',
    ...OWN_LIMITS.map((sql) => `SELECT place || ' ' || detail AS detail FROM (${sql})`),
  ),
  walked('ledger_chain', 'Each batch has the hash of its rows and names the hash before it.', brokenLinks),
  walked(
    'tick_chain',
    'Ticks follow each other without gaps, and each batch of them has the hash of all up to it.',
    brokenTicks,
  ),
];

/** Every invariant on one snapshot of the file; empty when all pass. @param db open for reading. */
export function checkInvariants(db: Database): Violation[] {
  db.run('BEGIN');
  try {
    return INVARIANTS.flatMap(({ name, run }) => run(db).map((detail) => ({ invariant: name, detail })));
  } finally {
    db.run('COMMIT');
  }
}
