import { afterAll, beforeAll, expect, test } from 'bun:test';
import { transferOf, PHONE_SLOWDOWN } from '../../loadtest/page/page-cost.ts';
import { connected, PHONE, practise, Stage, Theatre, visit, type Stretch } from '../../scripts/testing/browser-stage.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const innerWidth: number;
declare const MutationObserver: any;

/** Another price ten times a second, around the middle of a band, so that every frame has something to change. */
const LIVELY: readonly Stretch[] = Array.from({ length: 600 }, (_, i) => ({ seconds: 0.1, price: 76_010 + Math.round(300 * Math.sin(i / 7) * Math.cos(i / 3)) / 100 }));

const theatre = new Theatre();
const stage = new Stage(LIVELY, true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

const TAPS = 40;
/** As a finger does. */
const HELD_MS = 80;

test('every tap of a finger on a slow phone orders the cell under it, while the board moves ten times a second', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, stage.origin);
  await page.getByRole('button', { name: '$1', exact: true }).click();
  await page.evaluate(() => {
    const ordered: string[] = (window.ordered = []);
    const send = window.WebSocket.prototype.send;
    window.WebSocket.prototype.send = function (data: unknown) {
      const message = JSON.parse(String(data));
      for (const { cell } of message.taps ?? []) ordered.push(cell);
      return send.call(this, data);
    };
    window.changes = 0;
    new MutationObserver((records: unknown[]) => (window.changes += records.length)).observe(document.getElementById('plane'), { subtree: true, characterData: true });
  });
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: PHONE_SLOWDOWN });
  const meant: string[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < TAPS; i++) {
    const { id, x, y } = await freeCell(page, i);
    meant.push(id);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await page.waitForTimeout(HELD_MS);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }
  await page.waitForFunction((count) => window.ordered.length >= count, TAPS);
  const seconds = (performance.now() - startedAt) / 1000;
  const { ordered, changes } = await page.evaluate(() => ({ ordered: window.ordered as string[], changes: window.changes as number }));
  expect(ordered.map((cell) => cell.replace(/^(\d+)\.\d+\.(\d+)\.\d+$/, 'c$1-$2'))).toEqual(meant);
  // The board did move meanwhile: some twenty cells a second at the least.
  expect(changes / seconds).toBeGreaterThan(20);
  expect(faults).toEqual([]);
  await context.close();
}, 80_000);

/** A cell in sight that is for sale, has no bet, and does not lock while the finger is on its way; another one each turn. */
async function freeCell(page: Awaited<ReturnType<typeof practise>>['page'], turn: number): Promise<{ id: string; x: number; y: number }> {
  const found = await page.waitForFunction((turn) => {
    const columns = [...document.querySelectorAll('.col:not(.locked):not(.past):not(.current)')].sort((a, b) => a.dataset['start'] - b.dataset['start']).slice(1);
    const grid = document.getElementById('grid').getBoundingClientRect();
    const free = columns
      .flatMap((column) => [...column.children])
      .filter((cell) => cell.textContent !== '' && cell.firstElementChild === null)
      .map((cell) => ({ id: cell.id, box: cell.getBoundingClientRect() }))
      .filter(({ box }) => box.right < innerWidth - 60 && box.top > grid.top + 4 && box.bottom < grid.bottom - 4)
      .map(({ id, box }) => ({ id, x: box.x + box.width / 2, y: box.y + box.height / 2 }));
    return free[(turn * 7) % Math.max(1, free.length)];
  }, turn);
  return (await found.jsonValue()) as { id: string; x: number; y: number };
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
