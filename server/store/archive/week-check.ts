import type { Database } from 'bun:sqlite';
import type { SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { ACCOUNT_KINDS } from '../checks/accounts.ts';
import { constraintFaults } from '../checks/constraints.ts';
import { prepare, one } from '../database.ts';
import { schemaFaults, tableNames } from '../checks/file-faults.ts';
import { otherThan } from '../row-statements.ts';
import { ACCOUNTS, UNUSED } from '../rows/account.ts';
import { KEY_ONLY, SESSIONS } from '../rows/session.ts';
import { readSegments } from './archive-end.ts';

const FAULTS_MAX = 20;
/** Tables that say how the file itself was made. */
const OF_THE_FILE = ['migrations', 'archive_segments'];

/** What accounts have in a week besides their name and balance. */
const { balance: _, version: __, ...WITHOUT_TRADER } = UNUSED;

/** What stands in a week beside the rows of its segments; each gives rows of `detail`. */
const BESIDE_SEGMENTS: readonly string[] = [
  ...ACCOUNT_KINDS.map((sql) => `SELECT place || ' ' || detail AS detail FROM (${sql})`),
  `SELECT 'account ' || a.id || ' has ' || a.balance || ' and version ' || a.version
     || ', its ledger another' AS detail FROM accounts a LEFT JOIN ledger l ON l.account_id = a.id
   AND l.version = (SELECT MAX(m.version) FROM ledger m WHERE m.account_id = a.id)
   WHERE a.balance <> COALESCE(l.balance_after, 0) OR a.version <> COALESCE(l.version, 0)`,
  `SELECT 'account ' || id || ' has more than its kind and balance' AS detail FROM accounts
   WHERE ${otherThan(ACCOUNTS, WITHOUT_TRADER)}`,
  `SELECT 'session ' || id || ' has more than its account and key' AS detail FROM sessions
   WHERE token_hash <> id OR ${otherThan(SESSIONS, KEY_ONLY)}`,
];

/** Holds what the file says of a segment, its keys and its accounts against the segment. */
export function segmentFaults(
  db: Database,
  segment: SegmentRange,
  { keys, accounts, bets }: SegmentRows,
): string[] {
  const noted = readSegments(db).find(({ number }) => number === segment.number);
  const expected = {
    ...segment,
    bets: bets.length,
    bytes: 0,
    objectKey: '',
    manifestSha256: '',
    place: '',
    sealedAt: 0,
  };
  const range =
    noted === undefined
      ? ['is not noted']
      : Object.entries(noted)
          .filter(([name, value]) => expected[name as keyof typeof expected] !== value)
          .map(([name]) => `is noted with another ${name}`);
  const session = prepare<{ account: string; key: string }>(
    db,
    'SELECT account_id AS account, public_key AS key FROM sessions WHERE id = $1',
  );
  const account = prepare<{ kind: string; currency: string }>(
    db,
    'SELECT kind, currency FROM accounts WHERE id = $1',
  );
  return [
    ...range.map((fault) => `segment ${segment.number} ${fault}`),
    ...keys.flatMap((key) => {
      const row = session.get(key.sessionId);
      return row?.account === key.accountId && row?.key === key.publicKey
        ? []
        : [`the key of session ${key.sessionId} is missing or different`];
    }),
    ...accounts.flatMap(({ id, kind, currency }) => {
      const row = account.get(id);
      return row?.kind === kind && row?.currency === currency
        ? []
        : [`account ${id} is missing or different`];
    }),
  ].slice(0, FAULTS_MAX);
}

/**
 * @param lacking indexes that a week does without. @param expected number of rows by table, of tables that
 * have any.
 */
export function fileFaults(
  db: Database,
  lacking: readonly string[],
  expected: ReadonlyMap<string, number>,
): string[] {
  const missing = new Set(lacking.map((name) => `index ${name} is missing`));
  const tables = tableNames(db);
  return [
    ...schemaFaults(db).filter((fault) => !missing.has(fault)),
    ...tables.flatMap((table) =>
      constraintFaults(db, table, FAULTS_MAX).map(({ place, detail }) => `${place} ${detail}`),
    ),
    ...BESIDE_SEGMENTS.flatMap((sql) =>
      prepare<{ detail: string }>(db, `${sql} LIMIT ${FAULTS_MAX}`)
        .all()
        .map(({ detail }) => detail),
    ),
    ...tables
      .filter((table) => !OF_THE_FILE.includes(table))
      .flatMap((table) => {
        const { rows } = one<{ rows: number }>(db, `SELECT COUNT(*) AS rows FROM ${table}`);
        return rows === (expected.get(table) ?? 0)
          ? []
          : [`${table} has ${rows} rows, its segments have ${expected.get(table) ?? 0}`];
      }),
  ].slice(0, FAULTS_MAX);
}
