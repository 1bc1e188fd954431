import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { badge } from '../stage/board-tap.ts';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { Finger, pointOn } from '../stage/finger.ts';
import { connected, dollarsOf, reads, said, visit } from '../stage/visit.ts';
import { installWallet } from '../stage/page-wallet.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;

const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

/** Opens the board without an account; `accounts` counts the practice accounts that the page asks for. */
async function stranger(viewport: typeof PHONE | typeof DESKTOP) {
  const context = await theatre.context(viewport);
  const accounts: string[] = [];
  context.on(
    'request',
    (request) => request.url().endsWith('/api/v1/practice') && accounts.push(request.method()),
  );
  const { page, faults } = await visit(context, stage.origin);
  await connected(page);
  return { context, page, faults, accounts };
}

/** The sheet is up for good: it takes presses, and nothing that belonged to the tap is still to come. */
async function stays(page: Page): Promise<void> {
  await page.locator('#signin[open]:not(.rising)').waitFor();
  await page.evaluate(
    () => new Promise((painted) => window.requestAnimationFrame(() => window.requestAnimationFrame(painted))),
  );
  expect(await page.locator('#signin[open]').count()).toBe(1);
}

/** The one bet of the account is on that cell. */
async function played(page: Page, id: string): Promise<void> {
  await badge(page.locator(`#${id}`), 'locked').waitFor();
  expect(await page.locator('#open-list li').count()).toBe(1);
  await reads(page, '#balance b', '$9,990.00');
}

describe.each([
  ['upper', 0.15],
  ['middle', 0.5],
  ['lower', 0.85],
] as const)('a finger in the %s third of a phone', (_, share) => {
  test('opens a sheet that stays, and after "Try it" exactly that cell is tapped', async () => {
    const { context, page, faults, accounts } = await stranger(PHONE);
    const finger = await Finger.on(page);
    const { id, ...point } = await pointOn(page, 4, share);
    await finger.tap(point);
    await stays(page);
    expect(accounts).toEqual([]);
    expect(await page.locator('#signin [data-waiting]').textContent()).toMatch(
      /^Your tap is placed as soon as you start: \$10 of play money on 7[56],\d+(\.\d\d)? – 7[56],\d+(\.\d\d)? at \d+\.\d\d×\. Time left: 0:\d\d\.$/,
    );
    await page.locator('#signin [data-practice]').tap();
    await played(page, id);
    expect(accounts).toEqual(['POST']);
    // It is played once.
    await page.reload();
    await connected(page);
    expect(await page.locator('#open-list li').count()).toBe(1);
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  test('taps twice in quick succession: the sheet stays, and no account is made', async () => {
    const { context, page, accounts } = await stranger(PHONE);
    const finger = await Finger.on(page);
    const point = await pointOn(page, 4, share);
    await finger.tapTwice(point);
    await stays(page);
    expect(accounts).toEqual([]);
    expect(await page.locator('#balance').count()).toBe(0);
    await context.close();
  }, 120_000);

  test('and the second tap lasts until the sheet takes presses: it began before', async () => {
    const { context, page, accounts } = await stranger(PHONE);
    const finger = await Finger.on(page);
    const point = await pointOn(page, 4, share);
    await finger.tap(point);
    await finger.down(point);
    await page.locator('#signin[open]:not(.rising)').waitFor();
    await finger.up();
    await stays(page);
    expect(accounts).toEqual([]);
    await page.locator('#signin [data-practice]').click();
    await page.locator('#balance').waitFor();
    await context.close();
  }, 120_000);
});

test('a mouse, too: the sheet stays, also under a double click, and that cell is tapped', async () => {
  const { context, page, accounts } = await stranger(DESKTOP);
  // A newcomer is shown a cell, and what it would pay.
  await page.locator('#coach', { hasText: /^\s*Tap\s*\$10 → \$\d+\.\d\d\s*$/ }).waitFor();
  expect(await page.locator('.cell[data-coached]').count()).toBe(1);
  const { id, x, y } = await pointOn(page, 5, 0.5);
  await page.mouse.dblclick(x, y);
  await stays(page);
  expect(accounts).toEqual([]);
  await page.locator('#signin [data-practice]').click();
  await played(page, id);
  await context.close();
}, 120_000);

test('Enter on a cell, held down: the sheet stays with the focus on itself, and that cell is tapped', async () => {
  const { context, page, accounts } = await stranger(DESKTOP);
  await page.locator('#grid').focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  const id = await page.evaluate(() => document.activeElement.id);
  await page.keyboard.down('Enter');
  await page.keyboard.down('Enter');
  await stays(page);
  // A key that is held repeats for as long as it likes.
  await page.keyboard.down('Enter');
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await stays(page);
  expect(accounts).toEqual([]);
  expect(await page.evaluate(() => document.activeElement.id)).toBe('signin');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await played(page, id);
  await context.close();
}, 120_000);

test('a cell that has closed by the time of "Try it" is told, and the nearest is pointed at', async () => {
  const { context, page } = await stranger(PHONE);
  const finger = await Finger.on(page);
  const { id, ...point } = await pointOn(page, 1, 0.5);
  await finger.tap(point);
  await stays(page);
  await page.waitForFunction(
    (id) => document.getElementById(id)?.parentElement.matches('.locked, .current, .past') ?? true,
    id,
  );
  // The sheet promises no more than can be kept.
  await page
    .locator('#signin[open] [data-waiting]', {
      hasText:
        /^You tapped [\d,.]+ – [\d,.]+\. That column has closed; we will show you the nearest open cell\.$/,
    })
    .waitFor();
  await page.locator('#signin [data-practice]').tap();
  await said(page, 'closed while you signed in; nothing was staked. The nearest one is marked.').waitFor({
    state: 'attached',
  });
  const pointed = (await page
    .locator('.col:not(.locked):not(.current):not(.past) .cell[data-pointed]')
    .getAttribute('id'))!;
  expect(pointed.split('-')[2]).toBe(id.split('-')[2]!);
  expect(await page.locator('#open-list li').count()).toBe(0);
  expect(await dollarsOf(page)).toBe(10_000);
  // What was pointed at can be tapped like any other.
  await finger.tap(await pointOn(page, 3, 0.5));
  await reads(page, '#open-count', '1');
  await context.close();
}, 120_000);

test('a sheet that was closed forgets the tap, however it was closed', async () => {
  const { context, page } = await stranger(PHONE);
  const finger = await Finger.on(page);
  const closings = [
    () => page.keyboard.press('Escape'),
    () => page.locator('#signin .close').tap(),
    () => page.touchscreen.tap(200, 60),
  ];
  for (const close of closings) {
    await finger.tap(await pointOn(page, 4, 0.5));
    await stays(page);
    await close();
    await page.locator('#signin').waitFor({ state: 'hidden' });
  }
  await page.locator('.bar .button').tap();
  await stays(page);
  expect(await page.locator('#signin [data-waiting]').isVisible()).toBe(false);
  await page.locator('#signin [data-practice]').tap();
  await page.locator('#balance').waitFor();
  await connected(page);
  expect(await page.locator('#plane .bet').count()).toBe(0);
  expect(await dollarsOf(page)).toBe(10_000);
  await context.close();
}, 120_000);

test('a press on the inner margin of a sheet, or one that began inside it, leaves it open', async () => {
  const { context, page } = await stranger(DESKTOP);
  await page.locator('.bar .button').click();
  await stays(page);
  const { x, y, width } = (await page.locator('#signin').boundingBox())!;
  await page.mouse.click(x + width / 2, y + 8);
  await page.mouse.move(x + width / 2, y + 40);
  await page.mouse.down();
  await page.mouse.move(x - 60, y - 20);
  await page.mouse.up();
  expect(await page.locator('#signin[open]').count()).toBe(1);
  await page.mouse.click(x - 60, y - 20);
  await page.locator('#signin').waitFor({ state: 'hidden' });
  await context.close();
}, 120_000);

test.each([
  [
    'is refused for now',
    {
      status: 429,
      contentType: 'application/json',
      body: JSON.stringify({
        error: { code: 'rate_limited', message: 'Too many requests. Slow down a little.' },
      }),
    },
    'slow down',
  ],
  ['does not get through', null, 'could not be reached'],
] as const)(
  'a practice account that %s: the sheet says why, stays, and the tap still waits',
  async (_, answer, sentence) => {
    const { context, page } = await stranger(PHONE);
    const finger = await Finger.on(page);
    await page.route('**/api/v1/practice', (route) =>
      answer === null ? route.abort() : route.fulfill(answer),
    );
    const { id, ...point } = await pointOn(page, 4, 0.5);
    await finger.tap(point);
    await stays(page);
    await page.locator('#signin [data-practice]').tap();
    await page.locator('#signin [data-signin-error]').getByText(sentence).waitFor();
    expect(await page.locator('#signin[open]').count()).toBe(1);
    await page.unroute('**/api/v1/practice');
    await page.locator('#signin [data-practice]').tap();
    await played(page, id);
    await context.close();
  },
  120_000,
);

test('with a wallet the cell is pointed at, and real money is staked by a tap of its owner alone', async () => {
  const context = await theatre.context(PHONE);
  await installWallet(context, {});
  const { page, faults } = await visit(context, stage.origin);
  await connected(page);
  const orders: string[] = [];
  page.on('websocket', (socket) =>
    socket.on(
      'framesent',
      ({ payload }) => String(payload).includes('"taps"') && orders.push(String(payload)),
    ),
  );
  const finger = await Finger.on(page);
  const { id, ...point } = await pointOn(page, 4, 0.5);
  await finger.tap(point);
  await stays(page);
  await page.locator('#signin [data-wallet]').tap();
  await said(page, 'This is the cell you tapped. Tap it again to stake $10.').waitFor({
    state: 'attached',
  });
  expect(await page.locator('#balance small').textContent()).toBe('USD');
  expect(await page.locator('.cell[data-pointed]').getAttribute('id')).toBe(id);
  expect(orders).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

test('a number that fell below the guard while somebody signed in is told with both, and not tapped', async () => {
  const { context, page, accounts } = await stranger(PHONE);
  const finger = await Finger.on(page);
  await finger.tap(await pointOn(page, 4, 0.5));
  await stays(page);
  // As if it had been three times as high when it was tapped: no market falls so far when it is told to.
  const high = await page.evaluate(() => {
    const kept = JSON.parse(window.sessionStorage.getItem('tapgrid-first-tap'));
    kept.cells[0].shown *= 3;
    window.sessionStorage.setItem('tapgrid-first-tap', JSON.stringify(kept));
    return kept.cells[0].shown;
  });
  await page.locator('#signin [data-practice]').tap();
  await said(page, `Its number fell from ${(high / 100).toFixed(2)} to `).waitFor({ state: 'attached' });
  expect(accounts).toEqual(['POST']);
  expect(await page.locator('#open-list li').count()).toBe(0);
  expect(await dollarsOf(page)).toBe(10_000);
  await context.close();
}, 120_000);

test('a cell that is not to be had opens no sheet: the page says why, also to a finger that holds it until it locks', async () => {
  const { context, page } = await stranger(PHONE);
  const finger = await Finger.on(page);
  const { id, ...point } = await pointOn(page, 0, 0.5);
  await finger.down(point);
  await page.waitForFunction((id) => document.getElementById(id).parentElement.matches('.locked'), id);
  await finger.up();
  await said(page, 'That column is locked.').waitFor({ state: 'attached' });
  expect(await page.locator('#signin[open]').count()).toBe(0);
  await context.close();
}, 120_000);

test('a second thumb taps while the first one rests on the board, and lifting the first taps, too', async () => {
  const { context, page, faults } = await stranger(PHONE);
  await page.locator('.bar .button').tap();
  await page.locator('#signin [data-practice]').tap();
  await page.locator('#balance').waitFor();
  await connected(page);
  const finger = await Finger.on(page);
  const [first, second] = [await pointOn(page, 4, 0.3), await pointOn(page, 3, 0.7)];
  await finger.down(first);
  await finger.down(first, second);
  await finger.up(1, second);
  await badge(page.locator(`#${second.id}`), 'locked').waitFor();
  expect(await page.locator('#plane .bet').count()).toBe(1);
  await finger.up();
  await badge(page.locator(`#${first.id}`), 'locked').waitFor();
  await reads(page, '#balance b', '$9,980.00');
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);
