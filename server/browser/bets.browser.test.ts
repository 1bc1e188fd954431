import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { badge, cellAt, DESKTOP, dollarsOf, PHONE, practise, Stage, tap, Theatre } from '../../scripts/testing/browser-stage.ts';

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
    const { page, faults } = await practise(context, stage.origin);
    expect(await dollarsOf(page)).toBe(10_000);
    await page.evaluate(() => {
      const seen: Record<string, string[]> = (window.seen = {});
      new MutationObserver(() => {
        for (const bet of document.querySelectorAll('#plane .bet')) {
          const stages = (seen[bet.parentElement!.id] ??= []);
          const stage = bet.className.replace(' fresh', '').slice(4);
          if (stages.at(-1) !== stage) stages.push(stage);
        }
      }).observe(document.getElementById('plane'), { subtree: true, childList: true, attributes: true });
    });

    const winning = await cellAt(page, 1, 0);
    const losing = await cellAt(page, 1, 1);
    const [winningId, losingId] = [await winning.getAttribute('id'), await losing.getAttribute('id')];
    await tap(page, winning);
    await badge(winning, 'locked').waitFor();
    await page.getByRole('button', { name: '$25' }).click();
    await tap(page, losing);
    await badge(losing, 'locked').waitFor();
    expect(await dollarsOf(page)).toBe(10_000 - 10 - 25);
    expect(await page.locator('#open-list li').count()).toBe(2);

    await badge(winning, 'won').waitFor({ timeout: 25_000 });
    expect(await page.locator('#result-list .won').first().textContent()).toContain('touched at');
    await badge(losing, 'lost').waitFor({ timeout: 25_000 });
    const stages = await page.evaluate(() => window.seen as Record<string, string[]>);
    expect(stages[winningId!]).toEqual(['pending', 'placed', 'locked', 'won']);
    expect(stages[losingId!]).toEqual(['pending', 'placed', 'locked', 'lost']);
    expect(await page.locator('#open-count').textContent()).toBe('0');
    expect(await page.locator('#net b').textContent()).toMatch(/^[–+] \$\d/);

    const receipt = await page.locator('#result-list .lost a').first().getAttribute('href');
    await page.goto(stage.origin + receipt!);
    expect(await page.locator('.verdict').textContent()).toContain('did not touch');
    expect(await page.locator('.verdict svg .price-path').count()).toBe(1);
    await page.goto(`${stage.origin}/history`);
    expect(await page.locator('tbody tr').count()).toBe(2);
    await page.goto(`${stage.origin}/statement`);
    expect(await page.locator('tbody tr').count()).toBeGreaterThanOrEqual(4);
    expect(faults).toEqual([]);
    await context.close();
  }, 80_000);

  test('is refused by the daily loss limit, says why beside the cell, and takes nothing', async () => {
    const context = await theatre.context(viewport);
    const { page } = await practise(context, stage.origin);
    await page.locator('.bar .icon').click();
    await page.locator('#account [name=dailyLoss]').fill('1');
    await page.locator('#account').getByRole('button', { name: 'Save limits' }).click();
    await page.locator('#settings-notice').getByText('Saved.').waitFor();
    await page.locator('#account .close').click();
    const cell = await cellAt(page, 2, 0);
    await tap(page, cell);
    await page.locator('#toast').getByText('daily loss limit').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('#plane .bet').length === 0);
    expect(await page.locator('#said').textContent()).toContain('daily loss limit');
    expect(await dollarsOf(page)).toBe(10_000);
    const { x, y, width } = (await page.locator('#toast').boundingBox()) ?? { x: 0, y: 0, width: 0 };
    expect(x >= 0 && x + width <= viewport.width && y >= 0).toBe(true);
    await context.close();
  }, 40_000);
});

test('a page without scripts shows the whole board', async () => {
  const stage = new Stage([{ seconds: 60, price: 76_010 }], true);
  await stage.start();
  try {
    const response = await fetch(stage.origin);
    const html = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html.match(/role="gridcell"/g)!.length).toBeGreaterThan(150);
    expect(html).toMatch(/<svg class="line".*<path d="M/s);
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|javascript:/i);
  } finally {
    await stage.end();
  }
}, 30_000);

test('a multiplier that falls below the guard during the hold gives the stake back', async () => {
  // Up into the next row for two seconds, down for two.
  const stage = new Stage(Array.from({ length: 60 }, () => [{ seconds: 2, price: 76_010 }, { seconds: 2, price: 76_034 }]).flat(), true);
  await stage.start();
  const context = await theatre.context(PHONE);
  try {
    const { page } = await practise(context, stage.origin);
    for (let attempt = 0; attempt < 6 && (await page.locator('.bet.void').count()) === 0; attempt++) {
      await page.waitForFunction(() => document.querySelector('#price').textContent.startsWith('76,034'), undefined, { polling: 20 });
      await page.waitForFunction(() => document.querySelector('#price').textContent.startsWith('76,010'), undefined, { polling: 20 });
      const cell = await cellAt(page, 0, 1);
      const box = (await cell.boundingBox())!;
      await page.waitForTimeout(1650);
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await page.waitForTimeout(1200);
    }
    expect(await page.locator('#result-list .void').first().textContent()).toContain('below your guard');
  } finally {
    await context.close();
    await stage.end();
  }
}, 60_000);

test('when prices end, open bets come back and the page says that taps are paused', async () => {
  const stage = new Stage([{ seconds: 24, price: 76_010 }], false, { STALE_OPEN_MS: '5000' });
  await stage.start();
  const context = await theatre.context(DESKTOP);
  try {
    const { page } = await practise(context, stage.origin);
    expect(await page.locator('.banner').first().textContent()).toMatch(/recorded prices.*play money only/i);
    const cell = await cellAt(page, 4, 2);
    await tap(page, cell);
    await badge(cell, 'locked').waitFor();
    await page.locator('#health .halt').waitFor({ timeout: 40_000 });
    expect(await page.locator('#health').textContent()).toContain('Taps are paused');
    await page.locator('#result-list .void').waitFor({ timeout: 30_000 });
    expect(await page.locator('#result-list .void').textContent()).toContain('gap in the price feed');
    expect(await dollarsOf(page)).toBe(10_000);
  } finally {
    await context.close();
    await stage.end();
  }
}, 90_000);
