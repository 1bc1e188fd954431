import { Market } from '../../server/engine/market.ts';
import { ShadowDesk } from '../../server/engine/shadow-desk.ts';
import type { LearnedBoards } from '../../server/game/learned/learned-quote.ts';
import type { ShadowBlock } from '../../server/game/learned/shadow-watch.ts';
import { cents } from '../../server/game/price.ts';
import type { GridRevision } from '../../server/game/revision.ts';
import { medianOf, type Tick } from '../../server/game/tick.ts';
import { VolatilityEstimator } from '../../server/game/volatility.ts';
import type { Operation } from '../../server/ports/ledger.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import { NOON, SETTING } from '../ledger-contract/scenario.ts';
import type { Chance } from '../../scripts/replay-market/chance.ts';

export const SHADOW_OPTIONS = {
  windows: [5_000],
  columnsAhead: 4,
  rows: 8,
  tickMs: 200,
  quoteEveryTicks: 2,
  watchFrozen: false,
  maxGapMs: 3_000,
} as const;
const COMMIT_TICKS = 40;

/** Ticks of a wandering price with a gap here and there, and venues that come and go. */
export function wandering(chance: Chance, count: number): Tick[] {
  let [at, price] = [NOON + 71_000, 6_000_000];
  return Array.from({ length: count }, (_, index) => {
    at += chance.happens(0.001) ? 4_000 : SHADOW_OPTIONS.tickMs;
    price += Math.round((chance.next() - 0.5) * 300);
    const sources = ['binance', 'coinbase', 'kraken']
      .filter(() => chance.happens(0.98))
      .map((venue, offset) => ({ venue, price: cents(price + offset) }));
    if (sources.length === 0) sources.push({ venue: 'kraken', price: cents(price) });
    return { seq: index + 1, at, price: medianOf(sources.map((source) => source.price)), sources };
  });
}

/**
 * A market and its shadow book on books of their own.
 * @param restartsAt numbers of ticks before which the house starts again.
 * @param liveFrom number of the tick from which on its prices are real.
 * @param windowsOf lengths of the windows of the boards of the house that starts with a tick.
 */
export async function shadowRun(
  dataDir: string,
  ticks: readonly Tick[],
  restartsAt: readonly number[] = [],
  liveFrom = Infinity,
  windowsOf: (seq: number) => readonly number[] = () => SHADOW_OPTIONS.windows,
): Promise<{ readonly blocks: readonly ShadowBlock[]; readonly revisions: readonly GridRevision[] }> {
  const open = (): Promise<Store> =>
    openStore({ dataDir, at: NOON, inProcess: true, simulationWithoutFsync: true, ...SETTING });
  let store = await open();
  let waiting: Operation[] = [];
  const revisions: GridRevision[] = [];
  const write = async (at: number): Promise<void> => {
    const operations = waiting;
    waiting = [];
    await store.ledger.commitBatch(operations, at);
  };
  const started = (seq: number): { market: Market; desk: ShadowDesk } => {
    const { books } = store;
    const options = { ...SHADOW_OPTIONS, windows: windowsOf(seq) };
    const market = new Market(
      options,
      new VolatilityEstimator({ declaredBp: 1 }),
      () => 0,
      () => false,
      () => desk.learned,
    );
    const record = (block: ShadowBlock, learned: LearnedBoards): void =>
      void waiting.push({ kind: 'record-shadow', block, learned });
    const desk = new ShadowDesk(options, { feed: { simulated: seq < liveFrom }, books }, record);
    if (books.lastTick() !== null) {
      market.restore(books.ticks(NOON, NOON + 86_400_000, 10_000), books.lastRevision());
      desk.restore(false);
    }
    return { market, desk };
  };
  let { market, desk } = started(1);
  for (const tick of ticks) {
    if (restartsAt.includes(tick.seq)) {
      // What was not committed is lost with the process, ticks and all; here every tick was.
      await write(tick.at);
      await store.close();
      store = await open();
      ({ market, desk } = started(tick.seq));
    }
    waiting.push({ kind: 'record-ticks', ticks: [tick] });
    desk.onTick(tick);
    const revision = market.take(tick, 0, true);
    if (revision !== null) {
      desk.onRevision(revision);
      revisions.push(revision);
      waiting.push({ kind: 'record-revision', revision });
    }
    if (tick.seq % COMMIT_TICKS === 0) await write(tick.at);
  }
  await write(ticks.at(-1)!.at);
  const blocks = store.books.shadowAfter(0, 1_000);
  await store.close();
  return { blocks, revisions };
}
