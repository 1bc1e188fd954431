import type { Database } from 'bun:sqlite';
import { betsPerCell, termsFor } from '../../game/terms.ts';
import { prepare } from '../database.ts';
import { publishedTerms } from '../rows/action.ts';
import { TERMS, type TermsRow } from '../terms.ts';
import { archived, queried, walked, type Invariant } from './invariant.ts';

/**
 * The condition of the index `ledger_one_closing` in its own words: in others SQLite does not use the index,
 * and reads the whole ledger for each bet.
 */
const CLOSES_BET = `l.bet_id IS NOT NULL AND l.kind <> 'stake'`;

export const BET_INVARIANTS: readonly Invariant[] = [
  queried(
    'one_order',
    'A nonce of an account became an order at most once, each of its taps a bet at most once.',
    `SELECT account_id || ' has the nonce ' || nonce || ' ' || COUNT(*) || ' times' AS detail FROM intents
     GROUP BY account_id, nonce HAVING COUNT(*) > 1`,
    `SELECT 'tap ' || idx || ' of order ' || intent_id || ' became ' || COUNT(*) || ' bets' AS detail
     FROM bets GROUP BY intent_id, idx HAVING COUNT(*) > 1`,
    `SELECT 'bet ' || b.id || ' has no order of its account' AS detail
     FROM bets b LEFT JOIN intents i ON i.id = b.intent_id
     WHERE i.id IS NULL OR i.account_id <> b.account_id`,
  ),
  walked(
    'bets_per_cell',
    'An account has at most as many bets on a cell that were not void as its terms allow.',
    crowdedCells,
  ),
  queried(
    'stake_row',
    'Each bet has one ledger row of its account that took the stake.',
    `SELECT 'bet ' || b.id || ' has no ledger row of its stake' AS detail
     FROM bets b LEFT JOIN ledger l ON l.id = b.stake_entry WHERE b.stake_entry > ${archived('ledger_id')}
     AND (l.id IS NULL OR l.bet_id IS NULL OR l.bet_id <> b.id OR l.kind <> 'stake' OR l.amount <> -b.stake
       OR l.account_id <> b.account_id OR l.batch <> b.batch)`,
    `SELECT 'bet ' || bet_id || ' took ' || COUNT(*) || ' stakes' AS detail FROM ledger WHERE kind = 'stake'
     GROUP BY bet_id HAVING COUNT(*) > 1`,
  ),
  queried(
    'one_closing',
    'Each closed bet has exactly one closing row, of its account and outcome; an open bet has none.',
    `SELECT 'bet ' || b.id || ' is ' || b.status || ' with ' || COUNT(l.id) || ' closing rows' AS detail
     FROM bets b LEFT JOIN ledger l ON l.bet_id = b.id AND ${CLOSES_BET}
     WHERE b.closing_entry IS NULL OR b.closing_entry > ${archived('ledger_id')} GROUP BY b.id, b.status
     HAVING COUNT(l.id) <> CASE WHEN b.status IN ('placed', 'locked') THEN 0 ELSE 1 END`,
    `SELECT 'bet ' || b.id || ' is ' || b.status || ' but was closed by ' || l.kind
       || ' of ' || l.amount AS detail
     FROM bets b JOIN ledger l ON l.bet_id = b.id AND ${CLOSES_BET}
     WHERE b.closing_entry IS NULL OR b.closing_entry <> l.id OR l.account_id <> b.account_id
     OR l.amount <> b.payout OR l.kind <>
       CASE b.status WHEN 'won' THEN 'payout' WHEN 'lost' THEN 'loss' WHEN 'void' THEN 'refund' ELSE '' END`,
    `SELECT 'ledger row ' || l.id || ' is of the unknown bet ' || l.bet_id AS detail FROM ledger l
     WHERE l.id > ${archived('ledger_id')} AND l.bet_id IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM bets b WHERE b.id = l.bet_id)`,
  ),
  // Whole numbers divide by cutting down, which is floor here: neither side is negative.
  queried(
    'payout',
    'A win pays floor(stake × locked / 100), a void the stake, anything else nothing.',
    `SELECT 'bet ' || id || ' is ' || status || ', staked ' || stake || ' at ' || COALESCE(locked, 0)
       || ' and paid ' || payout AS detail FROM bets WHERE payout <>
       CASE status WHEN 'won' THEN stake * COALESCE(locked, 0) / 100 WHEN 'void' THEN stake ELSE 0 END`,
  ),
  queried(
    'returns',
    'The published returns and refunds are those of the closed bets.',
    `SELECT s.currency || ' at ' || s.multiplier || ': ' || SUM(s.bets) || ' bets, ' || SUM(s.staked)
       || ' staked, ' || SUM(s.paid) || ' paid too many' AS detail FROM (
       SELECT currency, multiplier, bets, staked, paid FROM multiplier_returns UNION ALL
       SELECT currency, locked, -1, -stake, -payout FROM bets WHERE status IN ('won', 'lost')) s
     WHERE NOT EXISTS (SELECT 1 FROM ledger_checkpoints) GROUP BY s.currency, s.multiplier
     HAVING SUM(s.bets) <> 0 OR SUM(s.staked) <> 0 OR SUM(s.paid) <> 0`,
    `SELECT s.currency || ' ' || s.reason || ': ' || SUM(s.bets) || ' refunds too many' AS detail FROM (
       SELECT currency, reason, bets FROM void_counts UNION ALL
       SELECT currency, void_reason, -1 FROM bets WHERE status = 'void') s
     WHERE NOT EXISTS (SELECT 1 FROM ledger_checkpoints)
     GROUP BY s.currency, s.reason HAVING SUM(s.bets) <> 0`,
  ),
];

/** Where terms changed while its bets were open, those of the first or of the last of them. */
function* crowdedCells(db: Database): Generator<string> {
  const published = prepare<TermsRow>(db, TERMS).all().map(publishedTerms);
  const most = (batch: number): number => betsPerCell(termsFor(batch, published)?.terms);
  for (const { account, cell, bets, first, last } of prepare<Crowd>(db, CROWDS).iterate())
    if (bets > Math.max(most(first), most(last))) yield `${account} has ${bets} bets on ${cell}`;
}

interface Crowd {
  readonly account: string;
  readonly cell: string;
  readonly bets: number;
  readonly first: number;
  readonly last: number;
}

const CROWDS = `SELECT account_id AS account, cell, COUNT(*) AS bets, MIN(batch) AS first, MAX(batch) AS last
  FROM bets WHERE status <> 'void' GROUP BY cell, account_id HAVING COUNT(*) > 1`;
