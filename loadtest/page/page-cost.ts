import type { BrowserContext, Page } from 'playwright-core';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const performance: any;
declare const MutationObserver: any;

/** Lighthouse's slow 4G: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up. */
export const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6e6 / 8) | 0,
  uploadThroughput: (750e3 / 8) | 0,
} as const;
/** A phone of the middle beside a desktop core, by Lighthouse's measure. */
export const PHONE_SLOWDOWN = 4;

/** What came over the wire until the page stood. */
export interface Transfer {
  readonly requests: number;
  /** Compressed bodies, bytes. */
  readonly bytes: number;
  readonly htmlBytes: number;
}

/** Milliseconds since the navigation began. */
export interface Opening {
  readonly firstPaintMs: number;
  /** The socket is there and the board is whole: a tap goes out. */
  readonly usableMs: number;
}

/** Main thread, as percent of one core. */
export interface Share {
  readonly all: number;
  readonly scripting: number;
  readonly style: number;
  readonly layout: number;
  /** Time of the thread itself, which does not grow when other programs want the core. */
  readonly cpu: number;
  /** Style recalculations in a second: at least one for each frame that the main thread makes. */
  readonly stylesPerSecond: number;
}

export async function transferOf(page: Page): Promise<Transfer> {
  return page.evaluate(() => {
    const [html] = performance.getEntriesByType('navigation');
    const rest = performance.getEntriesByType('resource');
    const bytes = [html, ...rest].reduce((sum: number, entry: any) => sum + entry.encodedBodySize, 0);
    return { requests: 1 + rest.length, bytes, htmlBytes: html.encodedBodySize };
  });
}

/**
 * Opens an address on an emulated slow 4G, with nothing kept from before. The emulation slows requests, not
 * the frames of a socket.
 */
export async function openingOf(context: BrowserContext, url: string, slowdown: number): Promise<Opening> {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', SLOW_4G);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(() => {
    new MutationObserver(() => {
      if (document.body?.dataset.link === 'open') window.usableMs ??= performance.now();
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-link'] });
  });
  await page.goto(url);
  await page.waitForFunction(() => window.usableMs > 0);
  const opening = await page.evaluate(() => ({
    firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    usableMs: window.usableMs,
  }));
  await page.close();
  return opening;
}

/** The main thread of a page that stands and follows the market, over some seconds. */
export async function shareOf(page: Page, slowdown: number, seconds: number): Promise<Share> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const read = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await devtools.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]),
    );
  await page.waitForTimeout(1000);
  const before = await read();
  await page.waitForTimeout(seconds * 1000);
  const after = await read();
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await devtools.detach();
  const perSecond = (name: string): number =>
    (after[name]! - before[name]!) / (after.Timestamp! - before.Timestamp!);
  const percent = (name: string): number => Math.round(perSecond(name) * 1000) / 10;
  return {
    all: percent('TaskDuration'),
    scripting: percent('ScriptDuration'),
    style: percent('RecalcStyleDuration'),
    layout: percent('LayoutDuration'),
    cpu: percent('ThreadTime'),
    stylesPerSecond: Math.round(perSecond('RecalcStyleCount')),
  };
}
