import { afterAll, beforeAll, expect, test } from 'bun:test';
import { DESKTOP, PHONE, Stage, Theatre } from '../stage/browser-stage.ts';
import { reads, visit } from '../stage/visit.ts';
import { installWallet, type PageWallet } from '../stage/page-wallet.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const window: { wallet: PageWallet };

const theatre = new Theatre();
const stage = new Stage([{ seconds: 600, price: 76_010 }], true);
beforeAll(() => stage.start());
afterAll(async () => {
  await theatre.end();
  await stage.end();
});

async function signinPage(
  viewport: { width: number; height: number },
  options: Parameters<typeof installWallet>[1] | null,
) {
  const context = await theatre.context(viewport);
  if (options !== null) await installWallet(context, options);
  const { page, faults } = await visit(context, `${stage.origin}/signin`);
  return { context, page, faults, form: page.locator('main .signin') };
}

test('a wallet that announces itself while the sheet is open is listed, and signs in with one popup', async () => {
  const context = await theatre.context(DESKTOP);
  await installWallet(context, { late: true, name: '<b>Late</b> wallet' });
  const { page, faults } = await visit(context, stage.origin);
  await page.locator('.bar .sign-in').click();
  const sheet = page.locator('dialog .signin');
  await sheet.getByText('No wallet found').waitFor();
  await page.evaluate(() => window.wallet.announce());
  const button = sheet.locator('[data-wallet]');
  expect(await button.textContent()).toBe('<b>Late</b> wallet');
  expect(await sheet.getByText('No wallet found').isVisible()).toBe(false);
  // Sheets that rise take no press.
  await page.locator('dialog:not(.rising)[open]').waitFor();
  await button.click();
  await page.locator('#balance').waitFor();
  await reads(page, '#balance small', 'USD');
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

test('a wallet that never answers can be given up, and tried again', async () => {
  const { context, page, form } = await signinPage(DESKTOP, {});
  await page.evaluate(() => (window.wallet.answers['personal_sign'] = () => new Promise(() => {})));
  const button = form.locator('[data-wallet]');
  await button.click();
  await form.getByText('Check your wallet: it is asking you to sign in.').waitFor();
  expect(await button.isDisabled()).toBe(true);
  await form.locator('[data-cancel]').click();
  await form.getByText('Cancelled. If your wallet is still asking, decline there.').waitFor();
  expect([await button.isEnabled(), await form.locator('[data-pending]').isVisible()]).toEqual([true, false]);
  await page.evaluate(() => delete window.wallet.answers['personal_sign']);
  await button.click();
  await page.locator('#balance').waitFor();
  await context.close();
}, 120_000);

test('what a person decides in the wallet is told as that, and which network is wanted', async () => {
  const { context, page, form } = await signinPage(DESKTOP, {});
  const button = form.locator('[data-wallet]');
  const error = form.locator('[data-signin-error]');
  const heard = async (sentence: string): Promise<void> => {
    await button.click();
    await error.getByText(sentence).waitFor();
  };
  await page.evaluate(() => {
    window.wallet.answers['personal_sign'] = () => {
      throw Object.assign(new Error('Internal JSON-RPC error.'), {
        code: -32603,
        data: { originalError: { code: 4001, message: 'User denied message signature.' } },
      });
    };
  });
  await heard('You declined in your wallet. Nothing was signed.');
  await page.evaluate(() => (window.wallet.answers['personal_sign'] = () => `0x${'ab'.repeat(300)}`));
  await heard('Smart-contract wallets cannot sign in yet');
  await page.evaluate(() => (window.wallet.answers['personal_sign'] = () => `0x${'5e'.repeat(64)}1b`));
  await heard('Smart-contract wallets cannot sign in yet');
  await page.evaluate(() => (window.wallet.answers['eth_chainId'] = () => '0x89'));
  await heard('Your wallet is on Polygon. Switch it to Ethereum');
  await context.close();
}, 120_000);

test('on a phone without a wallet, links open the page inside the browser of one', async () => {
  const { context, form } = await signinPage(PHONE, null);
  const links = form.locator('[data-wallet-browsers] a');
  await links.first().waitFor();
  const place = stage.origin.replace('http://', '');
  expect(
    await links.evaluateAll((anchors) =>
      anchors.map((anchor) => (anchor as unknown as { href: string }).href),
    ),
  ).toEqual([
    `https://link.metamask.io/dapp/${place}/`,
    `https://go.cb-w.com/dapp?cb_url=${encodeURIComponent(`${stage.origin}/`)}`,
    `https://link.trustwallet.com/open_url?coin_id=60&url=${encodeURIComponent(`${stage.origin}/`)}`,
  ]);
  await context.close();
  const desktop = await signinPage(DESKTOP, null);
  await desktop.form.getByText('No wallet found').waitFor();
  expect(await desktop.form.locator('[data-wallet-browsers]').isVisible()).toBe(false);
  await desktop.context.close();
}, 120_000);
