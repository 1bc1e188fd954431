import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { badge, bet, tapUntil } from '../stage/board-tap.ts';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { connected, practise, reads, said, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const MutationObserver: any;

const theatre = new Theatre();
// The price stands still: the row that it is in wins when its window opens, the others lose.
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

/** The board with such windows is there, whole and kept up. */
const shows = async (page: Page, windowMs: number): Promise<void> => {
  await page.locator(`#grid[data-window="${windowMs}"]:not(.closed)`).waitFor();
  await page.locator(`#boards [data-window="${windowMs}"][aria-checked=true]`).waitFor();
  const widths = await page.evaluate(() =>
    [...document.querySelectorAll('#plane .col:not(.past)')]
      .map(({ dataset }: any) => Number(dataset['start']))
      .sort((a: number, b: number) => a - b)
      .map((start: number, i: number, all: number[]) => (i === 0 ? null : start - all[i - 1]!)),
  );
  expect(widths.length).toBeGreaterThan(9);
  expect(new Set(widths.slice(1))).toEqual(new Set([windowMs]));
};
const choose = (page: Page, board: string) => page.locator(`#boards [data-board=${board}]`).click();
/** The board has come to a stop in a whole row. */
const glided = (page: Page) =>
  page.waitForFunction(() => document.querySelector('.rise').getAnimations().length === 0);

test('a trader changes boards without a page load; bets of all are on every list, and what is chosen lasts', async () => {
  const context = await theatre.context(DESKTOP);
  const { page, faults } = await practise(context, stage.origin);
  await shows(page, 5000);
  await page.evaluate(() => {
    window.sameDocument = true;
    // Where the price is on the screen when another board has taken the place of the one before.
    const markAt = () => document.querySelector('.mark').getBoundingClientRect().top;
    window.jumps = [];
    let before = markAt();
    document.addEventListener('click', () => (before = markAt()), true);
    // Time stands still from the snapshot to the frame that shows it: then a glide is where it begins.
    const { performance, requestAnimationFrame } = window;
    const { animate } = window.Element.prototype;
    const { now } = performance;
    let at: number | null = null;
    performance.now = () => at ?? now.call(performance);
    window.Element.prototype.animate = function (...given: unknown[]) {
      const glide = animate.apply(this, given);
      window.queueMicrotask(() => at && Object.assign(glide, { playbackRate: 0, currentTime: 0 }));
      return glide;
    };
    const goOn = () => {
      at = null;
      for (const glide of document.querySelector('.grid').getAnimations({ subtree: true }))
        glide.playbackRate = 1;
    };
    const hear = ({ detail }: any) => {
      if (!String(detail.message.data).includes('"type":"snapshot"')) return;
      at = performance.now();
      requestAnimationFrame(() => requestAnimationFrame(goOn));
    };
    document.addEventListener('htmx:ws:before:message:incoming', hear, true);
    new MutationObserver(() =>
      requestAnimationFrame(() => window.jumps.push(Math.abs(markAt() - before))),
    ).observe(document.querySelector('#grid'), { attributeFilter: ['data-window'] });
  });

  await glided(page);
  await choose(page, 'quick');
  await said(page, 'Quick board: windows of 2 seconds.').waitFor({ state: 'attached' });
  await shows(page, 2000);
  // Not the soonest columns: both bets are to be open when another board is looked at.
  const winning = await bet(page, 6, 0);
  const losing = await bet(page, 6, 1);
  await reads(page, '#n2000', '2 open bets');

  await glided(page);
  await choose(page, 'normal');
  await shows(page, 5000);
  expect(await page.locator('#plane .bet').count()).toBe(0);
  expect(await page.locator('#open-list li [data-window="2000"]').count()).toBe(2);
  await glided(page);
  await choose(page, 'quick');
  await shows(page, 2000);
  for (const cell of [winning, losing]) await badge(cell, 'locked').waitFor();
  await glided(page);
  await choose(page, 'long');
  await shows(page, 15_000);
  await said(page, 'on the quick board').waitFor({ state: 'attached' });
  await page.locator('#result-list .won[data-window="2000"]').waitFor({ state: 'attached' });
  await page.locator('#result-list .lost[data-window="2000"]').waitFor({ state: 'attached' });
  await reads(page, '#n2000', '');
  expect(await page.locator('#open-list li').count()).toBe(0);
  expect(await page.evaluate(() => window.sameDocument)).toBe(true);
  const jumps = (await page.evaluate(() => window.jumps)) as number[];
  expect(jumps.map((jump) => (jump <= 2 ? 'stayed' : jump))).toEqual(Array(4).fill('stayed'));

  // Whatever somebody presses while others are under way, the last one wins.
  for (const board of ['normal', 'quick', 'long', 'normal', 'quick']) await choose(page, board);
  await shows(page, 2000);
  await page.locator('#boards [data-board=quick]').focus();
  await page.keyboard.press('ArrowLeft');
  await shows(page, 15_000);
  expect(await page.evaluate(() => document.activeElement.dataset['board'])).toBe('long');

  await page.reload();
  await connected(page);
  await shows(page, 15_000);
  await page.goto(stage.origin);
  await connected(page);
  await shows(page, 15_000);

  expect(faults).toEqual([]);

  // Chosen while nobody is there; and the page in the background for a while.
  await stage.kill();
  await page.locator('body[data-link=lost]').waitFor();
  await choose(page, 'quick');
  await stage.start();
  await connected(page);
  await shows(page, 2000);
  await page.evaluate(() => {
    const hide = (hidden: boolean) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new window.Event('visibilitychange'));
    };
    hide(true);
    window.left = document.body.dataset.link;
    hide(false);
  });
  expect(await page.evaluate(() => window.left)).toBe('lost');
  await connected(page);
  await shows(page, 2000);
  await context.close();
}, 300_000);

test('a stranger begins on the board of a link, is shown its cells, and the first tap is played there', async () => {
  const context = await theatre.context(PHONE);
  const { page, faults } = await visit(context, `${stage.origin}/?board=long`);
  await connected(page);
  await shows(page, 15_000);
  await page.locator('#coach', { hasText: /^\s*Tap\s*\$10 → \$\d+\.\d\d\s*$/ }).waitFor();
  await tapUntil(page, 1, 0, page.locator('#signin[open]'));
  await page.locator('#signin [data-practice]').tap();
  await page.locator('#plane .bet:is(.placed, .locked)').waitFor();
  await shows(page, 15_000);
  expect(await page.locator('#open-list li [data-window="15000"]').count()).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);
