import { archived } from './invariant.ts';

/**
 * The newest checkpoint of each account, once no run of the archiver is under way: then they stand where the
 * archive ends. A restore brings older ones back that had gone meanwhile.
 */
const CHECKPOINTS = `SELECT c.* FROM ledger_checkpoints c
  WHERE c.ledger_id = (SELECT MAX(n.ledger_id) FROM ledger_checkpoints n WHERE n.account_id = c.account_id)
  AND NOT EXISTS (SELECT 1 FROM ledger_checkpoints d WHERE d.ledger_id > ${archived('ledger_id')})`;

/** Each gives rows of `place` and `detail`. */
export const CHECKPOINT_CHECKS: readonly string[] = [
  `SELECT a.currency AS place, 'has checkpoints that add up to ' || SUM(c.balance) AS detail
   FROM (${CHECKPOINTS}) c JOIN accounts a ON a.id = c.account_id
   GROUP BY a.currency HAVING SUM(c.balance) <> 0`,
  `SELECT 'account ' || c.account_id AS place,
     'has a checkpoint at ledger row ' || c.ledger_id || ', which is another' AS detail
   FROM ledger_checkpoints c LEFT JOIN ledger l ON l.id = c.ledger_id
   WHERE CASE WHEN l.id IS NULL THEN c.ledger_id > ${archived('ledger_id')}
     ELSE l.account_id <> c.account_id OR l.version <> c.version OR l.balance_after <> c.balance END`,
  `SELECT 'account ' || c.account_id AS place,
     'goes on with version ' || l.version || ' in ledger row ' || l.id
     || ', its checkpoint is at row ' || c.ledger_id || ' and version ' || c.version AS detail
   FROM ledger_checkpoints c JOIN ledger l ON l.account_id = c.account_id
   WHERE (l.id > c.ledger_id) <> (l.version > c.version)`,
];

/** Each segment follows the one before, and the books follow the last. */
export const ARCHIVE_CHECKS: readonly string[] = [
  `SELECT 'segment ' || s.number AS place, 'does not follow segment ' || (s.number - 1) AS detail
   FROM archive_segments s LEFT JOIN archive_segments p ON p.number = s.number - 1
   WHERE CASE WHEN p.number IS NULL
     THEN s.number <> 1 OR s.first_batch <> 1 OR s.chain_in <> hex(zeroblob(32))
       OR s.tick_chain_in <> hex(zeroblob(32))
     ELSE s.first_batch <> p.last_batch + 1 OR s.chain_in <> p.chain_out
       OR s.tick_chain_in <> p.tick_chain_out OR s.ledger_id < p.ledger_id OR s.bet_seq < p.bet_seq
       OR s.intent_id < p.intent_id OR s.tick_seq < p.tick_seq OR s.revision < p.revision END`,
  `SELECT 'segment ' || s.number AS place,
     'ends with other hashes or at another time than commit ' || s.last_batch AS detail
   FROM archive_segments s LEFT JOIN batches b ON b.seq = s.last_batch
   WHERE s.number = ${archived('number')} AND (b.seq IS NULL OR b.hash <> s.chain_out
     OR b.tick_hash <> s.tick_chain_out OR b.at <> s.ended_at)`,
  `SELECT 'stake of ' || t.session_id AS place,
     'is of segment ' || t.segment || ', which is not there' AS detail
   FROM archived_stakes t WHERE t.segment > ${archived('number')} + 1`,
  `SELECT 'stake of ' || t.session_id AS place, 'is of a session that is not there' AS detail
   FROM archived_stakes t WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = t.session_id)`,
];
