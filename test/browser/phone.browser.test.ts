import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { PHONE_SLOWDOWN, transferOf } from '../../loadtest/page/page-cost.ts';
import { awayFrom, OFF_PX_MAX, watchTaps } from '../../loadtest/page/taps.ts';
import { PHONE, Stage, Theatre, type Stretch } from '../stage/browser-stage.ts';
import { connected, practise, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const getComputedStyle: any;

/**
 * Another price ten times a second, around the middle of a band, so that every frame has something to change.
 */
const LIVELY: readonly Stretch[] = Array.from({ length: 600 }, (_, i) => ({
  seconds: 0.1,
  price: 76_010 + Math.round(300 * Math.sin(i / 7) * Math.cos(i / 3)) / 100,
}));

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
  await watchTaps(page);
  page.setDefaultTimeout(100_000);
  await watchBoard(page);
  await page.getByRole('button', { name: '$100', exact: true }).click();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: PHONE_SLOWDOWN });
  for (let i = 0; i < TAPS; i++) {
    const point = await middleOfFreeCell(page);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
    // Held until multipliers were written and another column is under the finger; how long that takes does
    // not matter.
    await page.waitForFunction((off) => {
      const { pressed, changes, away } = window;
      return (
        pressed?.matches('.h1, .h2, .h3') &&
        changes > 20 &&
        away(pressed, document.timeline.currentTime) > 2 * off &&
        document.querySelector('.grid.closed') === null
      );
    }, OFF_PX_MAX);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    const ordered = await page.waitForFunction(() => window.ordered.shift());
    // The moment of the touch is that of the finger, not the one at which a busy page hears of it.
    const id = await ordered.jsonValue();
    expect(await awayFrom(page, id)).toBeLessThanOrEqual(OFF_PX_MAX);
    expect(lowOf(id)).toBe(lowOf(await page.evaluate(() => window.pressed.id)));
    await page.evaluate(() => (window.pressed = null));
  }
  expect(await page.evaluate(() => window.ordered)).toEqual([]);
  // What was staked can be read on the narrow cell.
  expect(await page.evaluate(() => [...window.stakes])).toEqual(['$100']);
  expect(await page.evaluate(() => window.clipped)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
}, 300_000);

const lowOf = (cellId: string): string => cellId.split('-')[2]!;

/** Notes in the page what changes since the last press, and what bets look like. */
const watchBoard = (page: Page): Promise<void> =>
  page.evaluate(() => {
    Object.assign(window, { changes: 0, stakes: new Set(), clipped: [] });
    const plane = document.getElementById('plane');
    new window.MutationObserver((records: unknown[]) => (window.changes += records.length)).observe(plane, {
      subtree: true,
      characterData: true,
    });
    new window.MutationObserver(() => {
      for (const badge of plane.querySelectorAll('.bet:not(.void)')) {
        window.stakes.add(badge.querySelector('b').textContent);
        if (badge.scrollWidth > badge.clientWidth) window.clipped.push(badge.outerHTML);
      }
    }).observe(plane, { subtree: true, childList: true });
    document.addEventListener('pointerdown', () => (window.changes = 0), true);
  });

/** The middle of a cell in sight that is for sale, has no bet, and is far from its lock. */
async function middleOfFreeCell(page: Page): Promise<{ x: number; y: number }> {
  const found = await page.waitForFunction(() => {
    const [, , , column] = [...document.querySelectorAll('.col:not(.locked):not(.past):not(.current)')].sort(
      (a, b) => a.dataset['start'] - b.dataset['start'],
    );
    const free = [...column.querySelectorAll('.h1, .h2, .h3')].filter(
      (cell) => cell.firstElementChild === null,
    );
    const points = free
      .map((cell) => ({ cell, box: cell.getBoundingClientRect() }))
      .map(({ cell, box }) => ({ cell, x: box.left + box.width / 2, y: box.top + box.height / 2 }));
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

  // Larger letters for who has set them, a frame for who chooses all colours, and lying on its side the line
  // that says what a tap pays, beside the notch.
  const sizeOf = (selector: string) =>
    page.evaluate((one) => parseFloat(getComputedStyle(document.querySelector(one)).fontSize), selector);
  const places = ['#price', '#ticket', '.cell', '.stakes button', '.tabs a', '.banner'];
  const usual = await Promise.all(places.map(sizeOf));
  await page.evaluate(() => (document.documentElement.style.fontSize = '18px'));
  const larger = await Promise.all(places.map(sizeOf));
  places.forEach((place, i) => expect([place, larger[i]]).toEqual([place, (usual[i] ?? 0) * 1.125]));
  await page.emulateMedia({ forcedColors: 'active' });
  const groundOf = (pressed: boolean) =>
    page.evaluate(
      (one) => getComputedStyle(document.querySelector(one)).backgroundColor,
      `.stakes [aria-pressed=${pressed}]`,
    );
  expect(await groundOf(true)).not.toBe(await groundOf(false));
  await page.setViewportSize({ width: PHONE.height, height: PHONE.width });
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setSafeAreaInsetsOverride', { insets: { left: 47, right: 47 } });
  for (const part of ['#ticket', '.brand', '.grid', '#price', '.stakes', '.tabs']) {
    const { x, width, height } = (await page.locator(part).boundingBox())!;
    const isThere = width > 20 && height > 0;
    expect([part, x >= 47, x + width <= PHONE.height - 47, isThere]).toEqual([part, true, true, true]);
  }
  await context.close();
}, 120_000);

test('nothing on the board shifts while prices run across its rows', async () => {
  const running = new Stage([], false, { FEED: 'walk:7' });
  await running.start();
  const context = await theatre.context(PHONE);
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.shift = 0;
    window.stoodAt = Infinity;
    new window.PerformanceObserver((list: any) => {
      for (const entry of list.getEntries())
        if (!entry.hadRecentInput && entry.startTime >= window.stoodAt) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(running.origin);
  await connected(page);
  // Where the first paint came before the modules, they put the board where time has moved it since; from
  // then on nothing may shift.
  await page.evaluate(
    () =>
      new Promise((stands) =>
        window.requestAnimationFrame(() =>
          window.requestAnimationFrame(() => stands((window.stoodAt = performance.now()))),
        ),
      ),
  );
  const cells = await page.locator('.cell').count();
  await page.waitForTimeout(10_000);
  // Prices have run across rows when columns have grown by some.
  await page.waitForFunction((before) => document.querySelectorAll('.cell').length !== before, cells);
  expect(await page.evaluate(() => window.shift as number)).toBeLessThan(0.01);
  // A house that begins sells little yet, and shows fewer rows rather than holes.
  await page.waitForFunction(() => {
    const pane = document.querySelector('.pane').getBoundingClientRect();
    let [sold, all] = [0, 0];
    for (const cell of document.querySelectorAll('.col:not(.locked, .past, .current) .cell')) {
      const { left, right, top, bottom } = cell.getBoundingClientRect();
      const width = Math.min(right, pane.right) - Math.max(left, pane.left);
      const height = Math.min(bottom, pane.bottom) - Math.max(top, pane.top);
      const area = Math.max(0, width) * Math.max(0, height);
      all += area;
      if (cell.value_) sold += area;
    }
    return all > 0 && sold / all >= 0.75;
  });
  await context.close();
  await running.end();
}, 300_000);
