import { isRecord, isWhole } from '../../game/outside-value.ts';
import {
  ARCHIVE_ROWS_MAX,
  DELETED_TABLES,
  type ArchivedStake,
  type ArchiveOperation,
  type SealedSegment,
} from '../../ports/archive.ts';
import { SEGMENTS } from '../../store/rows/segment.ts';

const NUMBERS = SEGMENTS.fields.filter(({ kind }) => kind === 'integer').map(({ field }) => field);
const HASHES = ['chainIn', 'chainOut', 'tickChainIn', 'tickChainOut', 'manifestSha256'] as const;
const TEXT_LENGTH_MAX = 1_000;

/**
 * Reads an operation that came from another process. @returns null when it is not exactly one: what the
 * writer gets must fit its tables.
 */
export function readArchiveOperation(value: unknown): ArchiveOperation | null {
  if (!isRecord(value)) return null;
  const { kind, number, entries, stakes, seal, at, table, after, rowsMax, ordersBefore } = value;
  const { pagesMax, pagesKept } = value;
  if (kind === 'archive-shrink')
    return isCount(pagesMax) && isCount(pagesKept) ? { kind, pagesMax, pagesKept } : null;
  if (kind === 'archive-delete') {
    const known = DELETED_TABLES.find((name) => name === table);
    return known !== undefined && isWhole(after) && isWhole(rowsMax) && isWhole(ordersBefore)
      ? { kind, table: known, after, rowsMax, ordersBefore }
      : null;
  }
  if (
    kind !== 'archive-checkpoint' ||
    !isCount(number) ||
    !isCount(at) ||
    !isList(entries) ||
    !entries.every(isCount) ||
    !isList(stakes) ||
    !stakes.every(isStake)
  )
    return null;
  const read = seal === null ? null : readSeal(seal);
  return read === undefined ? null : { kind, number, at, entries, stakes, seal: read };
}

function readSeal(value: unknown): SealedSegment | undefined {
  if (!isRecord(value)) return undefined;
  const whole =
    NUMBERS.every((name) => isCount(value[name])) &&
    HASHES.every((name) => /^[0-9a-f]{64}$/.test(String(value[name])));
  const { week, objectKey, place } = value;
  if (
    !whole ||
    !isText(objectKey) ||
    !isText(place) ||
    !/^\d{4}-W\d\d$/.test(String(week)) ||
    Number(value['lastBatch']) < Number(value['firstBatch'])
  )
    return undefined;
  return Object.fromEntries(
    SEGMENTS.fields.map(({ field }) => [field, value[field]]),
  ) as unknown as SealedSegment;
}

const isList = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length <= ARCHIVE_ROWS_MAX;
const isCount = (value: unknown): value is number => isWhole(value) && value >= 0;
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= TEXT_LENGTH_MAX;
const isStake = (value: unknown): value is ArchivedStake =>
  Array.isArray(value) && value.length === 3 && isText(value[0]) && isCount(value[1]) && isCount(value[2]);
