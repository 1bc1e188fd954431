import type { SignedTaps } from '../../server/game/tap.ts';
import { offersOf, type Grid, type Offer } from './grid.ts';
import type { GeneratorAnswer, GeneratorCall, LaneName } from './generator-process.ts';
import { HttpLane } from './http-lane.ts';
import type { Lane } from './lane.ts';
import { SocketLane } from './socket-lane.ts';
import { Trader } from './trader.ts';
import { fire, type Loaded } from './volley.ts';
import { messageOf } from '../../server/ports/failure.ts';

/**
 * The load generator, in a process of its own: it opens accounts, signs orders ahead, and fires them when it
 * is told to. One server each.
 */
const origin = process.argv[2]!;
const OPENING_AT_ONCE = 32;
const SIGNING_AT_ONCE = 64;
const OFFERS_MS_MAX = 10_000;

const traders: Trader[] = [];
const lanes: Partial<Record<'http' | 'socket', Lane>> = {};
let connections = 0;
let sockets = 0;
let next = 0;
let loaded: Loaded[] = [];

process.on('message', (call: GeneratorCall) => {
  carryOut(call).then(
    (answer) => process.send!(answer),
    (cause) =>
      process.send!({
        failed: messageOf(cause),
      } satisfies GeneratorAnswer),
  );
});

async function carryOut(call: GeneratorCall): Promise<GeneratorAnswer> {
  switch (call.kind) {
    case 'open':
      await inParallel(
        call.traders,
        OPENING_AT_ONCE,
        async () => void traders.push(await Trader.open(origin)),
      );
      ({ connections, sockets } = call);
      if (sockets > 0) await openLane('socket');
      return { done: true };
    case 'load':
      await openLane(call.lane);
      loaded = await load(
        lanes[call.lane]!,
        ownersOf(call.lane),
        call.orders,
        call.tapsPerOrder,
        call.leadMs,
      );
      return { done: true };
    case 'fire':
      return { volley: await fire(lanes[call.lane]!, loaded, call.perSecond, call.underWayMax) };
    case 'close':
      for (const lane of Object.values(lanes)) lane.close();
      setTimeout(() => process.exit(0), 10);
      return { done: true };
  }
}

/**
 * Only the lane that is used is open: what open sockets are told of prices is no cost of an order over HTTP.
 */
async function openLane(name: LaneName): Promise<void> {
  if (name === 'socket') {
    lanes.http?.close();
    delete lanes.http;
    lanes.socket ??= await SocketLane.open(origin, traders.slice(0, sockets));
    return;
  }
  lanes.socket?.close();
  delete lanes.socket;
  // A server hangs up on connections that are idle for some seconds.
  lanes.http?.close();
  lanes.http = await HttpLane.open(origin, connections);
}

/**
 * Who taps over a lane: those with a socket over it, the others, if there are any, over HTTP. What a socket
 * is told of a bet is the socket's cost.
 */
function ownersOf(lane: LaneName): { readonly from: number; readonly count: number } {
  if (lane === 'socket') return { from: 0, count: sockets };
  return traders.length > sockets
    ? { from: sockets, count: traders.length - sockets }
    : { from: 0, count: traders.length };
}

/** Signs orders over the grid of now, trader after trader, so that one socket's orders lie far apart. */
async function load(
  lane: Lane,
  owners: ReturnType<typeof ownersOf>,
  orders: number,
  tapsPerOrder: number,
  leadMs: number,
): Promise<Loaded[]> {
  const offers = await offersWithin(leadMs);
  const ready: Loaded[] = [];
  for (let passed = 0; ready.length < orders; ) {
    const chunk = Array.from(
      { length: Math.min(SIGNING_AT_ONCE, orders - ready.length) },
      () => owners.from + (next++ % owners.count),
    );
    const signed = await Promise.all(chunk.map((owner) => signedBy(owner, offers, tapsPerOrder)));
    for (const [index, order] of signed.entries()) {
      if (order === null) passed++;
      else
        ready.push({
          payload: lane.payloadOf(order, traders[chunk[index]!]!),
          seat: lane === lanes.socket ? chunk[index]! : null,
        });
    }
    if (passed > owners.count)
      throw new Error(
        `too few cells for ${orders} orders of ${owners.count} traders: ${offers.length} on sale`,
      );
  }
  return ready;
}

/** Sales pause for a moment when the price jumps, as it does for a server that stood still. */
async function offersWithin(leadMs: number): Promise<Offer[]> {
  for (const until = Date.now() + OFFERS_MS_MAX; Date.now() < until; await Bun.sleep(100)) {
    const response = await fetch(`${origin}/api/v1/grid`);
    if (response.status !== 200) throw new Error(`no grid: ${response.status}`);
    const offers = offersOf((await response.json()) as Grid, leadMs);
    if (offers.length > 0) return offers;
  }
  throw new Error('nothing is on sale');
}

const signedBy = (owner: number, offers: readonly Offer[], taps: number): Promise<SignedTaps | null> =>
  traders[owner]!.order(offers, taps);

async function inParallel(count: number, atOnce: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: Math.min(atOnce, count) }, async () => {
      while (left-- > 0) await work();
    }),
  );
}
