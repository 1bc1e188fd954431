import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Wallet } from 'ethers';
import { badge, bet, cellAt, tapUntil } from '../stage/board-tap.ts';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { connected, practise, reads, said, visit } from '../stage/visit.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const getComputedStyle: any;

const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true, { MAX_GAP_MS: '5000' });
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

test('a server that is killed in the middle of a bet: the page reconnects and tells what became of it', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  // Not the soonest column: that one may lock while the finger is on its way.
  const cell = await bet(page, 1, 1);
  const opensAt = Number(/^c(\d+)-/.exec((await cell.getAttribute('id'))!)![1]);
  await stage.kill();
  await page.locator('#closed:not([hidden])').waitFor();
  expect(await page.locator('#closed').textContent()).toContain('Reconnecting');
  expect(await page.locator('body').getAttribute('data-link')).toBe('lost');
  await tapUntil(page, 3, 0, said(page, 'nothing was sent'));
  // Until the bet's window is over: nobody recorded a price in it.
  await Bun.sleep(Math.max(0, opensAt + 5_500 - Date.now()));
  await stage.start();
  await connected(page);
  await page.locator('#result-list .void').waitFor({ state: 'attached' });
  expect(await page.locator('#result-list .void').first().textContent()).toContain('gap in the price feed');
  await reads(page, '#balance b', '$10,000.00');
  await page.locator('#closed').waitFor({ state: 'hidden' });
  await bet(page, 2, 0);
  await context.close();
}, 300_000);

test('a tap whose answer is lost is unknown, and the same order is asked about again', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  // The order goes out, and the line falls before anything comes back. It is unknown until the line stands
  // again, which may be for a moment only.
  await page.evaluate(() => {
    const world = globalThis as any;
    new world.MutationObserver(
      () => (world.wasUnknown ||= world.document.querySelector('.bet.unknown') !== null),
    ).observe(world.document.getElementById('plane'), { subtree: true, childList: true, attributes: true });
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      send.call(this, data);
      if (String(data).includes('"taps"')) {
        WebSocket.prototype.send = send;
        Object.defineProperty(this, 'readyState', { get: () => WebSocket.CLOSED });
        this.dispatchEvent(new CloseEvent('close', { code: 1006 }));
      }
    };
  });
  await bet(page, 3, 0);
  expect(await page.evaluate(() => (globalThis as any).wasUnknown)).toBe(true);
  await reads(page, '#open-count', '1');
  expect(await page.locator('#open-list li').count()).toBe(1);
  await reads(page, '#balance b', '$9,990.00');
  await context.close();
}, 300_000);

test('one wallet popup signs in; signing out everywhere ends every session', async () => {
  const wallet = Wallet.createRandom();
  const context = await theatre.context(DESKTOP);
  const asked: string[] = [];
  await context.exposeFunction('walletRequest', async (method: string, params: readonly string[]) => {
    asked.push(method);
    if (method === 'eth_requestAccounts') return [wallet.address];
    if (method === 'eth_chainId') return '0x1';
    if (method === 'personal_sign') return wallet.signMessage(Buffer.from(params[0]!.slice(2), 'hex'));
    throw new Error(`not expected: ${method}`);
  });
  await context.addInitScript(() => {
    const call = window.walletRequest as (method: string, params: unknown) => Promise<unknown>;
    const provider = {
      request: ({ method, params }: { method: string; params?: unknown }) => call(method, params ?? []),
    };
    const info = {
      uuid: '350670db-19fa-4704-a166-e52e178b59d2',
      name: '<b>Test</b> wallet',
      icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>',
      rdns: 'example.test',
    };
    const announce = () =>
      window.dispatchEvent(
        new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }),
      );
    window.addEventListener('eip6963:requestProvider', announce);
  });
  const { page, faults } = await visit(context, `${stage.origin}/signin`);
  const button = page.locator('main [data-wallet]');
  expect(await button.textContent()).toBe('<b>Test</b> wallet');
  await button.click();
  await page.locator('#balance').waitFor();
  await connected(page);
  expect(asked.filter((method) => method === 'personal_sign')).toHaveLength(1);
  expect(await page.locator('#balance').textContent()).toContain('USD');
  await tapUntil(page, 2, 0, said(page, 'only play money'));

  const { page: second } = await visit(context, stage.origin);
  await connected(second);
  await page.locator('.bar .icon').click();
  await page.locator('#account [data-signout=everywhere]').click();
  await page.locator('.bar .button', { hasText: 'Try it' }).waitFor();
  await second.locator('#closed').getByText('signed out').waitFor();
  expect(faults).toEqual([]);
  await context.close();
}, 300_000);

test('after a sign-out in another tab a tap is told so, and a tap that was under way ends in a sentence', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  const { page: other } = await visit(context, stage.origin);
  await connected(other);
  // An order of this page that never arrives.
  await page.evaluate(() => {
    const { send } = window.WebSocket.prototype;
    window.WebSocket.prototype.send = function (data: unknown) {
      if (!String(data).includes('"taps"')) send.call(this, data);
    };
  });
  await tapUntil(page, 4, 0, page.locator('#plane .bet.pending'));
  await other.locator('.bar .icon').tap();
  const out = other.locator('#account [data-signout=here]');
  await other.locator('#account:not(.rising)').waitFor();
  // A double press does not give an account up that is to be asked about.
  await out.dblclick();
  await other
    .locator('#account [data-signout=here]:not(.rising)', { hasText: 'Sign out and give up this account' })
    .waitFor();
  expect(await other.locator('#account[open]').count()).toBe(1);
  await out.tap();
  await other.locator('.bar .button', { hasText: 'Try it' }).waitFor();
  await said(
    page,
    'You were signed out. Reload the page to continue. Your history shows whether that tap was placed.',
  ).waitFor({ state: 'attached' });
  expect(await page.locator('#plane .bet.pending').count()).toBe(0);
  await tapUntil(
    page,
    3,
    1,
    said(page, 'You were signed out. Reload the page to continue. Nothing was sent.'),
  );
  expect(await page.locator('#plane .bet.pending').count()).toBe(0);
  expect(await page.locator('#signin[open]').count()).toBe(0);
  await context.close();
}, 120_000);

test('without a session the first tap opens the sign-in sheet, practice first', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await visit(context, stage.origin);
  await connected(page);
  await tapUntil(page, 1, 0, page.locator('#signin[open]'));
  expect(await page.locator('#signin button').nth(1).textContent()).toBe('Try it with play money');
  await context.close();
}, 120_000);

test('the board is played with the keyboard alone', async () => {
  const context = await theatre.context(DESKTOP);
  const { page } = await practise(context, stage.origin);
  const orderByKeys = async (): Promise<unknown> => {
    await page.locator('#grid').focus();
    const first = await page.evaluate(() => document.activeElement.id);
    expect(first).toMatch(/^c\d+(?:-\d+){3}$/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    const second = await page.evaluate(() => document.activeElement.id);
    expect(Number(second.split('-')[2]) - Number(first.split('-')[2])).toBeGreaterThan(0);
    expect(await page.evaluate(() => document.activeElement.getAttribute('aria-label'))).toMatch(
      /^76,0\d\d(\.\d\d)? to .* times$/,
    );
    await page.keyboard.press('4');
    expect(await page.locator('.stakes [aria-pressed=true]').textContent()).toBe('$25');
    await page.keyboard.press('Enter');
    const outcome = await page.waitForFunction((id) => {
      const own = document.querySelector(`#${id} .bet`);
      return own === null ? 'refused' : own.matches('.locked') && 'locked';
    }, second);
    return outcome.jsonValue();
  };
  // Slow hands may come when the column is locked: they go on from there.
  let outcome = await orderByKeys();
  for (let tries = 0; outcome === 'refused' && tries < 5; tries++) outcome = await orderByKeys();
  expect(outcome).toBe('locked');
  expect(await page.locator('#open-list li').first().textContent()).toContain('$25');
  await page.keyboard.press('Escape');
  expect(
    await page.evaluate(
      () => document.activeElement === document.body || document.activeElement.id === 'grid',
    ),
  ).toBe(true);
  await context.close();
}, 300_000);

test('what a tap would pay stands above the stakes while the pointer rests on a cell', async () => {
  const context = await theatre.context(DESKTOP);
  const { page } = await practise(context, stage.origin);
  const ticket = page.locator('#ticket');
  await ticket.getByText('$10 × its number').waitFor();
  const box = (await (await cellAt(page, 7, 0)).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await ticket.getByText(/^Locks in 0:\d\d ·$/).waitFor();
  await ticket.getByText(/^\$10 × \d+\.\d\d pays \$\d+\.\d\d$/).waitFor();
  expect(await page.locator('#guard').textContent()).toMatch(/^guard \d+\.\d\d$/);
  await page.keyboard.press('5');
  await ticket.getByText(/^\$50 × \d+\.\d\d pays \$\d+\.\d\d$/).waitFor();
  await page.mouse.move(5, 5);
  await ticket.getByText('$50 × its number').waitFor();
  await reads(page, '#guard', 'guard 80 %');
  await page.locator('#heads .when.next').waitFor({ state: 'attached' });
  await context.close();
}, 300_000);

test('one drag orders several cells under one signature, until swipes are switched off', async () => {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  const sent: string[] = [];
  await page.exposeFunction('sentFrame', (text: string) => void sent.push(text));
  await page.evaluate(() => {
    const send = window.WebSocket.prototype.send;
    window.WebSocket.prototype.send = function (data: unknown) {
      window.sentFrame(String(data));
      return send.call(this, data);
    };
  });
  const drag = async (): Promise<string[]> => {
    const cells = await Promise.all([-1, 0, 1].map((rows) => cellAt(page, 2, rows)));
    const boxes = await Promise.all(cells.map(async (cell) => (await cell.boundingBox())!));
    await page.mouse.move(boxes[0]!.x + 19, boxes[0]!.y + 20);
    await page.mouse.down();
    for (const box of boxes) await page.mouse.move(box.x + 19, box.y + 20, { steps: 4 });
    return page.evaluate(() => [...document.querySelectorAll('.cell.armed')].map(({ id }: any) => id));
  };
  // Where the board drifted on under a slow hand the drag is dropped and made again.
  let armed = await drag();
  for (let tries = 0; armed.length !== 3 && tries < 10; tries++) {
    await page.keyboard.press('Escape');
    await page.mouse.up();
    armed = await drag();
  }
  expect(armed.length).toBe(3);
  await page.mouse.up();
  for (const id of armed) await badge(page.locator(`#${id}`), 'locked').waitFor();
  const orders = sent.map((text) => JSON.parse(text)).filter(({ type }) => type === 'taps');
  expect(orders.map(({ taps }) => taps.length)).toEqual([3]);
  await reads(page, '#balance b', '$9,970.00');
  await page.locator('.bar .icon').click();
  expect(await page.locator('[data-setting=swipe]').isChecked()).toBe(true);
  await page.locator('[data-setting=swipe]').uncheck();
  await page.locator('#account .close').click();
  expect(await drag()).toEqual([]);
  await page.mouse.up();
  await context.close();
}, 300_000);

test('can be kept among the programs of a phone, and says so when there is no connection', async () => {
  const context = await theatre.context(PHONE, 'dark', { serviceWorkers: 'allow' });
  const { page } = await visit(context, stage.origin);
  const devtools = await context.newCDPSession(page);
  const { errors } = await devtools.send('Page.getAppManifest');
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // A window that keeps nothing installs nothing.
  const reasons = installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito');
  expect([errors, reasons]).toEqual([[], []]);
  await page.evaluate(() => window.navigator.serviceWorker.ready.then(() => null));
  await context.setOffline(true);
  await page.goto(`${stage.origin}/history`);
  expect(await page.locator('h1').textContent()).toBe('You are offline');
  // With its looks.
  expect(await page.evaluate(() => getComputedStyle(document.body).margin)).toBe('0px');
  await context.setOffline(false);
  await page.getByText('Try again').click();
  await connected(page);
  await context.close();
}, 120_000);

/** What of the controls lies under the tabs while it has the focus. */
function hiddenByTabs(): string[] {
  const top = document.querySelector('.tabs').getBoundingClientRect().top;
  return [...document.querySelectorAll('main :is(a, button, input, select)')]
    .filter((control: any) => {
      if (control.disabled || control.getClientRects().length === 0) return false;
      window.scrollTo(0, 0);
      control.focus();
      return control.getBoundingClientRect().bottom > top;
    })
    .map((control: any) => control.outerHTML);
}

test('the light theme is remembered and drawn by the server', async () => {
  const context = await theatre.context(PHONE, 'dark');
  const { page } = await practise(context, stage.origin);
  await page.locator('.bar .icon').click();
  await page.locator('#account').getByText('light', { exact: true }).click();
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(await background()).toBe('rgb(244, 245, 248)');
  await page.reload();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
  expect(await background()).toBe('rgb(244, 245, 248)');
  // On the page of its own what gets the focus does not lie under the tabs.
  await page.goto(`${stage.origin}/account`);
  expect(await page.evaluate(hiddenByTabs)).toEqual([]);
  await context.close();
}, 120_000);
