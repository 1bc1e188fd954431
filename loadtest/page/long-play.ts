import type { CDPSession } from 'playwright-core';
import { slopeOf } from '../bench/spread.ts';
import { PHONE, type Theatre } from '../../test/stage/browser-stage.ts';
import { practise } from '../../test/stage/visit.ts';
import { showing, touch } from './touches.ts';

/** One look at the page, after a collection. */
export interface LongPlayPoint {
  /** Seconds since the play began. */
  readonly at: number;
  /** Bytes of objects. */
  readonly heap: number;
  /** Of the document, and those that scripts still hold. */
  readonly nodes: number;
  readonly listeners: number;
}

/** Growth over the part after the warm-up, as a share of the median there. */
export interface LongPlay {
  readonly minutes: number;
  readonly taps: number;
  readonly heapGrowth: number;
  readonly nodesGrowth: number;
  readonly listenersGrowth: number;
  readonly points: readonly LongPlayPoint[];
}

const BETWEEN_TAPS_MS = 1_000;
const LOOK_EVERY_MS = 5_000;
/** Lists fill, the compiler and the caches come to rest. */
const WARM_UP_SHARE = 0.3;

/** Plays like somebody with time: a tap a second, cells all over the board. */
export async function longPlayOn(theatre: Theatre, origin: string, minutes: number): Promise<LongPlay> {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, origin);
  await page.locator('.stakes [data-stake]').first().click();
  const devtools = await context.newCDPSession(page);
  await devtools.send('HeapProfiler.enable');
  const began = performance.now();
  const points: LongPlayPoint[] = [];
  let [taps, lookedAt] = [0, began];
  while (performance.now() - began < minutes * 60_000) {
    const targets = await showing(page, 'any');
    const target = targets[Math.floor(Math.random() * targets.length)];
    if (target !== undefined) {
      await touch(devtools, target);
      taps++;
    }
    await Bun.sleep(BETWEEN_TAPS_MS);
    if (performance.now() - lookedAt < LOOK_EVERY_MS) continue;
    lookedAt = performance.now();
    points.push({ at: (lookedAt - began) / 1000, ...(await lookedInto(devtools)) });
  }
  await context.close();
  const steady = points.filter(({ at }) => at >= minutes * 60 * WARM_UP_SHARE);
  return {
    minutes,
    taps,
    heapGrowth: growthOf(steady, 'heap'),
    nodesGrowth: growthOf(steady, 'nodes'),
    listenersGrowth: growthOf(steady, 'listeners'),
    points,
  };
}

async function lookedInto(devtools: CDPSession): Promise<Omit<LongPlayPoint, 'at'>> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
  return { heap: usedSize, nodes, listeners: jsEventListeners };
}

/** From the first to the last point, along the median of the slopes. */
function growthOf(points: readonly LongPlayPoint[], of: 'heap' | 'nodes' | 'listeners'): number {
  const [first, last] = [points.at(0), points.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const sorted = points.map((point) => point[of]).sort((a, b) => a - b);
  return (
    (slopeOf(points.map((point) => [point.at, point[of]])) * (last.at - first.at)) /
    sorted[sorted.length >> 1]!
  );
}
