import type { Database } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import type { ArchiveEnd, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { prepare, type Binding } from '../database.ts';
import { selected } from '../row-statements.ts';
import type { AccountRow, AccountEndRow } from '../rows/account.ts';
import { ACTIONS, type ActionRow } from '../rows/action.ts';
import { BATCHES, type BatchRow } from '../rows/batch.ts';
import { BETS, type BetRow } from '../rows/bet.ts';
import { LEDGER, type EntryRow } from '../rows/entry.ts';
import { INTENTS, type IntentRow } from '../rows/intent.ts';
import { REVISIONS, type RevisionRow } from '../rows/revision.ts';
import type { KeyRow } from '../rows/session.ts';
import { SHADOW_BLOCKS, type ShadowRow } from '../rows/shadow.ts';
import { TICKS, type TickRow } from '../rows/tick.ts';

/** Rows of one question at most: names of variables are bounded. */
const NAMES_MAX = 500;

/**
 * All rows of a range out of the live books. @param before where the archive ends: the range begins right
 * behind it.
 */
export function readRows(db: Database, range: SegmentRange, before: ArchiveEnd): SegmentRows {
  // Each is prepared once, and gone when its rows are read: a run makes thousands of segments.
  const prepared: { finalize(): void }[] = [];
  const all = <Row>(sql: string, ...values: Binding[]): Row[] => {
    const statement = prepare<Row>(db, sql);
    prepared.push(statement);
    return statement.all(...values);
  };
  try {
    return rowsOf(all, range, before);
  } finally {
    for (const statement of prepared) statement.finalize();
  }
}

type All = <Row>(sql: string, ...values: Binding[]) => Row[];

function rowsOf(all: All, range: SegmentRange, before: ArchiveEnd): SegmentRows {
  const ledger = all<EntryRow>(
    `SELECT ${selected(LEDGER)} FROM ledger WHERE id > $1 AND id <= $2 ORDER BY id`,
    before.ledgerId,
    range.ledgerId,
  );
  const bets = betsOf(all, range, before);
  const intents = byId<IntentRow>(
    all,
    `SELECT ${selected(INTENTS)} FROM intents`,
    [...new Set(bets.map(({ intentId }) => intentId))].sort((a, b) => a - b),
  );
  return {
    keys: byId<KeyRow>(
      all,
      'SELECT id AS "sessionId", account_id AS "accountId", public_key AS "publicKey" FROM sessions',
      [...new Set(intents.map(({ sessionId }) => sessionId))].sort(),
    ),
    accounts: accountEndsOf(all, ledger),
    batches: all<BatchRow>(
      `SELECT ${selected(BATCHES)} FROM batches WHERE seq >= $1 AND seq <= $2 ORDER BY seq`,
      range.firstBatch,
      range.lastBatch,
    ),
    actions: all<ActionRow>(
      `SELECT ${selected(ACTIONS)} FROM operator_actions WHERE batch >= $1 AND batch <= $2 ORDER BY seq`,
      range.firstBatch,
      range.lastBatch,
    ),
    intents,
    bets,
    ledger,
    revisions: all<RevisionRow>(
      `SELECT ${selected(REVISIONS)} FROM revisions WHERE revision > $1 AND revision <= $2 ORDER BY revision`,
      before.revision,
      range.revision,
    ),
    shadow: all<ShadowRow>(
      `SELECT ${selected(SHADOW_BLOCKS)} FROM shadow_blocks WHERE batch >= $1 AND batch <= $2 ORDER BY block`,
      range.firstBatch,
      range.lastBatch,
    ),
    ticks: all<TickRow>(
      `SELECT ${selected(TICKS)} FROM ticks WHERE seq > $1 AND seq <= $2 ORDER BY seq`,
      before.tickSeq,
      range.tickSeq,
    ),
  };
}

/** Bets from before the range that were locked or closed in it, then those that it placed. */
const betsOf = (all: All, range: SegmentRange, before: ArchiveEnd): BetRow[] => [
  ...all<BetRow>(
    `SELECT ${selected(BETS)} FROM bets WHERE seq <= $1
    AND (locked_batch BETWEEN $2 AND $3 OR closing_entry BETWEEN $4 AND $5) ORDER BY seq`,
    before.betSeq,
    range.firstBatch,
    range.lastBatch,
    before.ledgerId + 1,
    range.ledgerId,
  ),
  ...all<BetRow>(
    `SELECT ${selected(BETS)} FROM bets WHERE seq > $1 AND seq <= $2 ORDER BY seq`,
    before.betSeq,
    range.betSeq,
  ),
];

/** Each account as its last row leaves it. */
function accountEndsOf(all: All, ledger: readonly EntryRow[]): AccountEndRow[] {
  const last = new Map(ledger.map((row) => [row.accountId, row]));
  return byId<Pick<AccountRow, 'id' | 'kind' | 'currency'>>(
    all,
    'SELECT id, kind, currency FROM accounts',
    [...last.keys()].sort(),
  ).map((account) => {
    const {
      balanceAfter: balance,
      version,
      id: ledgerId,
    } = present(last.get(account.id), 'ledger row of the account');
    return { ...account, balance, version, ledgerId };
  });
}

/** Rows of a table by their ids, in the order of these. */
function byId<Row>(all: All, select: string, ids: readonly (string | number)[]): Row[] {
  const rows: Row[] = [];
  for (let from = 0; from < ids.length; from += NAMES_MAX) {
    const some = ids.slice(from, from + NAMES_MAX);
    rows.push(
      ...all<Row>(
        `${select} WHERE id IN (${some.map((_, index) => `$${index + 1}`).join(', ')}) ORDER BY id`,
        ...some,
      ),
    );
  }
  return rows;
}
