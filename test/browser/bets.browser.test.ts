import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { bet, cellAt, tap, tapUntil } from '../stage/board-tap.ts';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { connected, dollarsOf, practise, reads, said } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const MutationObserver: any;

const theatre = new Theatre();
afterAll(() => theatre.end());

describe.each([
  ['phone', PHONE],
  ['desktop', DESKTOP],
] as const)('a bet on a %s', (_, viewport) => {
  // The price stands still: the row that it is in wins when its window opens, the others lose.
  const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
  beforeAll(() => stage.start());
  afterAll(() => stage.end());

  test('goes pending, placed, locked, and wins or loses', async () => {
    const context = await theatre.context(viewport);
    await context.addInitScript(watchSound);
    const { page, faults } = await practise(context, stage.origin);
    expect(await dollarsOf(page)).toBe(10_000);
    await page.evaluate(() => {
      const seen: Record<string, string[]> = (window.seen = {});
      window.steps = new Set();
      new MutationObserver(() => {
        for (const bet of document.querySelectorAll('#plane .bet')) {
          const stages = (seen[bet.parentElement!.id] ??= []);
          const stage = bet.className.replace(' fresh', '').slice(4);
          if (stages.at(-1) !== stage) stages.push(stage);
        }
        const step = document.querySelector('#coach:not([hidden]) b')?.textContent.split(' ')[0];
        if (step) window.steps.add(step);
      }).observe(document.getElementById('plane').parentElement, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });

    await page.waitForFunction(() => window.steps.has('Tap'));
    // Not the soonest columns: both bets are to be open when the page is looked at.
    const winningId = (await (await bet(page, 2, 0)).getAttribute('id'))!;
    await page.getByRole('button', { name: '$25' }).click();
    const losingId = (await (await bet(page, 2, 1)).getAttribute('id'))!;
    await reads(page, '#balance b', '$9,965.00');
    expect(await page.locator('#open-list li').count()).toBe(2);

    await page.locator('#grid').focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
    const left = await page.evaluate(() => document.activeElement.id);

    await page.waitForFunction(
      ([winning, losing]) => window.seen[winning!].at(-1) === 'won' && window.seen[losing!].at(-1) === 'lost',
      [winningId, losingId],
    );
    expect(await page.locator('#result-list .won').first().textContent()).toContain('touched at');
    expect(await page.locator('#result-list .lost').first().textContent()).toMatch(
      /price missed by \$\d+\.\d\d/,
    );
    expect(await page.locator('#plane .bet.won').first().getAttribute('data-came')).toMatch(
      /^\+ \$\d+\.\d\d$/,
    );
    // Who has seen one bet through is told no more. The third step is skipped where the price stands in the
    // band as the window opens.
    await page.locator('#coach').waitFor({ state: 'hidden' });
    const steps = await page.evaluate(() => [...window.steps]);
    expect([
      ['Tap', 'Opens'],
      ['Tap', 'Opens', 'Now!'],
    ]).toContainEqual(steps);
    const stages = await page.evaluate(() => window.seen as Record<string, string[]>);
    expect(stages[winningId]).toEqual(['pending', 'placed', 'locked', 'won']);
    expect(stages[losingId]).toEqual(['pending', 'placed', 'locked', 'lost']);
    // The cell that had the focus drifts away, and the focus is on one that can be tapped.
    await page.waitForFunction((id) => document.getElementById(id) === null, left);
    expect(
      await page.evaluate(() => document.activeElement.matches('.col:not(.past, .current, .locked) .cell')),
    ).toBe(true);
    for (const outcome of ['Placed $10', 'Placed $25', 'Won: ', 'Lost: '])
      expect(await page.locator('#said').textContent()).toContain(outcome);
    // WebKit plays nothing that was not begun inside a press.
    expect(await page.evaluate(() => window.soundBegan)).toEqual(['pointerdown']);
    await reads(page, '#open-count', '0');
    expect(await page.locator('#net b').textContent()).toMatch(/^[–+] \$\d/);

    await showsToday(page, viewport);
    const won = (await page.locator('#result-list .won [data-share]').first().getAttribute('href'))!;
    expect(await page.locator('#result-list .lost [data-share]').count()).toBe(0);
    await page.evaluate(watchSharing);
    if (viewport === PHONE) await page.locator('.tabs a', { hasText: 'Open' }).click();
    await page.locator('#result-list .won [data-share]').first().click();
    await page.waitForFunction(() => window.shared.length > 0);
    expect(await page.evaluate(() => window.shared)).toEqual([
      {
        title: 'Tapgrid',
        text: expect.stringMatching(
          /^I hit \d\.\d\d×: \$10 → \$\d+\.\d\d \(play money, simulated prices\) on Tapgrid\.$/,
        ),
        url: stage.origin + won,
      },
    ]);
    expect(page.url().replace(/#.*/, '')).toBe(`${stage.origin}/`);

    const receipt = await page.locator('#result-list .lost a[href^="/bets/"]').first().getAttribute('href');
    await isShownToStrangers(won, receipt!.replace('/bets/', '/win/'), stage.origin);
    await page.goto(stage.origin + won);
    await page.waitForFunction(() => document.querySelector('.share-card').naturalWidth === 1200);
    expect(await page.locator('main').textContent()).toContain('Share this win');
    await page.goto(stage.origin + receipt!);
    expect(await page.locator('[data-share]').count()).toBe(0);
    expect(await page.locator('.verdict').textContent()).toContain('It did not: it missed by $');
    expect(await page.locator('.verdict svg .price-path').count()).toBe(1);
    await page.goto(`${stage.origin}/history`);
    expect(await page.locator('tbody tr').count()).toBe(2);
    await page.goto(`${stage.origin}/statement`);
    expect(await page.locator('tbody tr').count()).toBeGreaterThanOrEqual(4);
    expect(faults).toEqual([]);
    await context.close();
  }, 300_000);

  test('is refused by the daily loss limit, says why beside the cell, and takes nothing', async () => {
    const context = await theatre.context(viewport);
    const { page } = await practise(context, stage.origin);
    await page.locator('.bar .icon').click();
    expect(await page.locator('#account [data-setting=vibration]').isVisible()).toBe(viewport === PHONE);
    await page.locator('#account [name=dailyLoss]').fill('1');
    await page.locator('#account').getByRole('button', { name: 'Save limit', exact: true }).click();
    await page.locator('#settings-notice').getByText('Saved.').waitFor();
    await page.locator('#account .close').click();
    await tapUntil(page, 2, 0, said(page, 'daily loss limit'));
    expect(await page.locator('#toast').textContent()).toContain('daily loss limit');
    await page.waitForFunction(() => document.querySelectorAll('#plane .bet').length === 0);
    expect(await dollarsOf(page)).toBe(10_000);
    const { x, y, width } = (await page.locator('#toast').boundingBox()) ?? { x: 0, y: 0, width: 0 };
    expect(x >= 0 && x + width <= viewport.width && y >= 0).toBe(true);
    await context.close();
  }, 300_000);
});

/** What the day came to after one bet that won and one that lost: beside the board, or with one tap. */
async function showsToday(page: Page, viewport: { readonly width: number }): Promise<void> {
  await reads(page, '#today-content > p', '2 bets: 1 won, 1 lost');
  const panel = page.locator('.today');
  expect(await panel.isVisible()).toBe(viewport !== PHONE);
  if (viewport === PHONE) await page.locator('.tabs a', { hasText: 'Today' }).click();
  await panel.waitFor();
  const net = (await page.locator('#net b').textContent())!;
  expect(await panel.locator('.figures').textContent()).toContain(`result${net}`);
  const best = await panel.locator('.figures a').getAttribute('href');
  expect(best).toBe(await page.locator('#result-list .won a[href^="/bets/"]').first().getAttribute('href'));
  expect(await panel.locator('svg').getAttribute('aria-label')).toMatch(
    /^Balance today: from \$10,000\.00 to /,
  );
  // It takes no room from the board.
  expect((await page.locator('.board').boundingBox())!.width).toBeGreaterThan(viewport.width / 2);
  if (viewport !== PHONE) return;
  expect(await page.locator('#result-list').isVisible()).toBe(false);
  await page.locator('.rail .close').click();
  await panel.waitFor({ state: 'hidden' });
}

/** Notes what the page hands to the device, in place of its sheet. */
function watchSharing(): void {
  window.shared = [];
  window.navigator.share = async (what: unknown) => void window.shared.push(what);
}

/** A win, for whoever has its link and nothing else; and that there is none of a bet that was lost. */
async function isShownToStrangers(won: string, lost: string, origin: string): Promise<void> {
  const response = await fetch(origin + won);
  expect([response.status, response.headers.get('x-robots-tag')]).toEqual([200, 'noindex']);
  const html = await response.text();
  for (const tag of [
    `<meta property="og:image" content="${origin}${won}/card.png"`,
    `<meta property="og:url" content="${origin}${won}"`,
    '<meta property="og:image:width" content="1200"',
    '<meta name="twitter:card" content="summary_large_image"',
  ])
    expect(html).toContain(tag);
  expect(html).toContain('It was play money');
  expect(html).toContain(`href="${won.replace('/win/', '/bets/')}"`);
  expect(html).not.toContain('Share this win');

  const ask = () => fetch(`${origin}${won}/card.png`);
  let card = await ask();
  // A machine with much else to do says so, and has it a little later.
  while (card.status === 503) card = (await Bun.sleep(500), await ask());
  expect([card.status, card.headers.get('content-type')]).toEqual([200, 'image/png']);
  const etag = card.headers.get('etag')!;
  expect((await fetch(`${origin}${won}/card.png`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  const head = new DataView(await card.arrayBuffer());
  expect([head.getUint32(16), head.getUint32(20)]).toEqual([1200, 630]);

  expect((await fetch(origin + lost)).status).toBe(404);
  const none = await fetch(`${origin}${lost}/card.png`);
  expect([none.status, await none.text()]).toEqual([404, expect.stringContaining('This bet was not won')]);
}

/** Notes in the page in which event its sound began, with sound switched on. */
function watchSound(): void {
  window.localStorage.setItem('tapgrid-settings', '{"sound":true}');
  window.soundBegan = [];
  window.AudioContext = class extends window.AudioContext {
    constructor() {
      super();
      window.soundBegan.push(window.event?.type ?? 'no event');
    }
  };
}

test('a page without scripts shows the whole board', async () => {
  const stage = new Stage([{ seconds: 60, price: 76_010 }], true);
  await stage.start();
  try {
    const response = await fetch(stage.origin);
    const html = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html.match(/role="gridcell"/g)!.length).toBeGreaterThan(150);
    expect(html).toMatch(/<svg class="line".*<path d="M/s);
    expect(html).toContain('This browser is too old for the board');
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|javascript:/i);
  } finally {
    await stage.end();
  }
}, 120_000);

describe('what the lock makes of the number that was tapped', () => {
  // Up into the next row for two seconds, down for two: what is ordered below it is locked above, one hold
  // later.
  const stage = new Stage(
    Array.from({ length: 60 }, () => [
      { seconds: 2, price: 76_010 },
      { seconds: 2, price: 76_034 },
    ]).flat(),
    true,
    { BOARDS: '5000', HOLD_MS: '2000', QUOTE_TTL_MS: '2000' },
  );
  beforeAll(() => stage.start());
  afterAll(() => stage.end());

  /** Taps just after the price has fallen, until a bet ends so. */
  async function tapUntilSeen(page: Page, selector: string): Promise<void> {
    for (let attempt = 0; attempt < 20 && (await page.locator(selector).count()) === 0; attempt++) {
      await page.waitForFunction(
        () => document.querySelector('#price').textContent.startsWith('76,034'),
        undefined,
        { polling: 20 },
      );
      await page.waitForFunction(
        () => document.querySelector('#price').textContent.startsWith('76,010'),
        undefined,
        { polling: 20 },
      );
      await tap(page, await cellAt(page, 0, 1));
      await page.waitForFunction(
        () => document.querySelector('.bet.pending, .bet.placed, .bet.refused') === null,
      );
    }
  }

  async function setGuard(page: Page, percent: number): Promise<void> {
    await page.locator('.guard').click();
    await page.locator('#account [name=guardPercent]').fill(String(percent));
    await page.locator('#account').getByRole('button', { name: 'Save guard' }).click();
    await page.locator('#settings-notice').getByText('Saved.').waitFor();
    await page.locator('#account .close').click();
    await reads(page, '#guard', `guard ${percent} %`);
  }

  test('a multiplier that falls and is locked: the cell shows both numbers, and so do the open bets', async () => {
    const context = await theatre.context(PHONE);
    const { page, faults } = await practise(context, stage.origin);
    await reads(page, '#guard', 'guard 80 %');
    await setGuard(page, 50);
    await tapUntilSeen(page, '#plane .bet .change .lower');
    expect(await page.locator('#plane .bet .change').first().textContent()).toMatch(
      /^\d+\.\d\d? down to \d+\.\d\d?$/,
    );
    await page
      .locator('#open-list')
      .getByText(/^down from \d+\.\d\d, pays \$/)
      .first()
      .waitFor({ state: 'attached' });
    // Both can be read on the narrow cell.
    expect(
      await page.evaluate(() =>
        [...document.querySelectorAll('#plane .bet')]
          .filter((bet) => bet.scrollWidth > bet.clientWidth || bet.scrollHeight > bet.clientHeight)
          .map((bet) => bet.outerHTML),
      ),
    ).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  }, 300_000);

  test('one that falls below the guard gives the stake back: cell and results say from what to what', async () => {
    const context = await theatre.context(PHONE);
    const { page } = await practise(context, stage.origin);
    await tapUntilSeen(page, '#result-list .void');
    expect(await page.locator('#result-list .void').first().textContent()).toMatch(
      /moved: \d+\.\d\d → \d+\.\d\d, below your guard/,
    );
    await page.reload();
    await connected(page);
    expect(await page.locator('#result-list .void').first().textContent()).toMatch(
      /moved: \d+\.\d\d → \d+\.\d\d, below your guard/,
    );
    // On the cell it is shown for a moment.
    await page.evaluate(() => {
      window.moved = [];
      new MutationObserver(() =>
        document
          .querySelectorAll('#plane .bet.void')
          .forEach((badge: any) => window.moved.push(badge.textContent)),
      ).observe(document.getElementById('plane'), { subtree: true, childList: true });
    });
    const had = await page.locator('#result-list .void').count();
    await tapUntilSeen(page, `#result-list .void:nth-child(${had + 1})`);
    expect(
      await page.evaluate(() =>
        window.moved.some((text: string) => /^\$\d+ back \d+\.\d\d? down to <?\d+\.\d\d?$/.test(text)),
      ),
    ).toBe(true);
    await context.close();
  }, 300_000);
});

test('when prices end, open bets come back and the page says that taps are paused', async () => {
  const stage = new Stage([{ seconds: 40, price: 76_010 }], false, {
    STALE_OPEN_MS: '5000',
    MAX_GAP_MS: '3000',
  });
  await stage.start();
  const context = await theatre.context(DESKTOP);
  try {
    const { page } = await practise(context, stage.origin);
    expect(await page.locator('.banner').first().textContent()).toMatch(/recorded prices.*play money only/i);
    // Far ahead: its window opens after the last price, however quickly this is done.
    await bet(page, 8, 2);
    await page.locator('#health .halt').waitFor();
    expect(await page.locator('#health').textContent()).toContain('Taps are paused');
    await page.locator('#result-list .void').waitFor();
    expect(await page.locator('#result-list .void').textContent()).toContain('gap in the price feed');
    await reads(page, '#balance b', '$10,000.00');
  } finally {
    await context.close();
    await stage.end();
  }
}, 300_000);
