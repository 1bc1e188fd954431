import { present } from '../../server/game/present.ts';
import type { Bet } from '../../server/game/bet.ts';
import { cellId } from '../../server/game/grid.ts';
import { lockOf } from '../../server/game/lock.ts';
import { micros, payoutOf } from '../../server/game/money.ts';
import { resolve, type Resolution } from '../../server/game/resolution.ts';
import type { VoidReason } from '../../server/game/rejection.ts';
import { lockedQuote, shownQuote, type GridRevision } from '../../server/game/revision.ts';
import type { ChainedTick } from '../../server/ports/books.ts';
import { betIdOf, type BetLog } from './house.ts';
import { seatOf } from './replay.ts';
import { Returns } from './returns.ts';

/** A bet whose record differs from what its revisions and ticks say. */
export interface Mismatch {
  readonly betId: string;
  readonly what: string;
}

/** Bets of one trader by how they stand. Money in micro-dollars, without refunded stakes. */
export interface Outcomes {
  bets: number;
  won: number;
  lost: number;
  open: number;
  readonly voids: Partial<Record<VoidReason, number>>;
  staked: number;
  paid: number;
  readonly returns: Returns;
}

export interface Audit {
  readonly checked: number;
  readonly mismatches: number;
  /** The first ones. */
  readonly examples: readonly Mismatch[];
  readonly outcomes: readonly Outcomes[];
}

export interface AuditRules {
  readonly holdMs: number;
  readonly maxGapMs: number;
  /** Up to when the tick log is complete. */
  readonly until: number;
}

const EXAMPLES_MAX = 20;
/** Between two looks at the event loop. */
const SLICE = 2_000;

/**
 * Reads every bet from the books, locks it again from the stored revision and resolves it again from the
 * stored ticks by the rules' pure functions, and counts what it returned.
 * @param issued bets are numbered from 1 to this; an id without a bet was a refused tap.
 */
export async function auditBets(
  log: BetLog,
  issued: number,
  traders: number,
  rules: AuditRules,
  onProgress: (done: number) => void = () => {},
): Promise<Audit> {
  const outcomes = Array.from(
    { length: traders },
    (): Outcomes => ({
      bets: 0,
      won: 0,
      lost: 0,
      open: 0,
      voids: {},
      staked: 0,
      paid: 0,
      returns: new Returns(),
    }),
  );
  const examples: Mismatch[] = [];
  const record = new BetRecord(log, rules);
  let [checked, mismatches] = [0, 0];
  for (let number = 1; number <= issued; number++) {
    if (number % SLICE === 0) {
      onProgress(number / issued);
      await new Promise((next) => setImmediate(next));
    }
    const bet = log.bet(betIdOf(number));
    if (bet === null) continue;
    checked++;
    const faults = [...record.faultsOfLock(bet), ...record.faultsOfOutcome(bet)];
    if (faults.length > 0 && ++mismatches <= EXAMPLES_MAX)
      examples.push({ betId: bet.id, what: faults.join('; ') });
    count(present(outcomes[seatOf(bet.accountId)], 'trader'), bet, record.probabilityOf(bet));
  }
  return { checked, mismatches, examples, outcomes };
}

function count(outcome: Outcomes, bet: Bet, probability: number): void {
  outcome.bets++;
  const { voidReason, locked } = bet;
  if (voidReason !== null) outcome.voids[voidReason] = (outcome.voids[voidReason] ?? 0) + 1;
  else if (locked === null || bet.status === 'locked') outcome.open++;
  else if (bet.status === 'won' || bet.status === 'lost') {
    outcome[bet.status]++;
    outcome.staked += bet.stake;
    outcome.paid += bet.payout;
    outcome.returns.add(bet.placedAt, locked, bet.payout / bet.stake, (locked / 100) * probability);
  }
}

/**
 * Stored revisions and ticks, remembered while neighbouring bets ask for the same. Bets come in the order of
 * their placing.
 */
class BetRecord {
  #lastFrom: { readonly at: number; readonly revision: GridRevision | null } = {
    at: Infinity,
    revision: null,
  };
  readonly #revisions = new Map<number, GridRevision | null>();
  readonly #columns = new Map<
    number,
    { readonly ticks: readonly ChainedTick[]; readonly decided: Map<string, Resolution> }
  >();

  constructor(
    private readonly log: BetLog,
    private readonly rules: AuditRules,
  ) {}

  faultsOfLock(bet: Bet): string[] {
    if (this.rules.holdMs === 0) {
      const again = this.#shown(bet);
      return again === bet.shown && bet.locked === bet.shown && bet.lockedRevision === bet.shownRevision
        ? []
        : [`filled at ${bet.locked}, shown ${bet.shown}, computed ${again}`];
    }
    const faults = this.#shown(bet) === bet.shown ? [] : [`shown ${bet.shown}, computed ${this.#shown(bet)}`];
    if (bet.status === 'placed') return faults;
    const lock = lockOf(bet, this.#revisionFrom(bet.lockAt));
    const same =
      lock.outcome === 'void'
        ? bet.status === 'void' && bet.voidReason === lock.reason
        : bet.locked === lock.multiplier && bet.lockedRevision === lock.revision;
    return same
      ? faults
      : [
          ...faults,
          `locked at ${bet.locked} by revision ${bet.lockedRevision}, computed ${JSON.stringify(lock)}`,
        ];
  }

  faultsOfOutcome(bet: Bet): string[] {
    if (bet.status === 'placed' || (bet.status === 'void' && bet.voidReason !== 'gap'))
      return bet.payout === (bet.status === 'void' ? bet.stake : 0) ? [] : [`paid ${bet.payout}`];
    const resolution = this.#resolutionOf(bet);
    const status = resolution.outcome === 'open' ? 'locked' : resolution.outcome;
    const decided = 'tickSeq' in resolution ? resolution : null;
    const tick = decided?.tickSeq ?? null;
    const payout =
      status === 'won' && bet.locked !== null
        ? payoutOf(bet.stake, bet.locked)
        : status === 'void'
          ? bet.stake
          : micros(0);
    const faults: string[] = [];
    if (bet.status !== status) faults.push(`${bet.status}, computed ${status}`);
    if (bet.payout !== payout) faults.push(`paid ${bet.payout}, computed ${payout}`);
    if (bet.closedTick !== tick) faults.push(`decided by tick ${bet.closedTick}, computed ${tick}`);
    if (decided !== null && bet.closedAt !== decided.at)
      faults.push(`decided at ${bet.closedAt}, computed ${decided.at}`);
    return faults;
  }

  /** Probability of touch by the quote that the bet was filled at; 0 for one that never was. */
  probabilityOf(bet: Bet): number {
    if (bet.lockedRevision === null) return 0;
    const revision = this.#revision(bet.lockedRevision);
    return revision === null ? 0 : lockedQuote(revision, bet.cell).probability;
  }

  #shown(bet: Bet): number | null {
    const revision = this.#revision(bet.shownRevision);
    return revision === null ? null : shownQuote(revision, bet.cell).multiplier;
  }

  #revision(number: number): GridRevision | null {
    const known = this.#revisions.get(number);
    if (known !== undefined) return known;
    const revision = this.log.revision(number);
    this.#revisions.set(number, revision);
    forgetOldest(this.#revisions, 64);
    return revision;
  }

  /** The first revision at or after `at`: that of an earlier moment when it is not before this one. */
  #revisionFrom(at: number): GridRevision | null {
    const { at: asked, revision } = this.#lastFrom;
    if (asked <= at && revision !== null && revision.at >= at) return revision;
    this.#lastFrom = { at, revision: this.log.revisionFrom(at) };
    return this.#lastFrom.revision;
  }

  #resolutionOf({ cell, rule: version }: Bet): Resolution {
    let column = this.#columns.get(cell.startMs);
    if (column === undefined) {
      this.#columns.set(cell.startMs, (column = { ticks: this.log.ticksOf(cell), decided: new Map() }));
      forgetOldest(this.#columns, 64);
    }
    const id = `${version} ${cellId(cell)}`;
    let resolution = column.decided.get(id);
    if (resolution === undefined)
      column.decided.set(
        id,
        (resolution = resolve(
          cell,
          column.ticks,
          { version, maxGapMs: this.rules.maxGapMs },
          this.rules.until,
        )),
      );
    return resolution;
  }
}

function forgetOldest<Key, Value>(map: Map<Key, Value>, max: number): void {
  const [oldest] = map.keys();
  if (oldest !== undefined && map.size > max) map.delete(oldest);
}
