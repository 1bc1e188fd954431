import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { dollars } from '../../server/game/money.ts';
import type { LedgerPort } from '../../server/ports/ledger.ts';
import { WholeBooks } from '../../server/store/archive/whole-books.ts';
import { openReaderDatabase } from '../../server/store/database.ts';
import { checkInvariants } from '../../server/store/invariants.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { openLedgerInProcess } from '../../server/store/writer.ts';
import { World } from './world.ts';

const DAY_MS = 86_400_000;

export const databaseOf = (dataDir: string): string => join(dataDir, DATABASE_FILE);

/** Books with some trade on three days, some of it too old to stay, and all that was bet. */
export class OldBooks {
  betIds: string[] = [];
  account = '';
  now = 0;

  constructor(
    readonly seed: number,
    readonly dataDir: string,
  ) {}

  /**
   * @param startAt of the first trade, UTC epoch ms; the last is eleven days later.
   * @param maxGapMs of the house that they are made for.
   */
  async make(startAt?: number, maxGapMs?: number): Promise<void> {
    const world = new World(this.seed, this.dataDir);
    if (startAt !== undefined) world.now = startAt;
    if (maxGapMs !== undefined) world.maxGapMs = maxGapMs;
    await world.open();
    for (let n = 0; n < 5; n++) await world.addTrader();
    for (const pause of [3 * DAY_MS, 8 * DAY_MS]) {
      await trade(world, 260);
      await world.restart(pause);
    }
    await trade(world, 200);
    this.now = world.now;
    this.betIds = [
      ...new Set(
        world.sent.flatMap(({ answer }) =>
          'results' in answer
            ? answer.results.flatMap((result) => (result.status === 'accepted' ? [result.betId] : []))
            : [],
        ),
      ),
    ];
    this.account = world.store.books.bet(this.betIds[0]!)!.accountId;
    await world.store.close();
  }

  copyTo(dataDir: string): void {
    cpSync(this.dataDir, dataDir, { recursive: true });
  }

  open(dataDir: string): LedgerPort {
    const caps = {
      cellShare: 1,
      columnShare: 1,
      totalShare: 1,
      accountShare: 1,
      openBetsMax: 1000,
      betsPerCellMax: 1,
    };
    return openLedgerInProcess({
      path: databaseOf(dataDir),
      caps,
      bankrolls: { PLAY: dollars(0), USD: dollars(0) },
      at: this.now,
      simulationWithoutFsync: true,
    });
  }

  /** All that a trader or a reader of receipts can see of what was bet. */
  seen(dataDir: string): unknown {
    const books = new WholeBooks(databaseOf(dataDir));
    try {
      return {
        bets: this.betIds.map((id) => {
          const bet = books.bet(id)!;
          return {
            bet,
            ledger: books.ledgerOf(id),
            intent: books.intentOf(id),
            ticks: books.ticksOf(bet.cell),
            shown: books.revision(bet.shownRevision),
            locking: books.revisionFrom(bet.lockAt),
          };
        }),
        statement: pages((cursor) => books.statement(this.account, cursor, 7)),
        closed: pages((cursor) => books.bets(this.account, 'closed', cursor, 5)),
        open: books.bets(this.account, 'open', null, 500).rows,
        ticks: books.ticks(0, this.now + 1, 10_000),
        ticksBySeq: books.ticksBySeq(1, 500, 10_000),
        chain: books.chain(),
      };
    } finally {
      books.close();
    }
  }
}

export function violations(dataDir: string): unknown[] {
  const db = openReaderDatabase(databaseOf(dataDir));
  try {
    return checkInvariants(db);
  } finally {
    db.close();
  }
}

async function trade(world: World, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await world.tick();
    if (world.chance.happens(0.6)) await world.order();
  }
}

function pages(
  read: (cursor: string | null) => { readonly rows: readonly unknown[]; readonly cursor: string | null },
): unknown[] {
  const rows: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page = read(cursor);
    rows.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== null);
  return rows;
}
