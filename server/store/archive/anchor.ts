import type { Database } from 'bun:sqlite';
import type { Anchor, SealedSegment } from '../../ports/archive.ts';
import { prepare } from '../database.ts';
import { GENESIS_HASH } from '../posting/chain.ts';

const COLUMNS = `number, week, first_batch AS "firstBatch", last_batch AS "lastBatch", began_at AS "beganAt", ended_at AS "endedAt", chain_in AS "chainIn", chain_out AS "chainOut",
  tick_chain_in AS "tickChainIn", tick_chain_out AS "tickChainOut", ledger_id AS "ledgerId", bet_seq AS "betSeq", intent_id AS "intentId", tick_seq AS "tickSeq", revision, bets, bytes,
  object_key AS "objectKey", manifest_sha256 AS "manifestSha256", place, sealed_at AS "sealedAt"`;

const NOTHING: Anchor = {
  number: 0,
  lastBatch: 0,
  chainOut: GENESIS_HASH,
  tickChainOut: GENESIS_HASH,
  ledgerId: 0,
  betSeq: 0,
  intentId: 0,
  tickSeq: 0,
  revision: 0,
};

export function readNewest(db: Database): SealedSegment | null {
  const statement = prepare<SealedSegment>(
    db,
    `SELECT ${COLUMNS} FROM archive_segments ORDER BY number DESC LIMIT 1`,
  );
  try {
    return statement.get();
  } finally {
    statement.finalize();
  }
}

/** The newest segment, or where everything began. */
export const readAnchor = (db: Database): Anchor & { readonly endedAt: number } =>
  readNewest(db) ?? { ...NOTHING, endedAt: 0 };

export const readSegments = (db: Database): SealedSegment[] =>
  prepare<SealedSegment>(db, `SELECT ${COLUMNS} FROM archive_segments ORDER BY number`).all();

export function insertSegment(db: Database): (segment: SealedSegment) => void {
  const insert = prepare(
    db,
    `INSERT INTO archive_segments (number, week, first_batch, last_batch, began_at, ended_at, chain_in, chain_out, tick_chain_in, tick_chain_out, ledger_id, bet_seq,
    intent_id, tick_seq, revision, bets, bytes, object_key, manifest_sha256, place, sealed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
  );
  return (s) =>
    void insert.run(
      s.number,
      s.week,
      s.firstBatch,
      s.lastBatch,
      s.beganAt,
      s.endedAt,
      s.chainIn,
      s.chainOut,
      s.tickChainIn,
      s.tickChainOut,
      s.ledgerId,
      s.betSeq,
      s.intentId,
      s.tickSeq,
      s.revision,
      s.bets,
      s.bytes,
      s.objectKey,
      s.manifestSha256,
      s.place,
      s.sealedAt,
    );
}
