import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { cellAt, tap } from '../stage/board-tap.ts';
import { PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { connected, practise } from '../stage/visit.ts';
import { HeldLine } from '../stage/held-line.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;

const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
let line: HeldLine;
let origin: string;
beforeAll(async () => {
  line = await HeldLine.to(stage.port);
  origin = `http://localhost:${line.port}`;
  await stage.start({ PUBLIC_ORIGIN: origin });
});
afterEach(() => {
  stage.goOn();
  line.release();
});
afterAll(async () => {
  await theatre.end();
  line.close();
  await stage.end();
});

const isClosed = (page: Page, text: RegExp): Promise<void> =>
  page.locator('#closed:not([hidden])', { hasText: text }).waitFor();
const sells = async (page: Page): Promise<void> => {
  await page.locator('#grid:not(.closed)').waitFor();
  await connected(page);
};
/** Numbers that can be read on cells, and cells that are warm. */
const forSale = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      [...document.querySelectorAll('.col .cell')].filter((cell) => {
        const { color, backgroundColor } = window.getComputedStyle(cell);
        return (
          (!/, 0\)$/.test(color) && cell.textContent !== '' && cell.firstElementChild === null) ||
          backgroundColor !== 'rgba(0, 0, 0, 0)'
        );
      }).length,
  );
const seconds = async (page: Page): Promise<number> =>
  Number(/for (\d+) s/.exec((await page.locator('#closed').textContent())!)?.[1]);
/** The line dies while the finger is down: the tap leaves the page and nobody hears of it. */
async function tapInto(page: Page, dies: () => void): Promise<void> {
  const box = (await (await cellAt(page, 3, 0)).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  dies();
  await page.mouse.up();
  await page.locator('#plane .bet').waitFor({ state: 'attached' });
}

test.each([
  ['in both directions', {}],
  ['from the server', { up: true }],
])(
  'a line that forwards nothing %s and closes nothing: the board says for how long, sells nothing, and comes back over a new line',
  async (_, direction) => {
    const context = await theatre.context(PHONE);
    const { page } = await practise(context, origin);
    await sells(page);
    expect(await forSale(page)).toBeGreaterThan(10);
    await tapInto(page, () => line.hold(direction));
    await isClosed(page, /No prices for (?:[2-9]|\d\d+) s.*Reconnecting/s);
    expect(await forSale(page)).toBe(0);
    expect(await page.locator('body').getAttribute('data-link')).toBe('lost');
    const first = await seconds(page);
    await page.waitForFunction(
      (first) => Number(/for (\d+) s/.exec(document.querySelector('#closed').textContent)?.[1]) > first,
      first,
    );
    // The price line ends where the last price was: nothing of it is left once that has drifted away, and no
    // mark says where the price is.
    expect(
      await page.locator('.mark').evaluate((mark: any) => window.getComputedStyle(mark).visibility),
    ).toBe('hidden');
    await tap(page, await cellAt(page, 3, 2));
    await page.locator('#toast', { hasText: 'Reconnecting: nothing was sent.' }).waitFor();
    await page.locator('.bet.unknown').waitFor({ state: 'attached' });
    line.release();
    await sells(page);
    await page
      .locator('#said', { hasText: /Your tap went through|tap did not go through; nothing was deducted/ })
      .waitFor();
    expect(await page.locator('.bet.unknown').count()).toBe(0);
    expect(await forSale(page)).toBeGreaterThan(10);
    await context.close();
  },
  300_000,
);

test('a line that takes nothing any more but brings prices: a tap asks again over a new one', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, origin);
  await sells(page);
  await tapInto(page, () => line.hold({ down: true }));
  await page.locator('.bet.unknown').waitFor();
  // New lines work; the one that the page holds does not.
  line.release();
  await page
    .locator('#said', { hasText: /Your tap went through|tap did not go through; nothing was deducted/ })
    .waitFor();
  await sells(page);
  await context.close();
}, 300_000);

test('a server that stands still, and goes on', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, origin);
  await sells(page);
  stage.stop();
  await isClosed(page, /No prices for \d+ s/);
  stage.goOn();
  await sells(page);
  await context.close();
}, 300_000);

test('prices that stop while the line lives: the board says so, and the line is kept', async () => {
  const short = new Stage([{ seconds: 14, price: 76_010 }], false);
  await short.start();
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, short.origin);
  await page.evaluate(() => (window.dialled = 0));
  await page.evaluate(() => document.addEventListener('htmx:ws:before:connection', () => window.dialled++));
  await page.waitForFunction(() =>
    /No prices for (?:[5-9]|\d\d+) s/.test(document.querySelector('#closed').textContent),
  );
  expect(await forSale(page)).toBe(0);
  expect(await page.locator('#closed').textContent()).not.toContain('Reconnecting');
  expect(await page.locator('body').getAttribute('data-link')).toBe('open');
  expect(await page.evaluate(() => window.dialled)).toBe(0);
  await tap(page, await cellAt(page, 2, 0));
  await page.locator('#toast', { hasText: /No prices for \d+ s\. .* Nothing was sent\./ }).waitFor();
  await context.close();
  await short.end();
}, 300_000);

test('a phone that slept on a dead line dials anew when it is looked at, and does not wait for the old line to close', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, origin);
  await sells(page);
  line.hold();
  const look = (hidden: boolean): Promise<void> =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new window.Event('visibilitychange'));
    }, hidden);
  await look(true);
  expect(await page.locator('body').getAttribute('data-link')).toBe('lost');
  line.release();
  await look(false);
  // The old line holds its close for a minute.
  await page.locator('#grid:not(.closed)').waitFor({ timeout: 20_000 });
  await context.close();
}, 300_000);

test('timers that stood still: what came meanwhile is read first, and a living line is kept', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, origin);
  await sells(page);
  await page.evaluate(() => (window.dialled = 0));
  await page.evaluate(() => document.addEventListener('htmx:ws:before:connection', () => window.dialled++));
  // Nothing on this thread runs for longer than a silent line lives.
  await page.evaluate(() => {
    for (const until = performance.now() + 5_000; performance.now() < until; );
  });
  await sells(page);
  await page.waitForTimeout(1_500);
  expect(await page.evaluate(() => window.dialled)).toBe(0);
  await context.close();
}, 300_000);

test('a page that is offline says so, and is back as soon as the network is', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, origin);
  await sells(page);
  line.hold();
  await context.setOffline(true);
  await isClosed(page, /No prices for \d+ s.*You are offline/s);
  line.release();
  await context.setOffline(false);
  await sells(page);
  await context.close();
}, 300_000);

test('a page that comes back before the first prices goes on with them', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, origin);
  await sells(page);
  await page.evaluate(() => (window.wasLoaded = true));
  // A recording decides no bet of the run before: there are no prices until its window is over, which is far
  // enough ahead that page and server are back before.
  const box = (await (await cellAt(page, 4, 0)).boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator('#plane .bet.locked').waitFor();
  await stage.kill();
  await page.locator('body:not([data-link=open])').waitFor();
  const started = stage.start({ PUBLIC_ORIGIN: origin });
  await page.locator('body[data-link=open]').waitFor();
  expect((await fetch(`${origin}/api/v1/grid`)).status).not.toBe(200);
  expect(await forSale(page)).toBe(0);
  await started;
  await sells(page);
  await page.waitForFunction(
    () => document.querySelectorAll('.col:not(.past):not(.current) .cell:not(.off)').length > 10,
  );
  expect(await page.evaluate(() => window.wasLoaded)).toBe(true);
  await context.close();
}, 300_000);

test('a page for which there is no place says so, and comes in when there is one', async () => {
  const narrow = new Stage([{ seconds: 600, price: 76_010 }], true, { SOCKETS_PER_ADDRESS_MAX: '1' });
  await narrow.start();
  const context = await theatre.context(PHONE);
  const { page: first } = await practise(context, narrow.origin);
  const second = await context.newPage();
  await second.goto(narrow.origin);
  await isClosed(second, /Too many pages open from your address/);
  expect(await second.locator('#closed').textContent()).not.toContain('Reconnecting');
  await first.close();
  await sells(second);
  await context.close();
  await narrow.end();
}, 300_000);

test('another recording after a restart: no column keeps the bands of the old one, and nothing of it is for sale', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, origin);
  await sells(page);
  const bandsOf = (): Promise<number[]> =>
    page.evaluate(
      () =>
        [
          ...new Set(
            [...document.querySelectorAll('.col:not(.past)')].map((column) => Number(column.dataset.band)),
          ),
        ] as number[],
    );
  const [before] = await bandsOf();
  await stage.kill();
  await page.locator('body:not([data-link=open])').waitFor();
  // A hundred times as lively.
  const lively = Array.from({ length: 3_000 }, (_, i) => ({
    seconds: 0.2,
    price: 30_000 + Math.round(90_000 * Math.sin(i / 5) * Math.cos(i / 3)) / 100,
  }));
  await stage.start({ PUBLIC_ORIGIN: origin }, lively);
  await connected(page);
  const { columns } = (await (await fetch(`http://localhost:${stage.port}/api/v1/grid`)).json()) as {
    columns: { start: number; band: number }[];
  };
  const bands = new Set(columns.map(({ band }) => band));
  expect(bands).not.toContain(before);
  await page.waitForFunction(
    (starts) => starts.every((start) => document.querySelector(`.col[data-start="${start}"]`) !== null),
    columns.slice(1).map(({ start }) => start),
  );
  await page.waitForFunction(
    (bands) =>
      [...document.querySelectorAll('.col:not(.past)')].every((column) =>
        bands.includes(Number(column.dataset.band)),
      ),
    [...bands],
  );
  // The first paint of a page that was just opened has the same columns at the same bands.
  const shown = await page.evaluate(
    () =>
      Object.fromEntries(
        [...document.querySelectorAll('.col:not(.past)')].map(({ dataset }) => [
          dataset.start,
          Number(dataset.band),
        ]),
      ) as Record<string, number>,
  );
  for (const { start, band } of columns.slice(1)) expect([start, shown[start]]).toEqual([start, band]);
  expect(faults.filter((fault) => !/htmx:ws:error|ERR_/.test(fault))).toEqual([]);
  await context.close();
}, 300_000);
