import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { badge, bet } from '../stage/board-tap.ts';
import { PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { pointOn } from '../stage/finger.ts';
import { connected, practise, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const indexedDB: any;

const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

const sessionOf = (page: Page) => page.locator('body').getAttribute('data-session');

for (const when of ['before the server has heard of it', 'after the server has answered'] as const)
  test(`a tab that is opened while another one makes its account, ${when}: both play in one session`, async () => {
    const context = await theatre.context(PHONE);
    const { page, faults } = await visit(context, stage.origin);
    const [opened, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let made = 0;
    await context.route('**/api/v1/practice', async (route) => {
      made++;
      if (when === 'before the server has heard of it') {
        opened.resolve();
        await goOn.promise;
        return route.continue();
      }
      const response = await route.fetch();
      opened.resolve();
      await goOn.promise;
      return route.fulfill({ response });
    });
    await page.locator('.bar .button').click();
    await page.locator('dialog [data-practice]').click();
    await opened.promise;
    const { page: second } = await visit(context, stage.origin);
    await second.locator('#grid').waitFor();
    goOn.resolve();
    for (const tab of [page, second]) {
      await tab.locator('#balance').waitFor();
      await connected(tab);
    }
    expect(await sessionOf(second)).toBe(await sessionOf(page));
    await bet(page, 2, 1);
    await bet(second, 2, -1);
    expect(await page.locator('#said').textContent()).not.toContain('session key');
    expect(made).toBe(1);
    expect(faults).toEqual([]);
    await context.close();
  }, 180_000);

/** Drops keys from the browser's store, as clearing its data does. */
const dropKeys = (page: Page, names: readonly string[]): Promise<void> =>
  page.evaluate(
    (names) =>
      new Promise<void>((done, failed) => {
        const opening = indexedDB.open('tapgrid', 1);
        opening.onerror = failed;
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('keys', 'readwrite');
          for (const name of names) transaction.objectStore('keys').delete(name);
          transaction.oncomplete = () => (opening.result.close(), done());
        };
      }),
    names,
  );

test('a page whose session lost its key comes back by itself, and the tap is placed', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, stage.origin);
  const first = await sessionOf(page);
  await dropKeys(page, ['session']);
  const { id, x, y } = await pointOn(page, 4, 0.5);
  await page.mouse.click(x, y);
  await page.locator(`body[data-session]:not([data-session="${first}"])`).waitFor();
  await badge(page.locator(`#${id}`), 'locked').waitFor();
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

test('where every key is gone the sheet to sign in opens, and says why', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  const first = await sessionOf(page);
  await dropKeys(page, ['session', 'practice']);
  const { x, y } = await pointOn(page, 4, 0.5);
  await page.mouse.click(x, y);
  const sheet = page.locator('#signin[open]:not(.rising)');
  await sheet.waitFor();
  expect(await sheet.locator('[data-waiting]').textContent()).toStartWith(
    'This browser has lost its session key. Sign in again. Your tap is placed as soon as you start: ' +
      '$10 of play money on ',
  );
  expect(await page.locator('#plane .bet').count()).toBe(0);
  await sheet.locator('[data-practice]').click();
  await page.locator(`body[data-session]:not([data-session="${first}"])`).waitFor();
  await connected(page);
  await bet(page, 3, 1);
  await context.close();
}, 120_000);
