import type { Bet } from '../../game/bet.ts';
import { parseCellId, type Cell } from '../../game/grid.ts';
import { lockOf, type Lock } from '../../game/lock.ts';
import type { Multiplier } from '../../game/money.ts';
import { shownQuote, type GridRevision } from '../../game/revision.ts';
import type { BetRecord } from '../../ports/history.ts';
import type { Findings } from './findings.ts';
import type { Oracle } from './oracle.ts';

/**
 * Quotes and locks computed again from the recorded revisions alone. Many bets share a cell and a revision:
 * each is computed once.
 */
export class Quotes {
  readonly #shown = new WeakMap<GridRevision, Map<string, Multiplier | null>>();
  relocked = 0;

  constructor(
    private readonly oracle: Oracle,
    private readonly findings: Findings,
  ) {}

  checkShown(row: BetRecord): void {
    const place = `bet ${row.id}`;
    const cell = parseCellId(row.cell);
    if (
      cell === null ||
      cell.startMs !== row.startMs ||
      cell.windowMs !== row.windowMs ||
      cell.low !== row.low ||
      cell.high !== row.high
    ) {
      return this.findings.add(
        'requote',
        place,
        `is on ${row.cell} with the window ${row.startMs}+${row.windowMs} and the band ${row.low} to ` +
          `${row.high}`,
      );
    }
    const revision = this.oracle.revision(row.shownRevision);
    if (revision === null)
      return this.findings.add(
        'requote',
        place,
        `was shown ${row.shown} by revision ${row.shownRevision}, which is not there`,
      );
    const offered = this.#offer(revision, row.cell, cell);
    if (offered !== row.shown)
      this.findings.add(
        'requote',
        place,
        `was shown ${row.shown}, revision ${row.shownRevision} offers ${offered ?? 'nothing'}`,
      );
    if (row.filled === 1 && (row.locked !== row.shown || row.lockedRevision !== row.shownRevision)) {
      this.findings.add(
        'relock',
        place,
        `was filled at ${row.locked} of revision ${row.lockedRevision}, shown ${row.shown} of revision ` +
          `${row.shownRevision}`,
      );
    }
  }

  /** A bet from before the part that is walked: what it was shown may have been archived. */
  checkRecalled(row: BetRecord): void {
    if (this.oracle.revision(row.shownRevision) !== null) this.checkShown(row);
  }

  /** A held bet that a batch locked. */
  checkLock(row: BetRecord): void {
    this.relocked += 1;
    const again = this.#lock(row);
    if (again === null) return;
    if (again.outcome === 'void')
      return this.findings.add(
        'relock',
        `bet ${row.id}`,
        `was locked at ${row.locked}; its stake should have come back: ${again.reason}`,
      );
    if (again.multiplier === row.locked && again.revision === row.lockedRevision) return;
    this.findings.add(
      'relock',
      `bet ${row.id}`,
      `was locked at ${row.locked} by revision ${row.lockedRevision}; revision ${again.revision} says ` +
        `${again.multiplier}`,
    );
  }

  /** A bet whose stake came back before it was locked. */
  checkRefund(row: BetRecord): void {
    if (row.status !== 'void' || row.voidReason === 'gap' || row.voidReason === 'operator') return;
    this.relocked += 1;
    const again = this.#lock(row);
    if (again === null) return;
    const place = `bet ${row.id}`;
    if (again.outcome === 'locked')
      return this.findings.add(
        'relock',
        place,
        `was given back (${row.voidReason}); revision ${again.revision} locks it at ${again.multiplier}`,
      );
    if (again.reason !== row.voidReason || again.revision !== row.lockedRevision) {
      this.findings.add(
        'relock',
        place,
        `was given back (${row.voidReason}, revision ${row.lockedRevision}), by the revisions ` +
          `${again.reason}, revision ${again.revision}`,
      );
    }
  }

  #lock(row: BetRecord): Lock | null {
    const cell = parseCellId(row.cell);
    if (cell === null) return null;
    const held: Pick<Bet, 'cell' | 'shown' | 'guardPercent' | 'lockAt'> = {
      cell,
      shown: row.shown as Multiplier,
      guardPercent: row.guardPercent,
      lockAt: row.lockAt,
    };
    return lockOf(held, this.oracle.revisionFrom(row.lockAt));
  }

  #offer(revision: GridRevision, id: string, cell: Cell): Multiplier | null {
    let offers = this.#shown.get(revision);
    if (offers === undefined) this.#shown.set(revision, (offers = new Map()));
    const known = offers.get(id);
    if (known !== undefined) return known;
    const { multiplier } = shownQuote(revision, cell);
    offers.set(id, multiplier);
    return multiplier;
  }
}
