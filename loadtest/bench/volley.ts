import type { Lane } from './lane.ts';
import { quantile } from './spread.ts';

/** An order that is ready to go, and the connection that it goes over. */
export interface Loaded {
  readonly payload: string;
  /** Socket lanes: the seat of the trader who signed it. Null: any. */
  readonly seat: number | null;
}

/**
 * What came of a volley. Times in ms; latency counts from the moment at which the order was due, so that a
 * slow server cannot hide by making it wait.
 */
export interface Volley {
  readonly sent: number;
  readonly accepted: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Accepted taps per second. */
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Of the answers that accepted every tap, and of the others; 0 when there were none. */
  readonly acceptedP99: number;
  readonly refusedP99: number;
  /**
   * By how much the generator itself was late: from when an order was due to when it was sent. It is part of
   * all latencies.
   */
  readonly lateP99: number;
}

/** No server that works takes this long; a volley without answers ends. */
const VOLLEY_MS_MAX = 30_000;

/**
 * Fires all of the orders. `perSecond` null: as fast as answers come back, with every connection filled to
 * its depth. Else evenly at that rate, whether answers come or not; an order without a free connection waits,
 * and its waiting counts.
 */
export async function fire(
  lane: Lane,
  orders: readonly Loaded[],
  perSecond: number | null,
  underWayMax = Infinity,
): Promise<Volley> {
  const latencies = new Float64Array(orders.length);
  const lateness = new Float64Array(orders.length);
  const byOutcome = { accepted: [] as number[], refused: [] as number[] };
  const refused: Record<string, number> = {};
  const load = new Uint16Array(lane.seats);
  const free: number[] = Array.from({ length: lane.seats }, (_, seat) => seat);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let [next, underWay, heard, accepted] = [0, 0, 0, 0];
  const began = performance.now();
  let last = began;

  const seatFor = (order: Loaded): number | null => {
    if (order.seat === null) return free.pop() ?? null;
    return load[order.seat]! < lane.depth ? order.seat : null;
  };
  const dueAt = (index: number): number =>
    perSecond === null ? performance.now() : began + (index * 1000) / perSecond;
  /** @returns false when there is nothing to send, or no way. */
  const sendNext = (): boolean => {
    if (next === orders.length || underWay >= underWayMax) return false;
    const order = orders[next]!;
    const due = dueAt(next);
    if (perSecond !== null && due > performance.now()) return false;
    const seat = seatFor(order);
    if (seat === null) return false;
    lateness[next] = performance.now() - due;
    next++;
    underWay++;
    load[seat]!++;
    lane.send({
      payload: order.payload,
      seat,
      heard: (answer) => {
        last = performance.now();
        latencies[heard] = last - due;
        byOutcome[answer.refused.length === 0 ? 'accepted' : 'refused'].push(last - due);
        accepted += answer.accepted;
        for (const code of answer.refused) refused[code] = (refused[code] ?? 0) + 1;
        load[seat]!--;
        underWay--;
        if (order.seat === null) free.push(seat);
        if (++heard === orders.length) end();
        else if (perSecond === null) while (sendNext());
      },
    });
    return true;
  };

  const pump = () => {
    while (sendNext());
  };
  const timer = setInterval(pump, 1);
  pump();
  const limit = setTimeout(end, VOLLEY_MS_MAX);
  await ended;
  clearInterval(timer);
  clearTimeout(limit);
  if (heard < orders.length) refused['no answer'] = next - heard;
  const sorted = latencies.slice(0, heard).sort();
  const seconds = (last - began) / 1000;
  return {
    sent: next,
    accepted,
    refused,
    seconds,
    rate: accepted / seconds,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1) ?? 0,
    acceptedP99: p99Of(byOutcome.accepted),
    refusedP99: p99Of(byOutcome.refused),
    lateP99: p99Of(lateness.subarray(0, next)),
  };
}

const p99Of = (latencies: readonly number[] | Float64Array): number =>
  latencies.length === 0 ? 0 : quantile(Float64Array.from(latencies).sort(), 0.99);
