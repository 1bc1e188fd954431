import { afterAll, beforeAll, expect, test } from 'bun:test';
import { transferOf } from '../../loadtest/page/page-cost.ts';
import { connected, PHONE, Stage, Theatre, visit, type Stretch } from '../../scripts/testing/browser-stage.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;

/** Another price ten times a second, around the middle of a band, so that every frame has something to change. */
const LIVELY: readonly Stretch[] = Array.from({ length: 600 }, (_, i) => ({ seconds: 0.1, price: 76_010 + Math.round(300 * Math.sin(i / 7) * Math.cos(i / 3)) / 100 }));

const theatre = new Theatre();
const stage = new Stage(LIVELY, true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

test('the board stands with at most 60 KB over the wire, in few requests', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await visit(context, stage.origin);
  await connected(page);
  const { bytes, htmlBytes, requests } = await transferOf(page);
  expect(htmlBytes).toBeGreaterThan(1024);
  expect(bytes).toBeGreaterThan(20 * 1024);
  expect(bytes).toBeLessThanOrEqual(60 * 1024);
  expect(requests).toBeLessThanOrEqual(8);
  await context.close();
}, 30_000);

test('nothing on the board shifts while prices run across its rows', async () => {
  const running = new Stage([], false, { FEED: 'walk:7' });
  await running.start();
  const context = await theatre.context(PHONE);
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.shift = 0;
    new window.PerformanceObserver((list: any) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(running.origin);
  await connected(page);
  const rows = await page.locator('.cell').count();
  await page.waitForTimeout(10_000);
  expect(await page.locator('.cell').count()).not.toBe(rows);
  expect(await page.evaluate(() => window.shift as number)).toBeLessThan(0.01);
  await context.close();
  await running.end();
}, 40_000);
