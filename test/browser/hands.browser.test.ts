import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { CDPSession, Page } from 'playwright-core';
import { PHONE_SLOWDOWN } from '../../loadtest/page/page-cost.ts';
import { PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { pointOn, type Point } from '../stage/finger.ts';
import { dollarsOf, practise, reads, said } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const getComputedStyle: any;

const theatre = new Theatre();
// The price stands still, so no bet comes back as moved.
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

/**
 * Fingers on the glass, each event at a moment of its own by the clock of the glass: how late the machine
 * sends it does not matter.
 */
class Glass {
  readonly #fingers = new Map<number, Point>();

  constructor(private readonly devtools: CDPSession) {}

  static async of(page: Page): Promise<Glass> {
    return new Glass(await page.context().newCDPSession(page));
  }

  /** @param at UTC epoch ms */
  async down(id: number, point: Point, at = Date.now()): Promise<void> {
    this.#fingers.set(id, point);
    await this.#send('touchStart', this.#fingers, at);
  }

  async move(id: number, point: Point): Promise<void> {
    this.#fingers.set(id, point);
    await this.#send('touchMove', this.#fingers, Date.now());
  }

  async up(id: number, at = Date.now()): Promise<void> {
    const left = this.#fingers.get(id);
    this.#fingers.delete(id);
    if (left) await this.#send('touchEnd', [[id, left]], at);
  }

  async tap(point: Point): Promise<void> {
    await this.down(1, point);
    await Bun.sleep(60);
    await this.up(1);
  }

  async #send(
    type: 'touchStart' | 'touchMove' | 'touchEnd',
    fingers: Iterable<readonly [id: number, point: Point]>,
    at: number,
  ): Promise<void> {
    await this.devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: [...fingers].map(([id, { x, y }]) => ({ id, x, y })),
      timestamp: at / 1000,
    });
  }
}

/** Where cells are now: the board drifts. */
const middlesOf = (page: Page, ids: readonly string[]): Promise<Point[]> =>
  page.evaluate(
    (all) =>
      all.map((id) => {
        const { left, top, width, height } = document.getElementById(id).getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      }),
    ids,
  );

/** Bets on a cell by what the server has drawn. */
const betsOn = (page: Page, id: string, bets: number, status = 'locked'): Promise<unknown> =>
  page.locator(`#${id} .bet.${status}[data-bets="${bets}"]`).waitFor();

test('a second tap adds a stake as a bet of its own, a finger that bounces does not', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, stage.origin);
  const glass = await Glass.of(page);
  const { id } = await pointOn(page, 4, 0.5);
  const tap = async () => glass.tap((await middlesOf(page, [id]))[0]!);
  const [point] = (await middlesOf(page, [id])) as [Point];
  const at = Date.now();
  await glass.down(1, point, at);
  await glass.up(1, at + 50);
  await glass.down(1, point, at + 75);
  await glass.up(1, at + 130);
  await betsOn(page, id, 1);
  expect(await dollarsOf(page)).toBe(9_990);

  await tap();
  await betsOn(page, id, 2);
  expect(await page.locator(`#${id} .bet`).textContent()).toMatch(/^\$20 \d+\.\d\d× ×2$/);
  expect(await page.locator('#open-list li').allTextContents()).toEqual([
    expect.stringMatching(/2 bets, \$20.*pays \$\d+\.\d\d\$10 × \d+\.\d\d, \$10 × \d+\.\d\d$/),
  ]);
  await reads(page, '#open-badge', '2');
  for (let bets = 3; bets <= 5; bets++) {
    await tap();
    await betsOn(page, id, bets);
  }
  await tap();
  await said(page, 'You have 5 bets on that cell, the most there can be.').waitFor({ state: 'attached' });
  expect(await dollarsOf(page)).toBe(9_950);
  // Nothing of the browser's own came between: no zoom, no selection.
  expect(
    await page.evaluate(() => [
      document.defaultView.visualViewport.scale,
      String(document.getSelection()),
      getComputedStyle(document.documentElement).overscrollBehaviorY,
    ]),
  ).toEqual([1, '', 'none']);
  const ids = (await page.locator(`#${id} .bet`).getAttribute('data-bet'))!.split(' ');
  expect(new Set(ids).size).toBe(5);
  for (const bet of ids.slice(0, 2)) {
    const { order, stake } = await (await fetch(`${stage.origin}/api/v1/bets/${bet}/receipt`)).json();
    expect([order.index, stake]).toEqual([0, 10_000_000]);
  }
  expect(faults).toEqual([]);
  await context.close();
}, 300_000);

test('two thumbs at ten taps a second each place every one of them, on a slow phone', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, stage.origin);
  await page.getByRole('button', { name: '$1', exact: true }).click();
  const glass = await Glass.of(page);
  const ids: string[] = [];
  for (const column of [3, 4])
    for (const share of [0.35, 0.5, 0.65]) ids.push((await pointOn(page, column, share)).id);
  // As many as an account may have in one second, however late a busy page sends them.
  const TAPS = 9;
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: PHONE_SLOWDOWN });
  const middles = await middlesOf(page, ids);
  const began = Date.now();
  /** At this moment, or as soon after it as this machine comes to it. */
  const at = async (ms: number): Promise<number> => {
    await Bun.sleep(Math.max(0, began + ms - Date.now()));
    return began + ms;
  };
  for (let i = 0; i < TAPS; i++) {
    const [left, right] = [middles[i % 3]!, middles[3 + (i % 3)]!];
    // Each rests for 60 ms, so that each comes down while the other one rests.
    await glass.down(1, left, await at(100 * i));
    if (i > 0) await glass.up(2, await at(100 * i + 10));
    await glass.down(2, right, await at(100 * i + 50));
    await glass.up(1, await at(100 * i + 60));
  }
  await glass.up(2, await at(100 * TAPS + 10));
  await reads(page, '#balance b', `$${(10_000 - 2 * TAPS).toLocaleString('en')}.00`);
  for (const id of ids) await betsOn(page, id, TAPS / 3);
  expect(faults).toEqual([]);
  await context.close();
}, 300_000);

test('a swipe, a stake of its own, and the last pattern again as one order after a look at it', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, stage.origin);
  const stakeIs = (text: string) => page.locator('#ticket').getByText(`${text} × its number`).waitFor();
  await page.getByRole('button', { name: 'Half the stake' }).click();
  await stakeIs('$5');
  for (const text of ['$10', '$20']) {
    await page.getByRole('button', { name: 'Double the stake' }).click();
    await stakeIs(text);
  }
  const own = page.getByRole('button', { name: /^Another stake/ });
  const field = page.locator('#own-stake input');
  await own.click();
  // What has just come up takes no press.
  await page.locator('#own-stake:not(.rising)').waitFor();
  for (const wrong of ['0.99', '100.01', '12.345', 'ten']) {
    await field.fill(wrong);
    await field.press('Enter');
    await page.locator('#own-stake [role=alert]').getByText('from $1 to $100').waitFor();
  }
  await page.getByRole('button', { name: 'Max' }).click();
  expect(await field.inputValue()).toBe('100');
  await field.fill('2,5');
  await field.press('Enter');
  await stakeIs('$2.50');
  expect(await own.textContent()).toBe('$2.50');

  const glass = await Glass.of(page);
  const first = await pointOn(page, 2, 0.4);
  const { height } = (await page.locator(`#${first.id}`).boundingBox())!;
  await glass.down(1, first);
  await glass.move(1, { x: first.x, y: first.y + 2 * height });
  await page.locator('#ticket').getByText('3 cells, $7.50').waitFor();
  await glass.up(1);
  await reads(page, '#balance b', '$9,992.50');
  await page.waitForFunction(() => document.querySelectorAll('#plane .bet.locked').length === 3);

  const again = page.locator('#repeat');
  await again.click();
  await page.locator('#ticket').getByText('3 bets, $7.50').waitFor();
  expect(await page.locator('.cell.armed').count()).toBe(3);
  // A look at it costs nothing, and Escape forgets it.
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('.cell.armed') === null);
  expect(await dollarsOf(page)).toBe(9_992.5);
  await page.keyboard.press('r');
  await page.locator('#repeat[aria-pressed=true]:not(.rising)').waitFor();
  await again.click();
  await reads(page, '#balance b', '$9,985.00');
  expect(faults).toEqual([]);
  await context.close();
}, 300_000);
