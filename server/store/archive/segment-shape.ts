import { isBehind } from '../rows/table.ts';
import { CURRENCIES } from '../../game/money.ts';
import { isDeed } from '../../game/operator.ts';
import { RULE_VERSIONS } from '../../game/path.ts';
import { LEDGER_KINDS } from '../rows/entry.ts';
import {
  PARTS,
  SEGMENT_TABLES,
  type PartRow,
  type SegmentRows,
  type SegmentTable,
} from '../rows/segment-parts.ts';
import type { Field, Kind, Row, Value } from '../rows/table.ts';

const OF_KIND: Readonly<Record<Kind, (value: Value | undefined) => boolean>> = {
  text: (value) => typeof value === 'string',
  integer: Number.isSafeInteger,
  real: (value) => typeof value === 'number',
};
const fits = ({ kind, nullable }: Field, value: Value | undefined): boolean =>
  (nullable && value === null) || OF_KIND[kind](value);

const ROLES = new Set<unknown>(['player', 'house', 'open', 'funding']);
const RULES = new Set<unknown>(RULE_VERSIONS);
const KNOWN_CURRENCIES = new Set<unknown>(CURRENCIES);
const OPEN = new Set<unknown>(['placed', 'locked']);
const STATUSES = new Set<unknown>(['placed', 'locked', 'lost', 'won', 'void']);
const OF_BETS = new Set<unknown>(['stake', 'loss', 'payout', 'refund']);
const KINDS = new Set<unknown>([...LEDGER_KINDS, 'counter']);
const isBit = (value: number): boolean => value === 0 || value === 1;

/** The conditions of the schema on a single row. Those on several rows are the invariants'. */
const HOLDS: { readonly [Part in SegmentTable]?: (row: PartRow<Part>) => boolean } = {
  accounts: (row) => ROLES.has(row.kind) && KNOWN_CURRENCIES.has(row.currency) && row.version >= 0,
  actions: (row) => isDeed(row.what) && row.approvedBy !== row.operator,
  bets: (row) =>
    KNOWN_CURRENCIES.has(row.currency) &&
    isBit(row.simulated) &&
    RULES.has(row.rule) &&
    isBit(row.filled) &&
    row.stake > 0 &&
    row.payout >= 0 &&
    STATUSES.has(row.status) &&
    (row.locked !== null || row.status === 'placed' || row.status === 'void') &&
    OPEN.has(row.status) === (row.closingEntry === null) &&
    (row.status === 'void') === (row.voidReason !== null),
  ledger: (row) => KINDS.has(row.kind) && OF_BETS.has(row.kind) === (row.betId !== null),
  revisions: (row) => row.model > 1 || (row.scaleBp === 0 && row.drift === 0 && row.learned === 0),
  ticks: (row) => row.price > 0,
};

/**
 * What could not stand in the tables: other columns or types, values that the schema refuses, rows that do
 * not follow each other by their primary key.
 */
export function* shapeFaults(rows: SegmentRows): Generator<string> {
  for (const table of SEGMENT_TABLES)
    yield* partFaults(table, rows[table], HOLDS[table] as Holds | undefined);
}

type Holds = (row: Row) => boolean;

function* partFaults(part: SegmentTable, rows: readonly Row[], holds: Holds | undefined): Generator<string> {
  const { fields, key } = PARTS[part];
  const number = key[0]!.field;
  let before: Row | null = null;
  for (const row of rows) {
    const place = `row ${row[number]} of ${part}`;
    const wrong = fields.find((field) => !fits(field, row[field.field]));
    if (wrong !== undefined) yield `${place} has ${JSON.stringify(row[wrong.field])} as its ${wrong.name}`;
    else if (Object.keys(row).length !== fields.length) yield `${place} has more columns than the table`;
    else if (holds !== undefined && !holds(row)) yield `${place} is not one that the table takes`;
    if (before !== null && !isBehind(row, before, number))
      yield `${place} does not follow row ${before[number]}`;
    before = row;
  }
}
