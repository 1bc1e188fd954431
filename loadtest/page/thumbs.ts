import type { CDPSession, Page } from 'playwright-core';
import { PHONE, type Theatre } from '../../test/stage/browser-stage.ts';
import { practise } from '../../test/stage/visit.ts';
import { PHONE_SLOWDOWN } from './page-cost.ts';
import { answered, lostOf, seenOn, showing, watchTouches, type Seen, type Target } from './touches.ts';

// What is evaluated in the page.
declare const window: { seen: Seen };

/** What became of the taps of two thumbs. */
export interface Thumbs {
  readonly touches: number;
  /** Of them, on cells that showed a number as the finger came down. */
  readonly onNumbers: number;
  readonly ordered: number;
  /** On a cell that showed a number, and no order left the page; or the page never heard of them. */
  readonly lost: number;
}

/** Of both together. */
const EVERY_MS = 100;
/** Both are down. */
const TOGETHER_MS = 30;
const BURST_TAPS = 20;
/** New cells come into sight. */
const BETWEEN_BURSTS_MS = 4_000;
/** Columns that do not lock while the burst lasts. */
const SPARE_MS = 4_000;
const COME_MS_MAX = 60_000;

/** Two thumbs tap in turns, ten times a second, each down for a while beside the other; on a slow phone. */
export async function thumbsOn(theatre: Theatre, origin: string, bursts: number): Promise<Thumbs> {
  const context = await theatre.context(PHONE);
  await watchTouches(context);
  const { page } = await practise(context, origin);
  await page.locator('.stakes [data-stake]').first().click();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: PHONE_SLOWDOWN });
  let touches = 0;
  for (let burst = 0; burst < bursts; burst++) {
    await page.waitForTimeout(BETWEEN_BURSTS_MS);
    touches += await tapInTurns(devtools, await spread(page));
  }
  await come(page, touches);
  await answered(page);
  const seen = await seenOn(page);
  await context.close();
  return {
    touches,
    onNumbers: seen.touches.filter(({ showed }) => showed).length,
    ordered: seen.ordered.length,
    lost: lostOf(seen) + touches - seen.touches.length,
  };
}

/** Cells over the whole board, in an order in which neighbours do not follow each other. */
async function spread(page: Page): Promise<Target[]> {
  const found = await showing(page, 'any', SPARE_MS);
  const step = Math.max(1, Math.floor(found.length / BURST_TAPS));
  return Array.from({ length: Math.min(BURST_TAPS, found.length) }, (_, i) => found[i * step]!).sort(
    (a, b) => ((a.x * 7 + a.y * 13) % 31) - ((b.x * 7 + b.y * 13) % 31),
  );
}

/**
 * Each thumb leaves a moment after the other has come down. Nothing waits for the page: a finger does not
 * either. @returns how often a finger came down
 */
async function tapInTurns(devtools: CDPSession, targets: readonly Target[]): Promise<number> {
  const sent: Promise<unknown>[] = [];
  const touch = (
    type: 'touchStart' | 'touchEnd',
    ...points: readonly (Target & { thumb: number })[]
  ): void => {
    const touchPoints = points.map(({ x, y, thumb }) => ({ x, y, id: thumb }));
    sent.push(devtools.send('Input.dispatchTouchEvent', { type, touchPoints }));
  };
  let resting: (Target & { thumb: number }) | null = null;
  for (const [turn, target] of targets.entries()) {
    const coming = { ...target, thumb: turn % 2 };
    touch('touchStart', ...(resting ? [resting] : []), coming);
    await Bun.sleep(TOGETHER_MS);
    if (resting) touch('touchEnd', resting);
    resting = coming;
    await Bun.sleep(EVERY_MS - TOGETHER_MS);
  }
  touch('touchEnd');
  await Promise.all(sent);
  return targets.length;
}

/** Until the page has heard of every touch. */
const come = (page: Page, touches: number): Promise<unknown> =>
  page
    .waitForFunction((touches) => window.seen.touches.length >= touches, touches, { timeout: COME_MS_MAX })
    .catch(() => {});
