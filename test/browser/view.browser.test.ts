import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { BrowserContext, Page } from 'playwright-core';
import { watchTaps } from '../../loadtest/page/taps.ts';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { Finger, pointOn, type Point } from '../stage/finger.ts';
import { practise, said } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const getComputedStyle: any;

// The price stands still, so that what moves the board is the hand alone.
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
const theatre = new Theatre();
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

/** The board of a practice account, moved by hand from now on; `ordered` has what it bets. */
async function play(context: BrowserContext): Promise<{ page: Page; faults: string[] }> {
  await context.addInitScript(() => {
    window.shift = 0;
    new window.PerformanceObserver((list: any) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift' });
  });
  const visit = await practise(context, stage.origin);
  await watchTaps(visit.page);
  await visit.page.locator('#grid').hover({ position: { x: 5, y: 5 } });
  await visit.page.locator('.board[data-movable]').waitFor();
  return visit;
}

const ordered = (page: Page): Promise<string[]> => page.evaluate(() => window.ordered);
const isHome = (page: Page): Promise<unknown> => page.locator('#to-price').waitFor({ state: 'hidden' });
const isAway = (page: Page): Promise<unknown> => page.locator('#to-price').waitFor();
const zoomIs = (page: Page, text: string): Promise<unknown> =>
  page.locator('#zoom', { hasText: new RegExp(`^${text}$`) }).waitFor({ state: 'attached' });

/** Once nothing moves the board but time: where its parts are, pixels. */
async function settled(page: Page): Promise<{ dot: Point; last: number; axis: number; column: number }> {
  await page.waitForFunction(() =>
    ['.sway', '.rise'].every((part) =>
      document
        .querySelector(part)
        .getAnimations()
        .every(({ playState }: any) => playState === 'finished'),
    ),
  );
  return page.evaluate(() => {
    const boxOf = (element: any) => element.getBoundingClientRect();
    const grid = boxOf(document.getElementById('grid'));
    const mark = boxOf(document.querySelector('.mark'));
    const columns = [...document.querySelectorAll('.col')].map(boxOf);
    return {
      dot: { x: mark.left - grid.left, y: mark.top - grid.top - grid.height / 2 },
      last: Math.max(...columns.map(({ right }) => right)) - grid.left,
      axis: boxOf(document.querySelector('.pane')).right - grid.left,
      column: columns[0].width,
    };
  });
}

/** Texts of the board that are wider or taller than the room that they have. */
const cutTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const boxOf = (element: any) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect();
    };
    const cut: string[] = [];
    const look = (element: any, room: any) => {
      const text = boxOf(element);
      if (text.width > room.width + 0.5 || text.left < room.left - 0.5 || text.right > room.right + 0.5)
        cut.push(`${element.className}: ${element.textContent}`);
    };
    const grid = document.getElementById('grid').getBoundingClientRect();
    const pane = document.querySelector('.pane').getBoundingClientRect();
    for (const cell of document.querySelectorAll('.cell:not(:empty)')) {
      look(cell, cell.getBoundingClientRect());
      const { fontSize } = getComputedStyle(cell);
      if (parseFloat(fontSize) > cell.getBoundingClientRect().height) cut.push(`${fontSize} in a row`);
    }
    for (const head of document.querySelectorAll('.when:not(:empty)'))
      look(head, head.getBoundingClientRect());
    for (const rule of document.querySelectorAll('.rules i'))
      look(rule, { left: pane.right, right: grid.right, width: grid.right - pane.right });
    // At rest rows meet both edges: none is cut.
    const row = document.querySelector('.col:not(.past) .cell').getBoundingClientRect();
    const rest = (((row.top - grid.top) % row.height) + row.height) % row.height;
    if (Math.min(rest, row.height - rest) > row.height / 8) cut.push(`a row, by ${rest} px`);
    return [...new Set(cut)];
  });

test('fingers on a phone zoom and pan the board without a bet, and taps mean the cells under them', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await play(context);
  const finger = await Finger.on(page);
  const home = await settled(page);
  expect(Math.abs(home.dot.y)).toBeLessThan(home.column);
  await isHome(page);

  // Two apart, across cells that are for sale.
  await finger.drag([150, 420, 120, 380], [200, 420, 290, 500]);
  const larger = await settled(page);
  expect(larger.column / home.column).toBeGreaterThan(1.5);
  expect(Math.abs(larger.dot.x - home.dot.x)).toBeLessThan(2);
  await isHome(page);
  await said(page, 'Zoom ').waitFor({ state: 'attached' });
  const size = await page.locator('#zoom').textContent();
  // The next first paint has it, too.
  const html = await page.context().request.get(stage.origin);
  expect(await html.text()).toContain(`class="board z${parseInt(size!)}"`);
  await page.locator('#zoom').click({ position: { x: 20, y: 30 } });
  await zoomIs(page, '100 %');
  expect(Math.abs((await settled(page)).column - home.column)).toBeLessThan(0.1);

  // One on the price scale, and on the heads of the columns.
  await finger.drag([365, 300, 365, 400]);
  await isAway(page);
  const down = await settled(page);
  expect(down.dot.y - home.dot.y).toBeGreaterThan(home.column);
  expect(down.dot.x).toBeCloseTo(home.dot.x, 0);
  const heads = (await page.locator('.colhead').boundingBox())!;
  await finger.drag([250, heads.y + 12, 90, heads.y + 12]);
  expect((await settled(page)).dot.x).toBeLessThan(home.dot.x - 100);

  // Two one way, to the last column.
  for (let i = 0; i < 3; i++) await finger.drag([200, 400, 40, 400], [280, 420, 120, 420]);
  const moved = await settled(page);
  expect(Math.abs(moved.last - moved.axis)).toBeLessThan(2 * home.column);
  expect(await ordered(page)).toEqual([]);
  const { id, ...point } = await pointOn(page, 9, 0.4);
  await finger.tap(point);
  await page.waitForFunction(() => window.ordered.length > 0);
  expect(await ordered(page)).toEqual([id]);

  await page.locator('#to-price').click();
  await isHome(page);
  const back = await settled(page);
  expect(Math.abs(back.dot.x - home.dot.x)).toBeLessThan(1);

  // Two thumbs that play, one after the other, are two taps.
  const [one, two] = [await pointOn(page, 2, 0.35), await pointOn(page, 3, 0.6)];
  await finger.down(one);
  await finger.down(one, two);
  await finger.up(0, one);
  await finger.up(1, two);
  await page.waitForFunction(() => window.ordered.length >= 3);
  expect((await ordered(page)).toSorted()).toEqual([id, one.id, two.id].toSorted());
  await isHome(page);
  await zoomIs(page, '100 %');
  expect(await page.evaluate(() => window.shift)).toBeLessThan(0.01);
  expect(faults).toEqual([]);
  await context.close();
}, 300_000);

test('a wheel, a mouse and keys do the same on a desktop, and the focus stays in sight', async () => {
  const context = await theatre.context(DESKTOP);
  const { page, faults } = await play(context);
  const home = await settled(page);
  const grid = (await page.locator('#grid').boundingBox())!;
  await page.mouse.move(grid.x + 400, grid.y + 200);
  await page.mouse.wheel(0, -160);
  await isAway(page);
  expect((await settled(page)).dot.y).toBeGreaterThan(home.dot.y + 20);
  await page.keyboard.press('Home');
  await isHome(page);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await zoomIs(page, '1[23]\\d? %|125 %');
  await page.keyboard.press('0');
  await zoomIs(page, '100 %');
  for (const [key, text] of [
    ['+', '120 %'],
    ['+', '145 %'],
    ['-', '120 %'],
  ] as const) {
    await page.keyboard.press(key);
    await zoomIs(page, text);
    await said(page, `Zoom ${text}.`).waitFor({ state: 'attached' });
  }
  await page.keyboard.press('PageUp');
  await isAway(page);
  await page.keyboard.press('Home');
  await isHome(page);
  await page.keyboard.press('Shift+PageDown');
  await isAway(page);
  await page.locator('#to-price').focus();
  await page.keyboard.press('Enter');
  await isHome(page);
  await settled(page);
  // The focus does not fall off the board with the button.
  expect(await page.evaluate(() => document.activeElement.closest('#grid') !== null)).toBe(true);
  await page.locator('#grid').focus();
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight');
  await settled(page);
  const seen = await page.evaluate(() => {
    const cell = document.activeElement.getBoundingClientRect();
    const pane = document.querySelector('.pane').getBoundingClientRect();
    return [cell.left >= pane.left - 2, cell.right <= pane.right + 2, cell.top >= pane.top - 2];
  });
  expect(seen).toEqual([true, true, true]);
  expect(await ordered(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
}, 300_000);

test('nothing is cut through its digits, on small phones and with large letters', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await play(context);
  const cut: Record<string, string[]> = {};
  for (const width of [320, 390, 430, 1280])
    for (const letters of [16, 24]) {
      await page.setViewportSize({ width, height: width > 1000 ? 800 : 844 });
      await page.evaluate((px) => (document.documentElement.style.fontSize = `${px}px`), letters);
      await settled(page);
      const texts = await cutTexts(page);
      if (texts.length > 0) cut[`${width} px, ${letters} px letters`] = texts;
    }
  expect(cut).toEqual({});
  await context.close();
}, 300_000);
