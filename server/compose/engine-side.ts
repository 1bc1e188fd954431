import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import { LatencyHistogram } from '../ports/latency.ts';
import { startTicker } from '../engine/ticker.ts';
import type { Feed } from '../feed/feed.ts';
import type { OperatorBooks } from '../ports/operator.ts';
import type { Store } from '../store/store.ts';
import type { Log } from '../upkeep/log.ts';
import { headNotes } from '../upkeep/noted-head.ts';
import { OrderLog, type LineWriter } from '../upkeep/order-log.ts';
import { watchedBooks } from './books.ts';
import { openEngine } from './moving-parts.ts';
import type { Opened } from './opened.ts';
import { startFeed } from './prices.ts';
import { lagMeter } from './readings.ts';
import type { SharedState } from './shared-state.ts';
import { haltWhereBooksLack } from './start-check.ts';
import { publishTerms, termsOf } from './terms.ts';

interface Around {
  readonly config: Config;
  readonly money: Money;
  readonly shared: SharedState;
  readonly now: () => number;
  readonly log: Log;
  /** Where orders and settlements are written down. */
  readonly records: LineWriter;
  /** The ledger is in doubt: the process must end with the code for that. */
  readonly onFailure: (cause: Error) => void;
}

/** The books for this process alone, and the operator's views of them. */
interface Money {
  readonly store: Store;
  readonly operatorBooks: OperatorBooks;
}

/** What moves, with the money that it moves: it listens to no stranger. */
export interface EngineSide extends Money {
  readonly engine: Engine;
  readonly feed: Feed;
}

/** @throws Failure `not_started`, `unusable_setting` */
export async function openEngineSide(
  { config, money, shared, now, log, records, onFailure }: Around,
  opened: Opened,
): Promise<EngineSide> {
  const { store, operatorBooks } = money;
  const { books } = store;
  const booksGone = watchedBooks(config, log);
  const published = await publishTerms(store, termsOf(config), now());

  // Commits under way at the end are still noted and written down.
  const feed = await startFeed(config, books.lastTick(), log, opened);
  const orderLog = opened.add('order log', new OrderLog(records), (one) => one.flush());
  const notes = opened.add(
    'head notes',
    headNotes(
      config.dataDir,
      books.house(),
      () => books.chain().ledger,
      () => booksGone() === null,
      (cause) => log.warn({ err: cause }, 'cannot write the note of the ledger head beside the database'),
    ),
    (one) => one.stop(),
  );
  const { nonces, away: redisAway } = shared;
  const engine = openEngine(
    {
      ...{ config, store, operatorBooks, published, feed, nonces, redisAway, booksGone, orderLog },
      ...{ now, onFailure, log },
    },
    opened,
  );
  await haltWhereBooksLack({ config, engine, operatorBooks, now, log });
  notes.begin();
  shared.publish(engine.events);
  return { engine, feed, ...money };
}

/** How the time of the oracle goes. */
export interface Steps {
  /** How much later than due the loop came round. */
  readonly loopLag: LatencyHistogram;
  /** How often it stood still for longer than a gap that voids bets: no edge and no stranger can do that. */
  readonly stalls: number;
  /** From now on time goes. */
  begin(opened: Opened): void;
  /** Calls back after each step. */
  onStep(stepped: () => void): void;
}

export function stepsOf(engine: Engine, { tickMs, maxGapMs }: Config, log: Log): Steps {
  const loopLag = new LatencyHistogram();
  const measureLag = lagMeter(tickMs, loopLag);
  let stepped = () => {};
  let stalls = 0;
  const step = (at: number) => {
    const lateMs = Math.round(measureLag());
    if (lateMs + tickMs > maxGapMs) {
      stalls += 1;
      log.error({ lateMs }, 'the engine stood still: windows over this time are a gap');
    }
    engine.step(at);
    stepped();
  };
  const onClockStep = (ms: number) => {
    log.warn({ ms }, 'the clock was stepped');
    engine.clockStepped(ms);
  };
  return {
    loopLag,
    get stalls() {
      return stalls;
    },
    begin: (opened) => void opened.add('ticker', startTicker(tickMs, step, onClockStep), (one) => one.stop()),
    onStep: (callback) => void (stepped = callback),
  };
}
