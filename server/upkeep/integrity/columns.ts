import { present } from '../../game/present.ts';
import { parseCellId } from '../../game/grid.ts';
import { RULE_VERSIONS, type PathPoint, type RuleVersion } from '../../game/path.ts';
import { resolve, type Resolution } from '../../game/resolution.ts';
import type { BetRecord } from '../../ports/history.ts';
import type { Findings } from './findings.ts';
import type { Oracle } from './oracle.ts';

interface Closed {
  readonly row: BetRecord;
  /** Time of the commit that closed it: up to then the log was complete. */
  readonly at: number;
}

/** What the house had published when the bet was placed. */
export interface BetTerms {
  readonly maxGapMs: number;
  readonly betsPerCellMax: number;
}

interface Column {
  readonly startMs: number;
  readonly endMs: number;
  /** Bets placed and not closed yet. */
  open: number;
  readonly waiting: Closed[];
  /** By cell and account: bets that were not void, and how many their terms allow. */
  readonly taken: Map<string, { bets: number; most: number }>;
  readonly outcomes: Map<string, Resolution>;
  /** The ticks that decide it, once one at or after its end has come. */
  path: readonly PathPoint[] | null;
  decidedAt: number;
}

/**
 * A bet may be open this long after the tick that decides it while the server runs: settling after a start
 * takes some time.
 */
const OVERDUE_MS = 60_000;

/**
 * Decides closed bets again by the whole log of their window: each cell once, when a tick has come that ends
 * it.
 */
export class Columns {
  readonly #columns = new Map<string, Column>();
  #nextEndMs = Infinity;
  reresolved = 0;

  constructor(
    private readonly oracle: Oracle,
    private readonly findings: Findings,
    private readonly termsOf: (row: BetRecord) => BetTerms,
  ) {}

  place(row: BetRecord): void {
    const key = keyOf(row);
    let column = this.#columns.get(key);
    if (column === undefined) {
      const endMs = row.startMs + row.windowMs;
      column = {
        startMs: row.startMs,
        endMs,
        open: 0,
        waiting: [],
        taken: new Map(),
        outcomes: new Map(),
        path: null,
        decidedAt: 0,
      };
      this.#columns.set(key, column);
      this.#nextEndMs = Math.min(this.#nextEndMs, endMs);
    }
    column.open += 1;
  }

  close(row: BetRecord, at: number): void {
    const column = this.#columns.get(keyOf(row));
    if (column === undefined) return;
    column.open -= 1;
    if (row.status !== 'void') this.#occupy(column, row);
    if (row.status !== 'void' || row.voidReason === 'gap') {
      if (column.path === null) column.waiting.push({ row, at });
      else this.#judge(column, { row, at });
    }
    this.#forget(keyOf(row), column);
  }

  /** After the ticks of a batch: decides the columns that are over. */
  onTicks(): void {
    const now = this.oracle.last?.at ?? 0;
    if (now < this.#nextEndMs) return;
    this.#nextEndMs = Infinity;
    for (const [key, column] of this.#columns) {
      if (column.path !== null) continue;
      if (now < column.endMs) this.#nextEndMs = Math.min(this.#nextEndMs, column.endMs);
      else this.#decide(key, column);
    }
  }

  /** At the end of the log: what was closed without a tick after it. */
  settle(open: Iterable<BetRecord>): void {
    for (const row of open) this.#occupy(present(this.#columns.get(keyOf(row)), 'column'), row);
    for (const column of this.#columns.values()) {
      const path = this.oracle.path(column.startMs, column.endMs);
      for (const closed of column.waiting.splice(0)) this.#judgeBy(path, new Map(), closed);
    }
  }

  /** Open bets that a tick decided long ago. */
  overdue(headAt: number, open: readonly BetRecord[]): { readonly id: string; readonly since: number }[] {
    return open.flatMap((row) => {
      const column = this.#columns.get(keyOf(row));
      return column !== undefined && column.path !== null && headAt - column.decidedAt > OVERDUE_MS
        ? [{ id: row.id, since: column.decidedAt }]
        : [];
    });
  }

  #occupy(column: Column, row: BetRecord): void {
    const owner = `${row.cell} ${row.accountId}`;
    const before = column.taken.get(owner);
    // Terms may change while its bets are open.
    const most = Math.max(before?.most ?? 1, this.termsOf(row).betsPerCellMax);
    const bets = 1 + (before?.bets ?? 0);
    column.taken.set(owner, { bets, most });
    if (bets > most)
      this.findings.add(
        'bets_per_cell',
        `bet ${row.id}`,
        `is number ${bets} of ${row.accountId} on ${row.cell}, its terms allow ${most}`,
      );
  }

  #decide(key: string, column: Column): void {
    column.path = this.oracle.path(column.startMs, column.endMs);
    column.decidedAt = column.path.at(-1)?.at ?? 0;
    for (const closed of column.waiting.splice(0)) this.#judge(column, closed);
    this.#forget(key, column);
  }

  #judge(column: Column, closed: Closed): void {
    this.#judgeBy(column.path!, column.outcomes, closed);
  }

  #judgeBy(path: readonly PathPoint[], outcomes: Map<string, Resolution>, { row, at }: Closed): void {
    this.reresolved += 1;
    const cell = parseCellId(row.cell);
    const version = row.rule as RuleVersion;
    if (cell === null) return;
    if (!RULE_VERSIONS.includes(version))
      return this.findings.add(
        'reresolve',
        `bet ${row.id}`,
        `was taken under rule version ${row.rule}, which is none`,
      );
    const rule = { version, maxGapMs: this.termsOf(row).maxGapMs };
    const key = `${version} ${rule.maxGapMs} ${row.cell}`;
    let again = outcomes.get(key);
    if (again === undefined)
      outcomes.set(key, (again = resolve(cell, path, rule, Math.max(at, path.at(-1)?.at ?? 0))));
    const fault = faultOf(row, again);
    if (fault !== null) this.findings.add('reresolve', `bet ${row.id}`, fault);
  }

  #forget(key: string, column: Column): void {
    if (column.open <= 0 && column.path !== null) this.#columns.delete(key);
  }
}

const keyOf = (row: BetRecord): string => `${row.startMs}.${row.windowMs}`;

function faultOf({ status, closedTick, closedAt, voidReason }: BetRecord, again: Resolution): string | null {
  if (again.outcome !== status)
    return `is ${status}${voidReason === null ? '' : ` (${voidReason})`}, by the ticks ${again.outcome}`;
  if ('tickSeq' in again && again.tickSeq !== closedTick)
    return `names tick ${closedTick}, tick ${again.tickSeq} decides`;
  if (again.at !== closedAt) return `was closed as of ${closedAt}, by the ticks ${again.at}`;
  return null;
}
