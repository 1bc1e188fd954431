import { RULE_VERSIONS } from '../../game/path.ts';
import {
  SEGMENT_TABLES,
  type Row,
  type SegmentRows,
  type SegmentTable,
  type Value,
} from '../../ports/archive.ts';

type Kind = 'integer' | 'real' | 'text' | 'integer?' | 'real?' | 'text?';

/** Columns of each table as the migrations make them; a question mark may be null. */
export const SHAPES = {
  keys: { session_id: 'text', account_id: 'text', public_key: 'text' },
  accounts: {
    id: 'text',
    kind: 'text',
    currency: 'text',
    balance: 'integer',
    version: 'integer',
    ledger_id: 'integer',
  },
  batches: { seq: 'integer', at: 'integer', previous_hash: 'text', hash: 'text', tick_hash: 'text' },
  actions: {
    seq: 'integer',
    id: 'text',
    batch: 'integer',
    at: 'integer',
    operator: 'text',
    approved_by: 'text?',
    what: 'text',
    target: 'text',
    detail: 'text',
    reason: 'text',
    state_before: 'text',
    state_after: 'text',
  },
  intents: {
    id: 'integer',
    account_id: 'text',
    session_id: 'text',
    nonce: 'text',
    at: 'integer',
    signed_text: 'text',
    signature: 'text',
    outcomes: 'text?',
  },
  bets: {
    seq: 'integer',
    id: 'text',
    intent_id: 'integer',
    idx: 'integer',
    batch: 'integer',
    account_id: 'text',
    currency: 'text',
    simulated: 'integer',
    cell: 'text',
    start_ms: 'integer',
    window_ms: 'integer',
    low: 'integer',
    high: 'integer',
    stake: 'integer',
    shown: 'integer',
    shown_revision: 'integer',
    guard_percent: 'integer',
    multiplier_max: 'integer',
    placed_at: 'integer',
    lock_at: 'integer',
    filled: 'integer',
    locked: 'integer?',
    locked_revision: 'integer?',
    locked_batch: 'integer?',
    status: 'text',
    payout: 'integer',
    closed_at: 'integer?',
    closed_tick: 'integer?',
    void_reason: 'text?',
    stake_entry: 'integer',
    closing_entry: 'integer?',
    rule: 'integer',
  },
  ledger: {
    id: 'integer',
    batch: 'integer',
    account_id: 'text',
    at: 'integer',
    kind: 'text',
    amount: 'integer',
    balance_after: 'integer',
    version: 'integer',
    bet_id: 'text?',
  },
  revisions: {
    revision: 'integer',
    at: 'integer',
    tick_seq: 'integer',
    batch: 'integer',
    model: 'integer',
    spot: 'integer',
    v10: 'real',
    vf: 'real',
    cw: 'real',
    edge: 'real',
    margin: 'real',
    haircut: 'real',
    cap_hundredths: 'integer',
    tick_ms: 'integer',
    quoted_columns: 'text',
    pause: 'text?',
  },
  ticks: {
    seq: 'integer',
    at: 'integer',
    price: 'integer',
    sources: 'text',
    batch: 'integer',
    hash: 'text?',
  },
} as const satisfies Readonly<Record<SegmentTable, Readonly<Record<string, Kind>>>>;

const text = (value: Value | undefined): boolean => typeof value === 'string';
const integer = (value: Value | undefined): boolean => Number.isSafeInteger(value);
const real = (value: Value | undefined): boolean => typeof value === 'number';
const orNull =
  (fits: (value: Value | undefined) => boolean) =>
  (value: Value | undefined): boolean =>
    value === null || fits(value);
const FITS: Readonly<Record<Kind, (value: Value | undefined) => boolean>> = {
  text,
  integer,
  real,
  'text?': orNull(text),
  'integer?': orNull(integer),
  'real?': orNull(real),
};

const ROLES = new Set<unknown>(['player', 'house', 'open', 'funding']);
const RULES = new Set<unknown>(RULE_VERSIONS);
const CURRENCIES = new Set<unknown>(['PLAY', 'USD']);
const OPEN = new Set<unknown>(['placed', 'locked']);
const STATUSES = new Set<unknown>(['placed', 'locked', 'lost', 'won', 'void']);
const OF_BETS = new Set<unknown>(['stake', 'loss', 'payout', 'refund']);
const KINDS = new Set<unknown>([...OF_BETS, 'counter', 'grant', 'deposit', 'withdrawal', 'adjustment']);
const ACTIONS = new Set<unknown>([
  'halt',
  'resume',
  'transfer',
  'revoke-sessions',
  'void-window',
  'publish-terms',
]);
const bit = (value: Value): boolean => value === 0 || value === 1;

/** The conditions of the schema on a single row. Those on several rows are the invariants'. */
const HOLDS: Readonly<Partial<Record<SegmentTable, (row: Record<string, any>) => boolean>>> = {
  accounts: (row) => ROLES.has(row['kind']) && CURRENCIES.has(row['currency']) && row['version'] >= 0,
  actions: (row) => ACTIONS.has(row['what']) && row['approved_by'] !== row['operator'],
  bets: (row) =>
    CURRENCIES.has(row['currency']) &&
    bit(row['simulated']) &&
    RULES.has(row['rule']) &&
    bit(row['filled']) &&
    row['stake'] > 0 &&
    row['payout'] >= 0 &&
    STATUSES.has(row['status']) &&
    (row['locked'] !== null || row['status'] === 'placed' || row['status'] === 'void') &&
    OPEN.has(row['status']) === (row['closing_entry'] === null) &&
    (row['status'] === 'void') === (row['void_reason'] !== null),
  ledger: (row) => KINDS.has(row['kind']) && OF_BETS.has(row['kind']) === (row['bet_id'] !== null),
  ticks: (row) => row['price'] > 0,
};

/**
 * What could not stand in the tables: other columns or types, values that the schema refuses, rows that do
 * not follow each other by their primary key.
 */
export function* shapeFaults(rows: SegmentRows): Generator<string> {
  for (const table of SEGMENT_TABLES) {
    const columns = Object.entries<Kind>(SHAPES[table]).map(([column, kind]) => ({
      column,
      fits: FITS[kind],
    }));
    const key = columns[0]!.column;
    const holds = HOLDS[table];
    let before: Row | null = null;
    for (const row of rows[table]) {
      const wrong = columns.find(({ column, fits }) => !fits(row[column]));
      if (wrong !== undefined)
        yield `row ${row[key]} of ${table} has ${JSON.stringify(row[wrong.column])} as its ${wrong.column}`;
      else if (Object.keys(row).length !== columns.length)
        yield `row ${row[key]} of ${table} has more columns than the table`;
      else if (holds !== undefined && !holds(row))
        yield `row ${row[key]} of ${table} is not one that the table takes`;
      if (before !== null && !(row[key]! > before[key]!))
        yield `row ${row[key]} of ${table} does not follow row ${before[key]}`;
      before = row;
    }
  }
}
