import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { bet } from '../stage/board-tap.ts';
import { tapgrid } from '../stage/command.ts';
import { practise } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;

const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true, { WINDOW_MS: '2000', COLUMNS_AHEAD: '5' });
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

const order = async (line: string, reason: string): Promise<void> => {
  const env = { DATA_DIR: join(stage.folder, 'data') };
  const { code, said } = await tapgrid([...line.split(' '), '--reason', reason, '--by', 'Ann'], { env });
  expect([code, said]).toEqual([0, expect.any(String)]);
};

test('a trader who is blocked reads it on the open page at once, and what is allowed on the account page', async () => {
  const context = await theatre.context(PHONE, 'dark');
  const { page, faults } = await practise(context, stage.origin);
  const accountId = await page.evaluate(async () => (await (await fetch('/api/v1/account')).json()).id);
  await order(`accounts limit ${accountId} --stake 5 --day 100`, 'affordability check');
  await order(`accounts block ${accountId}`, 'ticket 4711');
  const banner = page.locator('#restriction .banner');
  await banner.getByText('Your account is blocked').waitFor();
  await page.locator('#closed:not([hidden])').getByText('Your account is blocked').waitFor();
  expect(await page.locator('#grid').getAttribute('class')).toContain('closed');
  await page.goto(`${stage.origin}/account`);
  const set = page.locator('.operator-limits');
  expect(await set.textContent()).toMatch(
    /Set by the operator.*cannot bet.*Highest stake of one tap\$5\.00Stakes in one UTC day\$100\.00/,
  );
  expect(await page.content()).not.toContain('ticket 4711');
  await page.goto(stage.origin);
  await order(`accounts unblock ${accountId}`, 'the ticket is closed');
  await banner.waitFor({ state: 'detached' });
  await page.locator('#closed').waitFor({ state: 'hidden' });
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

test('a maintenance is told beforehand with the time of this place, closes the board, and is over by itself', async () => {
  const context = await theatre.context(DESKTOP, 'light', { timezoneId: 'America/New_York' });
  const { page, faults } = await practise(context, stage.origin);
  await order('halt --at +30s --for 5s', 'new disks');
  const banner = page.locator('#maintenance .banner');
  await banner.getByText(/\d{1,2} [A-Z][a-z]{2}, \d\d:\d\d.–.\d\d:\d\d GMT−[45]/).waitFor();
  expect(await banner.textContent()).toContain('new disks');
  // The board sells on until then.
  await bet(page, 1, 0);
  await page.locator('#health .halt').getByText('Maintenance').waitFor();
  expect(await banner.count()).toBe(0);
  await page.locator('#closed:not([hidden])').getByText('Taps are paused for maintenance').waitFor();
  expect(await page.locator('#closed small').textContent()).toMatch(
    /^Until \d{1,2} [A-Z][a-z]{2}, \d\d:\d\d GMT−[45]: new disks; open bets continue\.$/,
  );
  await page.locator('#health .banner').waitFor({ state: 'detached' });
  await page.locator('#closed').waitFor({ state: 'hidden' });
  expect(await page.locator('#result-list').textContent()).not.toContain('back');
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);
