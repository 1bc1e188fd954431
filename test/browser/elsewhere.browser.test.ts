import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cellAt, tap } from '../stage/board-tap.ts';
import { PHONE, Stage, Theatre, type Stretch } from '../stage/browser-stage.ts';
import { connected, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const getComputedStyle: any;

const LIVELY: readonly Stretch[] = Array.from({ length: 600 }, (_, i) => ({
  seconds: 0.2,
  price: 76_010 + Math.round(300 * Math.sin(i / 7) * Math.cos(i / 3)) / 100,
}));

const theatre = new Theatre();
const stage = new Stage(LIVELY, true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

test('a page at another address moves, sells nothing, and says where it can be played', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await visit(context, `http://127.0.0.1:${stage.port}/`);
  const written: string[] = [];
  page.on('request', (request) => request.method() !== 'GET' && written.push(request.url()));
  await connected(page);
  const price = await page.locator('#price').textContent();
  await page.waitForFunction((price) => document.querySelector('#price').textContent !== price, price);
  // One look for all that takes no bets, with its sentence: no number stands on the board.
  await page.locator('#closed:not([hidden])', { hasText: `Play at ${stage.origin}.` }).waitFor();
  expect(
    await page.evaluate(() => getComputedStyle(document.querySelector('.col:not(.past) .cell')).color),
  ).toBe('rgba(0, 0, 0, 0)');
  expect(await page.locator('#elsewhere a').getAttribute('href')).toBe(stage.origin);
  await tap(page, await cellAt(page, 2, 0));
  await page.locator('#toast', { hasText: `Play at ${stage.origin}` }).waitFor();
  expect(await page.locator('#signin[open], #plane .bet').count()).toBe(0);
  await page.locator('.bar .button').click();
  await page.waitForURL(`${stage.origin}/signin`);
  await page.locator('main [data-practice]').click();
  await page.locator('#balance').waitFor();
  expect(written).toEqual([`${stage.origin}/api/v1/practice`]);
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);
