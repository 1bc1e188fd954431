import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { BrowserContext } from 'playwright-core';
import { tapUntil } from '../stage/board-tap.ts';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { practise, said } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;

const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

const NEW_YORK = { timezoneId: 'America/New_York' };
const LOCAL_MINUTE = /\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d GMT−[45]/;

/** The same person with scripts switched off. */
async function withoutScripts(context: BrowserContext): Promise<BrowserContext> {
  const plain = await theatre.context(PHONE, 'dark', { ...NEW_YORK, javaScriptEnabled: false });
  await plain.addCookies(await context.cookies());
  return plain;
}

test('a limit tightens at once; a looser one waits, is shown with the time of this place, and can be ' +
  'called off', async () => {
  const context = await theatre.context(PHONE, 'light', NEW_YORK);
  const { page, faults } = await practise(context, stage.origin);
  await page.goto(`${stage.origin}/account`);
  const loss = page.locator('[name=dailyLoss][type=text]');
  const save = page.getByRole('button', { name: 'Save limit', exact: true });
  const heard = (text: string) => page.locator('#settings-notice').getByText(text).waitFor();
  await loss.fill('50');
  await save.click();
  await heard('Saved.');
  expect([await loss.inputValue(), await page.locator('.loosening').count()]).toEqual(['50', 0]);
  await loss.fill('');
  await save.click();
  await page.locator('.loosening time').getByText(LOCAL_MINUTE).waitFor();
  expect(await page.locator('.loosening p').textContent()).toContain('This limit ends on');
  // Another form leaves what waits alone.
  await page.locator('[name=guardPercent]').fill('65');
  expect(await page.locator('[data-guard]').textContent()).toBe('65 %');
  await page.getByRole('button', { name: 'Save guard' }).click();
  await heard('Saved.');
  await page.reload();
  expect([
    await loss.inputValue(),
    await page.locator('[name=guardPercent]').inputValue(),
    await page.locator('.loosening').count(),
  ]).toEqual(['50', '65', 1]);
  await page.getByRole('button', { name: 'Keep $50' }).click();
  await page.locator('.loosening').waitFor({ state: 'detached' });
  expect(await loss.inputValue()).toBe('50');
  await loss.fill('0');
  await save.click();
  await heard('in dollars');
  await page.reload();
  expect(await loss.inputValue()).toBe('50');
  // Signed out elsewhere meanwhile.
  await context.clearCookies();
  await loss.fill('20');
  await save.click();
  await page.waitForURL(`${stage.origin}/signin`);
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

test('the reminder comes as often as it was asked for, with time and result, and not twice for the same time', async () => {
  const context = await theatre.context(DESKTOP);
  const { page, faults } = await practise(context, stage.origin);
  await page.goto(`${stage.origin}/account`);
  await page.locator('[name=reminderMinutes]').selectOption('30');
  await page.getByRole('button', { name: 'Save reminder' }).click();
  await page.locator('#settings-notice').getByText('Saved.').waitFor();
  await page.clock.install();
  await page.goto(`${stage.origin}/statement`);
  const sheet = page.locator('#reminder');
  await page.clock.fastForward('29:00');
  expect(await sheet.isVisible()).toBe(false);
  await page.clock.fastForward('01:30');
  await sheet.waitFor();
  expect(await sheet.textContent()).toMatch(/30 min\s*since you signed in\. Your result so far: \$0\.00/);
  await sheet.getByRole('button', { name: 'Continue' }).click();
  await sheet.waitFor({ state: 'hidden' });
  await page.clock.fastForward('20:00');
  expect(await sheet.isVisible()).toBe(false);
  await page.clock.fastForward('10:00');
  await sheet.waitFor();
  expect(await sheet.textContent()).toContain('1 h');
  expect(await sheet.getByRole('link', { name: 'Take a break' }).getAttribute('href')).toBe(
    '/account/pause?length=day',
  );
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

test('a pause says what it means and asks again; one for good wants the words; then no bet is taken', async () => {
  const context = await theatre.context(PHONE, 'dark', NEW_YORK);
  const { page, faults } = await practise(context, stage.origin);
  // Without scripts, whose times are UTC and say so.
  const plain = await withoutScripts(context);
  const bare = await plain.newPage();
  await bare.goto(`${stage.origin}/account/pause?length=week`);
  expect(await bare.locator('main').textContent()).toMatch(
    /until about \d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC, this account takes no bets/,
  );
  await bare.getByRole('link', { name: 'Not now' }).click();
  expect(await bare.locator('main .warning').count()).toBe(0);
  await bare.getByRole('link', { name: 'For good' }).click();
  await bare.locator('[name=confirm]').fill('for ever');
  await bare.getByRole('button', { name: 'Pause for good' }).click();
  expect(await bare.getByRole('alert').textContent()).toContain('Not paused');
  await bare.getByRole('link', { name: 'Not now' }).click();
  expect(await bare.locator('main .warning').count()).toBe(0);
  await bare.getByRole('link', { name: '7 days' }).click();
  await bare.getByRole('button', { name: 'Pause for 7 days' }).click();
  expect(await bare.locator('main .warning').textContent()).toMatch(
    /You paused this account until .* UTC: no bets before then\./,
  );
  await bare.getByRole('link', { name: '24 hours' }).click();
  expect(await bare.locator('main').textContent()).toContain('would end before your current one');
  expect(await bare.locator('main form').count()).toBe(0);
  await plain.close();

  await page.reload();
  await page.locator('.banners').getByText(LOCAL_MINUTE).waitFor();
  await tapUntil(page, 2, 0, said(page, 'You took a break'));
  expect(await page.locator('#toast').textContent()).toMatch(LOCAL_MINUTE);
  expect(await page.locator('#plane .bet.placed, #plane .bet.locked').count()).toBe(0);
  expect(await page.locator('#balance b').textContent()).toBe('$10,000.00');
  await page.goto(`${stage.origin}/account/pause?length=for-good`);
  await page.locator('[name=confirm]').fill(' For good ');
  await page.getByRole('button', { name: 'Pause for good' }).click();
  await page.locator('main .warning').getByText('for good').waitFor();
  expect(await page.locator('.pauses').count()).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

test('times on pages are those of this place, and the zone stands beside them', async () => {
  const context = await theatre.context(DESKTOP, 'light', { timezoneId: 'Asia/Kathmandu' });
  const { page, faults } = await practise(context, stage.origin);
  await page.goto(`${stage.origin}/statement`);
  const at = Date.parse((await page.locator('tbody time').first().getAttribute('datetime'))!);
  const there = new Date(at + (5 * 60 + 45) * 60_000).toISOString().slice(11, 19);
  expect(await page.locator('tbody td.wide time').first().textContent()).toEndWith(there);
  expect(await page.locator('th.wide [data-zone]').first().textContent()).toMatch(
    /Asia\/Kat[hm]mandu|Asia\/Katmandu/,
  );
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

test('the guard above the stakes leads to the guard, and a limit that is refused stays in its field with ' +
  'the bounds beside it', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await practise(context, stage.origin);
  await page.locator('#guard').click();
  const guard = page.locator('#account [name=guardPercent]');
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector('#account [name=guardPercent]').getBoundingClientRect();
    return top > 100 && bottom < 800;
  });
  expect(await guard.isVisible()).toBe(true);
  await page.locator('#account [name=dailyLoss]').fill('0');
  await page.locator('#account').getByRole('button', { name: 'Save limit', exact: true }).click();
  await page
    .locator('#settings-notice')
    .getByText('Enter a daily loss limit in dollars above 0 and up to 1,000,000')
    .waitFor();
  expect(await page.locator('#account [name=dailyLoss]').inputValue()).toBe('0');
  // The session's result and time are named as what they are, also where there is little room.
  expect(await page.locator('#net small').innerText()).toMatch(/^this session · \d+ min$/);
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);
