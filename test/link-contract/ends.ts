import { afterEach, expect } from 'bun:test';
import { EdgeEnd } from '../../server/link/edge-end.ts';
import { EngineEnd } from '../../server/link/engine-end.ts';
import type { Dial, TakeLine } from '../../server/link/line.ts';
import { RemoteHouse } from '../../server/link/remote-house.ts';
import type { CheckSignature } from '../../server/link/remote-orders.ts';
import type { Counted } from '../../server/ports/counted.ts';
import type { HouseEvents } from '../../server/ports/events.ts';
import { NOON, ScriptedHouse } from './scripted-house.ts';

/** A transport with an engine at its end. */
export interface Transport {
  readonly dial: Dial;
  stop(): void;
}

const GOOD: CheckSignature = () => Promise.resolve(true);

/** Both ends of a link over a transport, which are let go after each test. */
export function endsOver(open: (take: TakeLine) => Transport) {
  let close: (() => void)[] = [];
  afterEach(() => {
    for (const one of close.reverse()) one();
    close = [];
  });

  function engine(house = new ScriptedHouse(), onCounted?: (counted: Counted) => void) {
    const warned: string[] = [];
    const end = new EngineEnd(house, { warn: (_, message) => void warned.push(message) }, onCounted);
    const transport = open(end.take);
    const stop = () => (end.stop(), transport.stop());
    close.push(stop);
    return { house, end, transport, warned, stop };
  }

  /** @param now UTC epoch ms, of its clock */
  async function edge(dial: Dial, checkSignature: CheckSignature = GOOD, now = () => NOON) {
    const end = new EdgeEnd({ name: 'edge-1', dial, now });
    close.push(() => end.stop());
    await end.begin();
    const house = new RemoteHouse(end, { checkSignature, deadlineMsMax: DEADLINE_MS_MAX, now });
    return { end, house };
  }

  return { engine, edge };
}
/** How far ahead a deadline may be: as far as that of the orders here. */
const DEADLINE_MS_MAX = 10_000;
export type Ends = ReturnType<typeof endsOver>;

/** Waits for what is under way between two ends. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds() && turns < 2_000; turns++) await Bun.sleep(1);
  expect(holds()).toBe(true);
}

/** Everything that is emitted under these names, in order. */
export function heardOf(events: ScriptedHouse['events'], ...names: (keyof HouseEvents)[]): unknown[] {
  const heard: unknown[] = [];
  for (const one of names) events.on(one, ((...data: unknown[]) => void heard.push([one, ...data])) as never);
  return heard;
}
