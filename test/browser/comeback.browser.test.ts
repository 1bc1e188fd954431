import { afterAll, beforeAll, expect, test } from 'bun:test';
import { bet } from '../stage/board-tap.ts';
import { PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { connected, practise, reads, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const window: any;
declare const document: any;

const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
const poor = new Stage([{ seconds: 600, price: 76_010 }], true, {
  PRACTICE_GRANT_DOLLARS: '1',
  STAKES_DOLLARS: '1,5',
});
beforeAll(() => Promise.all([stage.start(), poor.start()]));
afterAll(async () => {
  await theatre.end();
  await Promise.all([stage.end(), poor.end()]);
});

test('a practice account whose session has ended comes back by itself, tells what happened, and plays on', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  // A row above a price that does not move: it loses.
  const cell = await bet(page, 1, 2);
  const closesAt = Number(/^c(\d+)-/.exec((await cell.getAttribute('id'))!)![1]) + 5_000;
  await page.close();
  await context.clearCookies();
  await stage.recorded(closesAt + 1_500);

  const { page: back, faults } = await visit(context, stage.origin);
  const sheet = back.locator('#away[open]');
  await sheet.waitFor();
  expect(await sheet.locator('[data-away]').textContent()).toBe(
    'One of your bets closed: 1 lost. It had staked $10.00 and returned nothing.',
  );
  await reads(back, '#balance b', '$9,990.00');
  await back.locator('#away:not(.rising)[open]').waitFor();
  await sheet.getByText('Continue', { exact: true }).click();
  await connected(back);
  await bet(back, 2, 0);
  // It is told once.
  await back.reload();
  await connected(back);
  expect(await back.locator('#away[open]').count()).toBe(0);
  expect(faults).toEqual([]);

  // Two tabs at once come back into one session.
  await context.clearCookies();
  const tabs = await Promise.all([
    visit(context, `${stage.origin}/rules`),
    visit(context, `${stage.origin}/statement`),
  ]);
  for (const { page: tab } of tabs) await tab.locator('#balance').waitFor();
  const sessions = await Promise.all(
    tabs.map(async ({ page: tab }) => (await tab.reload(), tab.locator('body').getAttribute('data-session'))),
  );
  expect(new Set(sessions).size).toBe(1);
  await context.close();
}, 240_000);

test('a page that is open when its session ends comes back by itself, unless somebody signed it out', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  const session = () => page.locator('body').getAttribute('data-session');
  const first = await session();
  // A tab that was away for longer than the idle limit: its socket comes back to nobody.
  await context.clearCookies();
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    delete (document as any).hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.locator(`body[data-session]:not([data-session="${first}"])`).waitFor();
  await connected(page);
  await page.locator('#toast', { hasText: 'Welcome back' }).waitFor();
  await bet(page, 2, 0);

  const out = await page.evaluate(() =>
    fetch('/api/v1/session?everywhere=true', { method: 'DELETE' }).then(({ status }) => status),
  );
  expect(out).toBe(204);
  await page.getByText('You were signed out').first().waitFor();
  await page.reload();
  await page
    .locator('dialog [data-practice]', { hasText: 'Continue with your practice account' })
    .waitFor({ state: 'attached' });
  await page.locator('.bar .button').click();
  await page.locator('#signin:not(.rising)[open]').waitFor();
  await page.locator('dialog [data-practice]').click();
  await page.getByText('That practice account was signed out.').waitFor();
  expect(await page.locator('dialog [data-practice]').textContent()).toBe('Try it with play money');
  await page.locator('dialog [data-practice]').click();
  await page.locator('#balance').waitFor();
  await context.close();
}, 240_000);

test('who signs out of a practice account is asked, and then it is gone', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  await page.locator('.bar .icon').click();
  await page.locator('#account:not(.rising)[open]').waitFor();
  const out = page.locator('#account [data-signout=here]');
  await out.click();
  await out.getByText('give up this account').waitFor();
  await out.click();
  await page.locator('.bar .button', { hasText: 'Try it' }).waitFor();
  expect(await page.locator('dialog [data-practice]').textContent()).toBe('Try it with play money');
  await context.close();
}, 120_000);

test('a browser that keeps no cookie is not loaded again and again', async () => {
  const context = await theatre.context(PHONE);
  await practise(context, stage.origin);
  await context.clearCookies();
  // The answer's cookie is lost, as where a person forbids all cookies.
  await context.route('**/api/v1/practice/return', async (route) => {
    const answer = await route.fetch();
    await context.clearCookies();
    await route.fulfill({ response: answer, headers: { 'content-type': 'application/json' } });
  });
  const page = await context.newPage();
  const loads: string[] = [];
  page.on('framenavigated', (frame) => void loads.push(frame.url()));
  await page.goto(`${stage.origin}/rules`);
  await page
    .locator('dialog [data-practice]', { hasText: 'Continue with your practice account' })
    .waitFor({ state: 'attached' });
  await page.waitForFunction(() => window.performance.getEntriesByType('navigation')[0].type === 'reload');
  await page
    .locator('dialog [data-practice]', { hasText: 'Continue with your practice account' })
    .waitFor({ state: 'attached' });
  expect(loads.length).toBe(2);
  await context.close();
}, 120_000);

test('an empty account is refilled on the board, once a day', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, poor.origin);
  // In the sheet of the account the offer stands, and is off while there is nothing to refill.
  const offer = page.locator('#account [data-refill]');
  expect(await offer.isDisabled()).toBe(true);
  expect(await page.locator('#account .refill').textContent()).toContain(
    'when your balance is below the lowest stake',
  );
  const lose = async (): Promise<void> => {
    await page.locator('.stakes button', { hasText: '$1' }).first().click();
    await bet(page, 0, 2);
    await page.locator('#net [data-refill]').waitFor();
  };
  await lose();
  await reads(page, '#balance b', '$0.00');
  const day = new Date().getUTCDate();
  await page.locator('#net [data-refill]').click();
  await reads(page, '#balance b', '$1.00');
  await page.locator('#net [data-refill]').waitFor({ state: 'detached' });
  await lose();
  // Past midnight it is another day.
  if (new Date().getUTCDate() !== day) return context.close();
  await page.locator('.bar .icon').click();
  await page.locator('#account:not(.rising)').waitFor();
  await offer.click();
  // What is refused in a sheet is told in the sheet, where nothing covers it.
  const heard = page.locator('#account .toast:not([hidden])', { hasText: 'already refilled today' });
  await heard.waitFor();
  const { x, y, width, height } = (await heard.boundingBox())!;
  expect(
    await page.evaluate(([x, y]) => document.elementFromPoint(x!, y!).id, [x + width / 2, y + height / 2]),
  ).toBe('toast');
  await reads(page, '#balance b', '$0.00');
  expect(faults).toEqual([]);
  await context.close();
}, 240_000);
