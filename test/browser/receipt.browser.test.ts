import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { BrowserContext, Page } from 'playwright-core';
import { bet } from '../stage/board-tap.ts';
import { PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { tapgrid } from '../stage/command.ts';
import { practise, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;

type Json = any;
const theatre = new Theatre();
/** The row that the price is in wins when its window opens, the one above it is missed by some dollars. */
const stage = new Stage([{ seconds: 600, price: 76_010 }], true, { WINDOW_MS: '2000', COLUMNS_AHEAD: '5' });
let context: BrowserContext;
let board: Page;
let faults: string[];
const links: Record<'won' | 'lost', string> = { won: '', lost: '' };

beforeAll(async () => {
  await stage.start();
  context = await theatre.context(PHONE);
  ({ page: board, faults } = await practise(context, stage.origin));
  await bet(board, 1, 0);
  await bet(board, 1, 1);
  for (const status of ['won', 'lost'] as const)
    links[status] = (await board
      .locator(`#result-list .${status} a[href^="/bets/"]`)
      .first()
      .getAttribute('href'))!;
}, 120_000);
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

/** The state of each step that is shown. */
const stepsOf = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('[data-step]:not([hidden])')].map((step: Json) => [
        step.dataset.step,
        step.dataset.state ?? 'waiting',
      ]),
    ),
  );

async function checked(page: Page): Promise<string> {
  await page.locator('.check:not([data-state=running])').waitFor();
  await page.getByRole('button', { name: 'Check this receipt' }).click();
  await page.locator('.check:is([data-state=holds], [data-state=fails], [data-state=stopped])').waitFor();
  return (await page.locator('.check').getAttribute('data-state'))!;
}

test('a result plays its path over the board, and ends on what it came to', async () => {
  const link = board.locator('#result-list .lost [data-watch]').first();
  await board.locator('.tabs a[href="#rail"]').click();
  await link.focus();
  await board.keyboard.press('Enter');
  const sheet = board.locator('dialog.watch');
  await sheet.locator('.player.running').waitFor();
  await sheet.getByRole('button', { name: 'Speed: 1×' }).click();
  expect(await sheet.locator('[data-speed]').textContent()).toBe('4×');
  await sheet.locator('.player:not(.running)').waitFor();
  expect(await sheet.locator('.end').textContent()).toMatch(/^Missed by \$\d+\.\d\d\. – \$10\.00$/);
  expect(await sheet.locator('.sentence').textContent()).toMatch(
    /^You bet \$10 of play money that BTC would touch .* It did not: it missed by \$/,
  );
  expect(await sheet.getByRole('img').getAttribute('aria-label')).toMatch(
    /It came nearest at .* missed by \$/,
  );
  // From tick to tick by the keys: what was missed is not told before it was.
  const slider = sheet.getByRole('slider');
  await slider.focus();
  await board.keyboard.press('Home');
  await board.keyboard.press('ArrowRight');
  expect(await slider.getAttribute('aria-valuetext')).toMatch(
    /^\d\d:\d\d:\d\d\.\d, 76,010\.00, \$\d+\.\d\d below the band$/,
  );
  expect(await sheet.locator('.end').textContent()).toBe('');
  expect(await sheet.locator('.figure.ending').isVisible()).toBe(false);
  // The keys of the board behind it do nothing: neither a stake is chosen, nor is the list of bets closed.
  const stake = () => board.locator('[data-stake][aria-pressed=true]').getAttribute('data-stake');
  const before = await stake();
  await board.keyboard.press('6');
  expect(await stake()).toBe(before);
  await board.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  expect(board.url()).toEndWith('#rail');
  expect(await board.evaluate(() => document.activeElement.dataset.watch)).toBe(links.lost.split('/')[2]!);
  expect(faults).toEqual([]);
}, 120_000);

test('where the prices cannot be fetched, it says so and tries again', async () => {
  const part = `**${links.won}/watch`;
  await board.route(part, (route) => route.abort());
  await board.locator('#result-list .won [data-watch]').first().click();
  const sheet = board.locator('dialog.watch');
  await sheet.getByText('The prices could not be fetched.').waitFor();
  await board.unroute(part);
  await sheet.getByRole('button', { name: 'Try again' }).click();
  await sheet.locator('.player.running').waitFor();
  await sheet.getByRole('button', { name: 'Close' }).click();
  await sheet.waitFor({ state: 'hidden' });
  // The browser's own word on the request that was refused.
  expect(faults.splice(0)).toEqual(['Failed to load resource: net::ERR_FAILED']);
}, 120_000);

test('who wants less motion goes through the path step by step', async () => {
  const still = await theatre.context(PHONE, 'light', { reducedMotion: 'reduce' });
  const { page } = await visit(still, stage.origin + links.won);
  const step = page.getByRole('button', { name: 'Step through it' });
  await step.click();
  const times: number[] = [];
  const next = page.getByRole('button', { name: 'Next step' });
  while ((await next.count()) > 0) {
    times.push(Number(await page.getByRole('slider').inputValue()));
    await next.click();
  }
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  expect(times[0]).toBe(0);
  expect(times.length).toBeGreaterThan(4);
  expect(await page.locator('.player .end').textContent()).toMatch(
    /^Won: the price touched the band\. \+ \$/,
  );
  expect(await page.locator('[data-speed]').isVisible()).toBe(false);
  await still.close();
}, 120_000);

test('a receipt is checked in the page, and each forgery of its file as by the command', async () => {
  // Less motion shows all steps at once.
  const still = await theatre.context(PHONE, 'light', { reducedMotion: 'reduce' });
  const { page, faults } = await visit(still, stage.origin + links.lost);
  expect(await page.locator('.edge').textContent()).toMatch(
    /^The house's edge on this bet was (?:\d+ ¢|\$\d\.\d\d) \(\d+\.\d % of the stake\)\. That is by the/,
  );
  expect(await checked(page)).toBe('holds');
  expect([...new Set(Object.values(await stepsOf(page)))]).toEqual(['passes']);

  const file = `${stage.origin}/api/v1${links.lost}/receipt`;
  const receipt: Json = await (await fetch(file)).json();
  const { ticks, locked, order, chain, status } = receipt;
  const middle = ticks.length >> 1;
  const forgeries: Record<string, Json> = {
    'a price': { ticks: ticks.with(middle, { ...ticks[middle], price: ticks[middle].price + 1 }) },
    'a multiplier': { locked: { ...locked, multiplier: locked.multiplier + 1 } },
    'an outcome': { status: status === 'won' ? 'lost' : 'won' },
    'a payout': { payout: receipt.payout + 1 },
    'a signature': { order: { ...order, signature: `A${order.signature.slice(1)}` } },
    'a guard, which nothing in the file proves': { guardPercent: 55 },
    'a commit': { chain: { ...chain, bet: { ...chain.bet, hash: 'f'.repeat(64) } } },
    'the shape': { cell: null },
  };
  for (const [what, changed] of Object.entries(forgeries)) {
    const forged = JSON.stringify({ ...receipt, ...changed });
    // The file alone: what the house answers afterwards is as it is.
    await page.route(file, (route) => route.fulfill({ contentType: 'application/json', body: forged }), {
      times: 1,
    });
    expect([what, await checked(page)]).toEqual([what, 'fails']);
    const steps = await stepsOf(page);
    const { code, out } = await tapgrid(['verify-receipt', '-', '--against', stage.origin, '--json'], {
      input: forged,
    });
    expect([what, code]).toEqual([what, 1]);
    const byCommand = JSON.parse(out).findings.map(({ check, ok, open }: Json) => [
      check,
      ok ? 'passes' : open ? 'open' : 'fails',
    ]);
    const { 'this page': _, ...byPage } = steps;
    expect([what, byPage]).toEqual([what, Object.fromEntries(byCommand)]);
  }
  expect(await page.locator('.verdict-line').textContent()).toMatch(/^1 of 1 checks fails\./);
  expect(await page.locator('[data-step=shape] small').textContent()).toMatch(/^Fails: \/cell/);
  expect(faults).toEqual([]);
  await still.close();
}, 180_000);

test('a file that was kept is checked against the house, and what is none is told', async () => {
  const { page } = await visit(context, stage.origin + links.won);
  const receipt = await (await fetch(`${stage.origin}/api/v1${links.lost}/receipt`)).text();
  await page.getByText('Check a file that you kept').click();
  const keep = (text: string) =>
    page
      .locator('[data-file]')
      .setInputFiles({ name: 'kept.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await keep(receipt);
  await page.locator('.check[data-state=holds]').waitFor();
  expect(Object.keys(await stepsOf(page))).not.toContain('this page');
  await keep('{"betId":');
  await page.locator('.check[data-state=stopped]').waitFor();
  expect(await page.locator('.verdict-line').textContent()).toBe(
    'It could not be checked. The file is not JSON.',
  );
  await page.close();
}, 120_000);

test('without scripts a receipt reads from its sentence to its last number', async () => {
  const plain = await theatre.context(PHONE, 'dark', { javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto(stage.origin + links.won);
  expect(await page.locator('.sentence').textContent()).toMatch(
    /^A trader bet \$10 of play money that BTC would touch .* so they got \$\d+\.\d\d\.$/,
  );
  expect(await page.locator('.path .touch').isVisible()).toBe(true);
  expect(await page.locator('.controls').isVisible()).toBe(false);
  expect(await page.locator('#main noscript').textContent()).toContain('Checking here needs JavaScript');
  await page.getByText('How the multiplier was computed').click();
  expect(await page.getByText('Of BTC when the quote was made.').isVisible()).toBe(true);
  await plain.close();
}, 120_000);
