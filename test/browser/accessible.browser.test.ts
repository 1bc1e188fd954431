import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { bet } from '../stage/board-tap.ts';
import { PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { connected, practise, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;

const AXE = join(import.meta.dir, '../../node_modules/axe-core/axe.min.js');
/** What Lighthouse asks besides, and axe calls an experiment. */
const BESIDES = { 'label-content-name-mismatch': { enabled: true } };

const theatre = new Theatre();
// The price stands still: the row that it is in wins when its window opens, the others lose.
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

async function opened(): Promise<BrowserContext> {
  const context = await theatre.context(PHONE);
  await context.addInitScript({ path: AXE });
  return context;
}

/** What axe finds wrong, as `rule: element`; with `rule` alone by that one. */
async function faultsOf(page: Page, rule?: string): Promise<string[]> {
  return page.evaluate(
    async ([rule, besides]) => {
      const { violations } = await window.axe.run(document, {
        resultTypes: ['violations'],
        ...(rule ? { runOnly: { type: 'rule', values: [rule] } } : { rules: besides }),
      });
      return violations.flatMap(({ id, nodes }: any) =>
        nodes.slice(0, 5).map(({ html, failureSummary }: any) => `${id}: ${html} ${failureSummary}`),
      );
    },
    [rule, BESIDES] as const,
  );
}

/**
 * Texts that stand too weakly on their ground, where a system's own colours are in force: axe reads another
 * property there, which browsers leave as it was.
 */
const paleOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { getComputedStyle } = window;
    const partsOf = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const lightOf = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = partsOf(colour)
        .map((part) => part / 255)
        .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const isClear = (colour: string): boolean => (partsOf(colour)[3] ?? 1) < 0.5;
    const groundOf = (element: any): string => {
      const { backgroundColor } = getComputedStyle(element);
      if (!isClear(backgroundColor)) return backgroundColor;
      return element.parentElement ? groundOf(element.parentElement) : 'rgb(255, 255, 255)';
    };
    const hasText = ({ childNodes }: any): boolean =>
      [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '');
    return [...document.querySelectorAll('body *')].flatMap((element) => {
      if (!hasText(element) || element.getClientRects().length === 0 || element.closest(':disabled'))
        return [];
      const { color, visibility } = getComputedStyle(element);
      if (isClear(color) || visibility === 'hidden') return [];
      const [dark = 0, light = 0] = [lightOf(color), lightOf(groundOf(element))].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05) < 4.5
        ? [`${color} on ${groundOf(element)}: ${element.outerHTML}`]
        : [];
    });
  });

/** Nothing is wrong, in either theme and with the colours of the reader's system. */
async function expectNoFaults(page: Page): Promise<void> {
  expect(await faultsOf(page)).toEqual([]);
  await page.emulateMedia({ forcedColors: 'active' });
  await standsStill(page);
  expect(['forced colours', await paleOf(page)]).toEqual(['forced colours', []]);
  await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' });
  await standsStill(page);
  expect(['light', await faultsOf(page, 'color-contrast')]).toEqual(['light', []]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await standsStill(page);
}

/** Nothing is on its way from one colour to the other. */
const standsStill = (page: Page): Promise<unknown> =>
  page.waitForFunction(() =>
    document.getAnimations().every((animation: unknown) => !(animation instanceof window.CSSTransition)),
  );

/** It has come up, and the results on it have arrived. */
const railRests = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => {
    const rail = document.getElementById('rail');
    return rail.checkVisibility() && rail.getAnimations({ subtree: true }).length === 0;
  });

test('a visitor: the board, its sheet, and every page that strangers read', async () => {
  const context = await opened();
  const { page } = await visit(context, stage.origin);
  await connected(page);
  await expectNoFaults(page);
  await page.locator('.bar .button').click();
  await page.locator('#signin:not(.rising)[open]').waitFor();
  await expectNoFaults(page);
  for (const path of ['/rules', '/fairness', '/signin', '/no-such-page']) {
    await page.goto(stage.origin + path);
    await expectNoFaults(page);
  }
  await context.close();
}, 120_000);

test('a trader: bets open, won and lost, lists, sheets, the account and its pages, receipts', async () => {
  const context = await opened();
  const { page } = await practise(context, stage.origin);
  await bet(page, 0, 0);
  await bet(page, 0, 2);
  await bet(page, 3, 1);
  await expectNoFaults(page);
  await page.locator('#result-list .won').waitFor({ state: 'attached' });
  await page.locator('#result-list .lost').waitFor({ state: 'attached' });
  await page.locator('#plane .bet.won').waitFor();
  await expectNoFaults(page);
  await page.locator('.tabs a[href="#rail"]').click();
  await railRests(page);
  await expectNoFaults(page);
  await page.locator('#rail .close').click();
  await page.locator('.tabs a[href="#today"]').click();
  await railRests(page);
  await expectNoFaults(page);
  await page.locator('#rail .close').click();
  await page.locator('.bar .icon').click();
  await page.locator('#account:not(.rising)[open]').waitFor();
  await expectNoFaults(page);
  const receipts = await page.evaluate(() =>
    ['won', 'lost'].map(
      (kind) =>
        document.querySelector(`#result-list .${kind} a[href^="/bets/"]`).getAttribute('href') as string,
    ),
  );
  const win = receipts[0]!.replace('/bets/', '/win/');
  for (const path of ['/account', '/history', '/statement', ...receipts, win]) {
    await page.goto(stage.origin + path);
    await expectNoFaults(page);
  }
  await context.close();
}, 180_000);
