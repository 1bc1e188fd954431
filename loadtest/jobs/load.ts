import type { Batcher } from '../../server/engine/batcher.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import { SETTING, Traders } from '../../test/simulation/traders.ts';

const DAY_MS = 86_400_000;
const STEP_MS = 5;
const HOUSE_EVERY_MS = 100;
const HOLD_MS = 400;
const CLOSED_AFTER_MS = 1_000;
/** Bets of one commit of the old books, and how far apart those are. */
const OLD_TAPS = 64;
const OLD_STEP_MS = 20;

/** Taps of one part; latency from the moment at which each was due, ms. */
export interface Part {
  readonly taps: number;
  /** Refused because the queue was full. */
  readonly busy: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Processor time of this process, the writer's thread included. */
  readonly cpuMicros: number;
}

/** Makes books with bets of ten days ago, closed. */
export async function fill(dataDir: string, bets: number, heard: (part: number) => void): Promise<void> {
  const at = Date.now() - 10 * DAY_MS;
  const store: Store = await openStore({
    dataDir,
    ...SETTING,
    at,
    inProcess: true,
    simulationWithoutFsync: true,
  });
  const traders = new Traders('old', at);
  await traders.join((operation) =>
    store.ledger.commitBatch([operation], at).then(({ results }) => results[0]!),
  );
  for (let placed = 0; placed < bets; placed += OLD_TAPS) {
    traders.now += OLD_STEP_MS;
    const orders = traders.taps(Math.min(OLD_TAPS, bets - placed));
    const house =
      placed % (5 * OLD_TAPS) === 0
        ? [traders.tick(), ...traders.locks(HOLD_MS), ...traders.closings(CLOSED_AFTER_MS)]
        : [];
    await store.ledger.commitBatch([...house, ...orders], traders.now);
    for (const order of orders) traders.accepted(order);
    heard(placed / bets);
  }
  traders.now += 2 * CLOSED_AFTER_MS;
  await store.ledger.commitBatch([traders.tick(), ...traders.locks(0), ...traders.closings(0)], traders.now);
  await store.close();
}

/**
 * Taps at an even rate until `ended`; each is timed from the moment at which it was due, so that a stall
 * counts for all that wait.
 */
export async function drive(
  batcher: Batcher,
  traders: Traders,
  rate: number,
  ended: Promise<void>,
): Promise<Part> {
  let going = true;
  void ended.then(() => (going = false));
  const latencies: number[] = [];
  const waiting = new Set<Promise<unknown>>();
  const began = performance.now();
  const cpu = process.cpuUsage();
  let sent = 0;
  let busy = 0;
  let housedAt = 0;
  while (going) {
    const now = performance.now();
    traders.now = Date.now();
    if (now - housedAt >= HOUSE_EVERY_MS) {
      housedAt = now;
      for (const operation of [
        traders.tick(),
        ...traders.locks(HOLD_MS),
        ...traders.closings(CLOSED_AFTER_MS),
      ])
        void batcher.priority(operation);
    }
    const due = Math.floor(((now - began) / 1000) * rate);
    for (; sent < due; sent++) {
      const dueAt = began + (sent / rate) * 1000;
      const [order] = traders.taps(1);
      const answer = batcher.order(order!);
      if (answer === null) {
        busy += 1;
        continue;
      }
      const done: Promise<unknown> = answer.then((result) => {
        if (result.kind !== 'placed' || result.results[0]!.status !== 'accepted')
          throw new Error(`a tap was not taken: ${JSON.stringify(result)}`);
        latencies.push(performance.now() - dueAt);
        traders.accepted(order!);
        waiting.delete(done);
      });
      waiting.add(done);
    }
    await Bun.sleep(STEP_MS);
  }
  await Promise.all(waiting);
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    taps: latencies.length,
    busy,
    seconds: (performance.now() - began) / 1000,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: latencies.at(-1) ?? 0,
    cpuMicros: user + system,
  };
}
