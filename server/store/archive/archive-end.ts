import type { Database } from 'bun:sqlite';
import type { ArchiveEnd, SealedSegment } from '../../ports/archive.ts';
import { allRows, firstRow } from '../database.ts';
import { GENESIS_HASH } from '../proof/hash.ts';
import { selected } from '../row-statements.ts';
import { SEGMENTS } from '../rows/segment.ts';

const SEGMENT = `SELECT ${selected(SEGMENTS)} FROM archive_segments`;

const NOTHING: ArchiveEnd = {
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

export const readNewest = (db: Database): SealedSegment | null =>
  firstRow(db, `${SEGMENT} ORDER BY number DESC LIMIT 1`);

/** The newest segment, or where everything began. */
export const readArchiveEnd = (db: Database): ArchiveEnd & { readonly endedAt: number } =>
  readNewest(db) ?? { ...NOTHING, endedAt: 0 };

export const readSegments = (db: Database): SealedSegment[] => allRows(db, `${SEGMENT} ORDER BY number`);
