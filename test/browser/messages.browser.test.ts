import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { bet, cellAt, tap } from '../stage/board-tap.ts';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { Finger } from '../stage/finger.ts';
import { connected, practise, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;

const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

test('an open page is told when its server comes back with prices of another source, and not when they are of the same', async () => {
  const house = new Stage([{ seconds: 600, price: 76_010 }], true);
  await house.start({ FEED: 'walk:7' });
  const context = await theatre.context(PHONE);
  const { page } = await visit(context, house.origin);
  const banner = () => page.locator('#feed').textContent();
  await connected(page);
  expect(await banner()).toContain('Simulated prices');
  const changed = page.locator('#toast', {
    hasText: 'Prices now come from another source: recorded prices: prices.csv.gz.',
  });
  try {
    await house.kill();
    await page.locator('body[data-link=lost]').waitFor();
    await house.start({ FEED: 'walk:7' });
    await connected(page);
    expect(await changed.count()).toBe(0);
    await house.kill();
    await page.locator('body[data-link=lost]').waitFor();
    await house.start();
    await changed.waitFor({ state: 'attached' });
    expect(await banner()).toContain('Recorded prices');
    expect(await banner()).toContain('play money only');
  } finally {
    await context.close();
    await house.end();
  }
}, 240_000);

test('a recording that is over is told as that, to the page and to whoever asks for health', async () => {
  const house = new Stage([{ seconds: 12, price: 76_010 }], false);
  await house.start();
  const context = await theatre.context(PHONE);
  const { page } = await visit(context, house.origin);
  try {
    await page.locator('#health', { hasText: 'Taps are paused — the recording is over' }).waitFor();
    await page.locator('#closed:not([hidden])', { hasText: /recording is over/i }).waitFor();
    const health = (await (
      await fetch('http://operations/healthz', { unix: join(house.folder, 'data', 'operations.sock') })
    ).json()) as { causes: { cause: string; detail: string }[] };
    expect(health.causes[0]).toMatchObject({ cause: 'recording_over', detail: 'the recording is over' });
  } finally {
    await context.close();
    await house.end();
  }
}, 120_000);

test.each([PHONE, DESKTOP])(
  'a message covers no cell, and a press on it takes it away and taps nothing: %j',
  async (viewport) => {
    const context = await theatre.context(viewport);
    const { page, faults } = await practise(context, stage.origin);
    const toast = page.locator('#toast:not([hidden])');
    // The soonest column: once it is locked, a tap on it is refused with a sentence.
    const cell = await cellAt(page, 0, 0);
    await page.waitForFunction(
      (id) => document.getElementById(id).parentElement.matches('.locked'),
      await cell.getAttribute('id'),
    );
    await tap(page, cell);
    await toast.waitFor();
    const [message, board] = [(await toast.boundingBox())!, (await page.locator('#grid').boundingBox())!];
    expect(message.y).toBeGreaterThanOrEqual(0);
    expect(message.y + message.height).toBeLessThanOrEqual(board.y);
    const point = { x: message.x + message.width / 2, y: message.y + message.height / 2 };
    if (viewport === PHONE) await (await Finger.on(page)).tap(point);
    else await page.mouse.click(point.x, point.y);
    await page.locator('#toast[hidden]').waitFor({ state: 'attached' });
    // One that lies over cells for whatever reason lets no press through either.
    await page.evaluate(() =>
      Object.assign(document.getElementById('toast'), { hidden: false }).style.setProperty(
        'transform',
        'translate(120px, 320px)',
      ),
    );
    if (viewport === PHONE) await (await Finger.on(page)).tap({ x: 140, y: 335 });
    else await page.mouse.click(140, 335);
    await page.locator('#toast[hidden]').waitFor({ state: 'attached' });
    expect(await page.locator('#plane .bet, #signin[open]').count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  },
  120_000,
);

test('bets that were decided while a page slept are told when it wakes', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, stage.origin);
  // A row above a price that does not move: it loses.
  const cell = await bet(page, 1, 2);
  const closesAt = Number(/^c(\d+)-/.exec((await cell.getAttribute('id'))!)![1]) + 5_000;
  const turn = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await turn(true);
  await stage.recorded(closesAt + 1_500);
  await turn(false);
  const heard = page.locator('#toast', { hasText: 'While you were away: 1 lost.' });
  await heard.waitFor({ state: 'attached' });
  // It is told once.
  await turn(true);
  await page.evaluate(() => (document.getElementById('toast').textContent = ''));
  await turn(false);
  await connected(page);
  await page.locator('#result-list .lost').waitFor({ state: 'attached' });
  expect(await heard.count()).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

test('however many notices share the strip, each can be read whole, "play money only" first of all', async () => {
  for (const viewport of [PHONE, { width: 700, height: 900 }, DESKTOP]) {
    const context = await theatre.context(viewport);
    const { page } = await visit(context, stage.origin);
    await connected(page);
    const board = await page.locator('#grid').boundingBox();
    const cut = await page.evaluate(() => {
      document.getElementById('health').innerHTML =
        '<p class="banner halt"><b>Taps are paused</b> — <span>the price has not moved</span>' +
        '<span class="more">; bets are taken and paid</span></p>';
      const banners = [...document.querySelectorAll('.banner:not([hidden])')].filter(
        (banner: any) => banner.clientWidth > 0,
      );
      return banners
        .filter(
          (banner: any) =>
            banner.scrollWidth > banner.clientWidth || banner.scrollHeight > banner.clientHeight,
        )
        .map((banner: any) => banner.innerText);
    });
    expect(cut).toEqual([]);
    expect(await page.locator('#feed', { hasText: 'play money only' }).innerText()).toContain(
      'play money only',
    );
    // And nothing moved under a finger.
    expect(await page.locator('#grid').boundingBox()).toEqual(board);
    await context.close();
  }
}, 120_000);
