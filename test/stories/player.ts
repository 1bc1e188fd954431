import { accepted, apiTrader, type ApiTrader, type Ask } from '../stage/api-trader.ts';
import { cellId, cellOfRow } from '../../server/game/grid.ts';

/** A bet as its owner reads it. */
export interface SeenBet {
  readonly id: string;
  readonly status: string;
  readonly stake: number;
  readonly payout: number;
  readonly placedAt: number;
}
/** All that an account shows its owner. */
export interface SeenAccount {
  /** Micro-dollars. */
  readonly balance: number;
  readonly open: readonly SeenBet[];
  readonly closed: readonly SeenBet[];
  /** Amounts of the statement, newest first. */
  readonly amounts: readonly number[];
}

const TRIES_MAX = 400;
const PAUSE_MS = 150;
const ROWS_A_TURN = 3;

/** A practice trader outside, who plays over the documented API. */
export class Player {
  /** Every bet that was acknowledged, in order. */
  readonly acknowledged: string[] = [];

  private constructor(private readonly trader: ApiTrader) {}

  static begin = async (origin: string, ask: Ask): Promise<Player> =>
    new Player(await apiTrader(origin, ask));

  /** The same account and key under another address. */
  at(origin: string): void {
    this.trader.signFor(origin);
  }

  /** Taps the likeliest cells of the next column until so many bets were acknowledged. */
  async play(bets: number): Promise<void> {
    let taken = 0;
    let said = '';
    for (let tries = 0; taken < bets; tries++) {
      if (tries > TRIES_MAX) throw new Error(`no bet was taken: ${said}`);
      const answer = await this.tap();
      const ids = answer === null ? [] : accepted(answer);
      taken += ids.length;
      this.acknowledged.push(...ids);
      said = JSON.stringify(answer);
      if (taken < bets) await Bun.sleep(PAUSE_MS);
    }
  }

  /** One order. @returns what the house said of it; null while it shows no board. */
  async tap() {
    const grid = await this.trader.grid().catch(() => null);
    const column = grid?.columns?.find(
      ({ locked, multipliers }) => !locked && multipliers.some((multiplier) => multiplier !== null),
    );
    if (grid == null || column === undefined) return null;
    const cells = column.multipliers
      .flatMap((multiplier, row) => (multiplier === null ? [] : [{ multiplier, row }]))
      .sort((a, b) => a.multiplier - b.multiplier)
      .slice(0, ROWS_A_TURN);
    const taps = cells.map(({ multiplier, row }) => ({
      cell: cellId(cellOfRow(column, row, grid.windowMs)),
      stake: grid.stakes[0]!,
      multiplier,
      revision: grid.revision,
    }));
    return (await this.trader.order(taps)).answer;
  }

  /** Why taps are refused; null when one was taken. */
  async refusal(): Promise<string | null> {
    const answer = await this.tap();
    if (answer === null) return 'no_board';
    if (accepted(answer).length > 0) {
      this.acknowledged.push(...accepted(answer));
      return null;
    }
    return answer.error?.code ?? answer.results?.[0]?.code ?? JSON.stringify(answer);
  }

  async look(): Promise<SeenAccount> {
    const { balance } = await this.trader.ask<{ balance: number }>('/api/v1/account');
    return {
      balance,
      open: await this.#open(),
      closed: await this.#pages<SeenBet>('/api/v1/bets?status=closed&limit=100', 'bets'),
      amounts: (await this.#pages<{ amount: number }>('/api/v1/account/statement?limit=100', 'rows')).map(
        ({ amount }) => amount,
      ),
    };
  }

  /** The same once no bet is open, after which nothing moves any more. */
  async settled(): Promise<SeenAccount> {
    for (let tries = 0; ; tries++) {
      const open = await this.#open();
      if (open.length === 0) return this.look();
      if (tries > TRIES_MAX) throw new Error(`bets stay open: ${JSON.stringify(open)}`);
      await Bun.sleep(PAUSE_MS);
    }
  }

  readonly #open = (): Promise<readonly SeenBet[]> =>
    this.#pages<SeenBet>('/api/v1/bets?status=open&limit=100', 'bets');

  async #pages<Row>(path: string, list: string): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: any = await this.trader.ask(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      if (page[list] === undefined) throw new Error(JSON.stringify(page));
      rows.push(...page[list]);
      cursor = page.cursor;
    }
    return rows;
  }
}
