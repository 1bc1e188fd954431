import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bet } from '../stage/board-tap.ts';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { practise, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;

const TOKEN = 'a-token-for-the-operator-of-this-stage';
const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true, {
  OPERATOR_TOKEN_FILE: '',
  BREAKER_HYSTERESIS_MS: '0',
});
const tokenFile = join(stage.folder, 'token');
beforeAll(async () => {
  writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
  Object.assign((stage as unknown as { env: Record<string, string> }).env, {
    OPERATOR_TOKEN_FILE: tokenFile,
  });
  await stage.start();
  mkdirSync(join(stage.folder, 'data/jobs'), { recursive: true });
  writeFileSync(join(stage.folder, 'data/jobs/backup.success'), '');
});
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

/** Where pictures of the page go when somebody wants to look at them. */
const pictures = process.env.TAPGRID_PICTURES;

for (const [name, size] of [
  ['phone', PHONE],
  ['desktop', DESKTOP],
] as const) {
  test(`an operator signs in, sees the house, halts it and lets it go on (${name})`, async () => {
    const trader = await theatre.context(DESKTOP);
    const { page: board } = await practise(trader, stage.origin);
    for (const [column, row] of [
      [4, 1],
      [5, -1],
      [6, 2],
    ] as const)
      await bet(board, column, row);
    expect(await board.evaluate(async () => (await fetch('/ops')).status)).toBe(401);

    const context = await theatre.context(size);
    const { page, faults } = await visit(context, `${stage.origin}/ops`);
    await page.fill('[name=password]', `${TOKEN}x`);
    await page.click('button');
    await page.getByRole('alert').getByText('Wrong token').waitFor();
    await page.fill('[name=password]', TOKEN);
    await page.click('button');

    await page.getByText('Taps are taken').waitFor();
    expect(await page.locator('.exposure rect.heat').count()).toBeGreaterThanOrEqual(3);
    expect(await page.locator('.jobs .alive').textContent()).toContain('backup');
    expect(await page.locator('.jobs .never').count()).toBe(2);
    expect(await page.locator('.venues .alive').count()).toBe(1);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0);
    if (pictures) {
      await page.screenshot({ path: join(pictures, `ops-${name}.png`), fullPage: true });
      await page.emulateMedia({ colorScheme: 'light' });
      // Colours change softly.
      await Bun.sleep(600);
      await page.screenshot({ path: join(pictures, `ops-${name}-light.png`), fullPage: true });
      await page.emulateMedia({ colorScheme: 'dark' });
    }

    // The panels come anew by themselves, and a reason that is being written stays.
    await page.fill('[name=reason]', 'a drill, nothing is wrong');
    const before = await page.locator('.state .quiet').first().textContent();
    await page.waitForFunction(
      (was: string) => document.querySelector('.state .quiet').textContent !== was,
      before!,
    );
    expect(await page.inputValue('[name=reason]')).toBe('a drill, nothing is wrong');
    await page.click('.button.halt');
    await page.getByText('Taps are paused').waitFor();
    await page.locator('.actions').getByText('a drill, nothing is wrong').first().waitFor();
    await board.getByRole('status').getByText('by the operator', { exact: true }).waitFor();
    if (pictures) await page.screenshot({ path: join(pictures, `ops-${name}-halted.png`), fullPage: true });
    await page.fill('[name=reason]', 'the drill is over');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Taps are taken').waitFor();
    if (name === 'phone') {
      // What is old says so, and is new again when the server answers.
      await context.setOffline(true);
      await page.getByText('The server has not answered').waitFor();
      await context.setOffline(false);
      await page.locator('#stale').waitFor({ state: 'hidden' });
      faults.length = 0;
    }
    // What runs here, and with which settings; what a phone shows first is what is the matter.
    expect(await page.locator('.card', { hasText: 'Installation' }).textContent()).toMatch(
      /Version.*Certificate.*Snapshot.*Tail.*Redis/s,
    );
    await page.getByRole('link', { name: 'All settings' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(await page.locator('.as-set', { hasText: 'BREAKER_HYSTERESIS_MS' }).textContent()).toContain(
      'environment',
    );
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0);
    if (pictures) await page.screenshot({ path: join(pictures, `ops-${name}-settings.png`), fullPage: true });
    await page.getByRole('link', { name: 'Log' }).click();
    expect(await page.locator('.actions li').first().textContent()).toContain('the drill is over');
    expect(await page.locator('.actions li').first().textContent()).toContain('operator');
    if (pictures && name === 'phone')
      await page.screenshot({ path: join(pictures, 'ops-log.png'), fullPage: true });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('For the operators of this house').waitFor();
    if (name === 'desktop') {
      // A page that was left open asks for the token again.
      await page.goto(`${stage.origin}/ops`);
      await page.fill('[name=password]', TOKEN);
      await page.click('button');
      await page.getByText('Taps are taken').waitFor();
      await page.evaluate(async () => (await fetch('/ops/sign-out', { method: 'POST' })).status);
      await page.getByText('For the operators of this house').waitFor();
    }
    // The wrong name above is refused with 400.
    expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
    await context.close();
    await trader.close();
  }, 300_000);
}
