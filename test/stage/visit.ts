import type { BrowserContext, Locator, Page } from 'playwright-core';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;

/** Opens the board and takes the practice account. What the page complains about is collected in `faults`. */
export async function practise(
  context: BrowserContext,
  origin: string,
): Promise<{ page: Page; faults: string[] }> {
  const { page, faults } = await visit(context, origin);
  await page.locator('.bar .button').click();
  await page.locator('dialog [data-practice]').click();
  await page.locator('#balance').waitFor();
  await connected(page);
  return { page, faults };
}

/** Opens an address. What the page complains about is collected in `faults`. */
export async function visit(context: BrowserContext, url: string): Promise<{ page: Page; faults: string[] }> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (
      message.type() === 'error' &&
      !/ERR_CONNECTION_REFUSED|WebSocket connection|\b40[149]\b/.test(message.text())
    )
      faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults };
}

export const connected = (page: Page): Promise<void> => page.locator('body[data-link=open]').waitFor();

/** What a page says to those who listen, and beside the finger. */
export const said = (page: Page, text: string): Locator => page.locator('#said', { hasText: text });

/** Waits until an element reads so. */
export const reads = (page: Page, selector: string, text: string): Promise<unknown> =>
  page.waitForFunction(
    ([selector, text]) => document.querySelector(selector!)?.textContent.trim() === text,
    [selector, text],
  );

export const dollarsOf = async (page: Page): Promise<number> =>
  Number((await page.locator('#balance b').textContent())!.replace(/[$,]/g, ''));
