import { afterAll, beforeAll, expect, test } from 'bun:test';
import { bet } from '../stage/board-tap.ts';
import { PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { practise, reads, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;

const theatre = new Theatre();
// The price stands still: the row that it is in wins when its window opens.
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
beforeAll(() => stage.start());
afterAll(async () => {
  await stage.end();
  await theatre.end();
});

test('a trader chooses a name, everybody sees their win under it, in the list and on the leaderboard, and it is gone when it is removed', async () => {
  const { page, faults } = await practise(await theatre.context(PHONE), stage.origin);
  const other = await visit(await theatre.context(PHONE, 'light'), stage.origin);
  await reads(page, '#people', '2 here');
  const wins = other.page.locator('#wins');

  await page.locator('.bar .icon').click();
  const form = page.locator('dialog #public-name');
  await form.locator('[name=name]').fill('admin');
  await form.locator('[name=agree]').check();
  await form.getByRole('button', { name: 'Save name' }).click();
  await form.locator('.notice', { hasText: 'cannot be used here' }).waitFor();
  await form.locator('[name=name]').fill('Ada-1815');
  await form.locator('[name=agree]').check();
  await form.getByRole('button', { name: 'Save name' }).click();
  await form.locator('.notice', { hasText: 'Saved.' }).waitFor();
  await page.keyboard.press('Escape');

  await bet(page, 0, 0);
  await wins.locator('li', { hasText: 'Ada-1815' }).waitFor();
  expect(await wins.locator('li').innerText()).toMatch(/^\+\$\d+\s+play\s+Ada-1815/);
  // Nobody is interrupted by it.
  expect(await other.page.evaluate(() => document.querySelector('#wins').closest('[aria-live]'))).toBeNull();
  await other.page.locator('#leaders', { hasText: 'Ada-1815' }).waitFor({ state: 'attached' });

  await page.locator('.bar .icon').click();
  await page.locator('dialog [data-setting=alone]').check();
  expect(await page.locator('#wins').isVisible()).toBe(false);
  await page.goto(`${stage.origin}/leaderboard`);
  await reads(page, '.ranking .own b', 'Ada-1815');
  await page.getByRole('button', { name: 'Remove my name' }).click();
  await page.locator('#public-name .notice', { hasText: 'Removed' }).waitFor();
  await other.page.waitForFunction(() => !document.body.textContent.includes('Ada-1815'));
  expect(await wins.locator('li').count()).toBe(1);
  expect([faults, other.faults]).toEqual([[], []]);
});
