import type { Database } from 'bun:sqlite';
import { prepare } from './database.ts';
import { selected } from './row-statements.ts';
import { REVISIONS, type RevisionRow } from './rows/revision.ts';
import { SHADOW_BLOCKS, type ReturnsRow, type ShadowRow } from './rows/shadow.ts';
import { TICKS, type TickRow } from './rows/tick.ts';
import { OWN_HOLDS, type OwnHoldRow } from './restricted.ts';
import { TERMS, type TermsRow } from './terms.ts';

interface Head {
  readonly batch: number;
  readonly hash: string;
  readonly at: number;
}

const HEAD = 'SELECT seq AS batch, hash, at FROM batches';
const REVISION = `SELECT ${selected(REVISIONS)} FROM revisions`;
const SHADOW = `SELECT ${selected(SHADOW_BLOCKS)} FROM shadow_blocks`;
const TICK = `SELECT ${selected(TICKS)} FROM ticks`;

/** Every question about ticks, revisions and commits, prepared once. */
export const logStatements = (db: Database) => ({
  revision: prepare<RevisionRow>(db, `${REVISION} WHERE revision = $1`),
  revisionFrom: prepare<RevisionRow>(db, `${REVISION} WHERE at >= $1 ORDER BY at, revision LIMIT 1`),
  lastRevision: prepare<RevisionRow>(db, `${REVISION} ORDER BY revision DESC LIMIT 1`),
  lastShadow: prepare<ShadowRow>(db, `${SHADOW} ORDER BY block DESC LIMIT 1`),
  shadowReturns: prepare<ReturnsRow>(
    db,
    `SELECT block, simulated, window_ms AS "windowMs", windows, evidence, offers FROM shadow_blocks
    WHERE block > $1 ORDER BY block`,
  ),
  shadowAfter: prepare<ShadowRow>(db, `${SHADOW} WHERE block > $1 ORDER BY block LIMIT $2`),
  ticks: prepare<TickRow>(db, `${TICK} WHERE at >= $1 AND at < $2 ORDER BY at, seq LIMIT $3`),
  ticksBySeq: prepare<TickRow>(db, `${TICK} WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT $3`),
  rangeOf: prepare<{ lowest: number | null; highest: number | null }>(
    db,
    'SELECT MIN(price) AS lowest, MAX(price) AS highest FROM ticks WHERE at >= $1 AND at < $2',
  ),
  tickBefore: prepare<{ seq: number }>(
    db,
    'SELECT seq FROM ticks WHERE at < $1 ORDER BY at DESC, seq DESC LIMIT 1',
  ),
  tickFrom: prepare<{ seq: number }>(db, 'SELECT seq FROM ticks WHERE at >= $1 ORDER BY at, seq LIMIT 1'),
  firstTick: prepare<{ seq: number; at: number }>(db, 'SELECT seq, at FROM ticks ORDER BY seq LIMIT 1'),
  firstRevision: prepare<{ revision: number; at: number }>(
    db,
    'SELECT revision, at FROM revisions ORDER BY revision LIMIT 1',
  ),
  lastTick: prepare<TickRow>(db, `${TICK} ORDER BY seq DESC LIMIT 1`),
  head: prepare<Head>(db, `${HEAD} ORDER BY seq DESC LIMIT 1`),
  commit: prepare<Head>(db, `${HEAD} WHERE seq = $1`),
  commitOfTick: prepare<{ batch: number }>(db, 'SELECT batch FROM ticks WHERE seq = $1'),
  commitOfRevision: prepare<{ batch: number }>(db, 'SELECT batch FROM revisions WHERE revision = $1'),
  tickHead: prepare<{ seq: number; hash: string; at: number }>(
    db,
    'SELECT seq, hash, at FROM ticks WHERE hash IS NOT NULL ORDER BY seq DESC LIMIT 1',
  ),
  segments: prepare<{ number: number }>(db, 'SELECT number FROM archive_segments ORDER BY number'),
  terms: prepare<TermsRow>(db, TERMS),
  ownHolds: prepare<OwnHoldRow>(db, OWN_HOLDS),
});
