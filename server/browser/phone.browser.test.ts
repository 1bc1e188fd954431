import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { PHONE_SLOWDOWN, transferOf } from '../../loadtest/page/page-cost.ts';
import { listenForOrders } from '../../loadtest/page/taps.ts';
import { connected, PHONE, practise, Stage, Theatre, visit, type Stretch } from '../../scripts/testing/browser-stage.ts';

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

const TAPS = 3;

test('a finger on a slow phone orders the cell that it came down on, however far the board has moved when it leaves', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, stage.origin);
  await listenForOrders(page);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: PHONE_SLOWDOWN });
  await page.evaluate(() => {
    new window.MutationObserver((records: unknown[]) => (window.changes += records.length)).observe(document.getElementById('plane'), { subtree: true, characterData: true });
    document.addEventListener('pointerdown', ({ target }: any) => Object.assign(window, { pressed: target.closest('.cell'), changes: 0 }), true);
  });
  for (let i = 0; i < TAPS; i++) {
    const point = await middleOfFreeCell(page);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
    // Held until multipliers were written and another column has drifted under the finger; how long that takes does not matter.
    const pressed = await page.waitForFunction(({ x, y }) => {
      const under = document.elementFromPoint(x, y)?.closest('.cell');
      const moved = window.pressed && window.changes > 20 && under && under.parentElement !== window.pressed.parentElement;
      return moved && window.pressed.matches('.h1, .h2, .h3') && document.querySelector('.grid.paused') === null && window.pressed.id;
    }, point);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    const ordered = await page.waitForFunction(() => window.ordered.shift());
    expect(await ordered.jsonValue()).toBe(await pressed.jsonValue());
    await page.evaluate(() => (window.pressed = null));
  }
  expect(await page.evaluate(() => window.ordered)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

/** The middle of a cell in sight that is for sale, has no bet, and is far from its lock. */
async function middleOfFreeCell(page: Page): Promise<{ x: number; y: number }> {
  const found = await page.waitForFunction(() => {
    const [, , , column] = [...document.querySelectorAll('.col:not(.locked):not(.past):not(.current)')].sort((a, b) => a.dataset['start'] - b.dataset['start']);
    const free = [...column.querySelectorAll('.h1, .h2, .h3')].filter((cell) => cell.firstElementChild === null);
    const points = free.map((cell) => ({ cell, box: cell.getBoundingClientRect() })).map(({ cell, box }) => ({ cell, x: box.left + box.width / 2, y: box.top + box.height / 2 }));
    const point = points.find(({ cell, x, y }) => document.elementFromPoint(x, y) === cell);
    return point && { x: point.x, y: point.y };
  });
  return (await found.jsonValue()) as { x: number; y: number };
}

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
