import { archived, queried, type Invariant } from './invariant.ts';

/** The newest checkpoint of each account; rows up to it may have been archived. */
const CHECKPOINTS = `SELECT c.account_id, c.ledger_id, c.balance, c.version FROM ledger_checkpoints c
  WHERE c.ledger_id = (SELECT MAX(d.ledger_id) FROM ledger_checkpoints d WHERE d.account_id = c.account_id)`;
/** Ledger rows after the checkpoint of their account. */
const LIVE_LEDGER = `SELECT l.* FROM ledger l LEFT JOIN (${CHECKPOINTS}) k ON k.account_id = l.account_id
  WHERE l.id > COALESCE(k.ledger_id, 0)`;

export const MONEY_INVARIANTS: readonly Invariant[] = [
  queried(
    'conservation',
    'The balances of each currency add up to zero.',
    `SELECT currency || ' adds up to ' || SUM(balance) AS detail FROM accounts
     GROUP BY currency HAVING SUM(balance) <> 0`,
  ),
  queried(
    'double_entry',
    'The movements of each currency add up to zero in every commit.',
    `SELECT 'batch ' || l.batch || ' moves ' || a.currency || ' by ' || SUM(l.amount) AS detail
     FROM ledger l JOIN accounts a ON a.id = l.account_id
     WHERE l.batch > ${archived('last_batch')} GROUP BY l.batch, a.currency HAVING SUM(l.amount) <> 0`,
  ),
  queried(
    'balance',
    'A balance is its checkpoint and all movements after it, and what the last of them left.',
    `SELECT a.id || ' has ' || a.balance || ' and version ' || a.version
       || ', its ledger ' || (COALESCE(k.balance, 0) + COALESCE(s.amount, 0))
       || ' and version ' || COALESCE(s.version, k.version, 0) AS detail
     FROM accounts a LEFT JOIN (${CHECKPOINTS}) k ON k.account_id = a.id
     LEFT JOIN (
       SELECT account_id, SUM(amount) AS amount, MAX(version) AS version FROM (${LIVE_LEDGER})
       GROUP BY account_id
     ) s ON s.account_id = a.id
     WHERE a.balance <> COALESCE(k.balance, 0) + COALESCE(s.amount, 0)
     OR a.version <> COALESCE(s.version, k.version, 0)`,
    `SELECT l.account_id || ' was left ' || l.balance_after || ' by version ' || l.version
       || ', which moved ' || l.amount || ' on ' || l.before AS detail
     FROM (
       SELECT l.account_id, l.version, l.amount, l.balance_after,
         COALESCE(
           LAG(l.balance_after) OVER (PARTITION BY l.account_id ORDER BY l.version), k.balance, 0
         ) AS before
       FROM (${LIVE_LEDGER}) l LEFT JOIN (${CHECKPOINTS}) k ON k.account_id = l.account_id
     ) l WHERE l.balance_after <> l.before + l.amount`,
    `SELECT 'ledger row ' || l.id || ' is of the unknown account ' || l.account_id AS detail FROM ledger l
     WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = l.account_id)`,
  ),
  queried(
    'versions',
    'The versions of an account have no gaps, in the order of its ledger rows.',
    `SELECT l.account_id || ' has version ' || l.version || ' after ' || l.before AS detail
     FROM (
       SELECT l.account_id, l.version,
         COALESCE(LAG(l.version) OVER (PARTITION BY l.account_id ORDER BY l.id), k.version, 0) AS before
       FROM (${LIVE_LEDGER}) l LEFT JOIN (${CHECKPOINTS}) k ON k.account_id = l.account_id
     ) l WHERE l.version <> l.before + 1`,
  ),
  queried(
    'no_overdraft',
    "No player's balance and no sum of open stakes was ever below zero.",
    `SELECT id || ' has ' || balance AS detail FROM accounts 
     WHERE kind IN ('player', 'open') AND balance < 0`,
    `SELECT l.account_id || ' was left ' || l.balance_after AS detail
     FROM ledger l JOIN accounts a ON a.id = l.account_id
     WHERE a.kind IN ('player', 'open') AND l.balance_after < 0`,
  ),
  queried(
    'open_stakes',
    'The open account of a currency holds the stakes of its open bets.',
    `SELECT a.id || ' has ' || a.balance || ', open bets hold ' || COALESCE(s.stake, 0) AS detail
     FROM accounts a LEFT JOIN (
       SELECT currency, SUM(stake) AS stake FROM bets WHERE status IN ('placed', 'locked') GROUP BY currency
     ) s ON s.currency = a.currency
     WHERE a.kind = 'open' AND a.balance <> COALESCE(s.stake, 0)`,
  ),
];
