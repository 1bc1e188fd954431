import type { Locator, Page } from 'playwright-core';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;

const TRIES_MAX = 20;
const AGAIN_MS = 5_000;

/**
 * A cell that can be tapped: `column` counts the open columns from the soonest, and the last one counts for
 * those behind it; `rows` from the row that the price is in, upwards.
 */
export async function cellAt(page: Page, column: number, rows: number): Promise<Locator> {
  const id = await page.evaluate(
    ([column, rows]) => {
      const price = Number(document.querySelector('#price').textContent.replace(/,/g, '')) * 100;
      const open = [...document.querySelectorAll('.col:not(.locked):not(.past):not(.current)')].sort(
        (a, b) => Number(a.dataset['start']) - Number(b.dataset['start']),
      );
      const { band: height, start } = open[Math.min(column!, open.length - 1)]!.dataset;
      const band = Number(height);
      const low = (Math.floor(price / band) + rows!) * band;
      const { window: windowMs } = document.querySelector('#grid').dataset;
      return `c${start}-${windowMs}-${low}-${low + band}`;
    },
    [column, rows],
  );
  return page.locator(`#${id}`);
}

/** Presses for 80 ms, as a finger does, while the board goes on moving. */
export async function tap(page: Page, cell: Locator): Promise<void> {
  const box = await cell.boundingBox();
  if (box === null) return;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.waitForTimeout(80);
  await page.mouse.up();
}

/**
 * Bets as a person does: who is refused, because the column was locked meanwhile or the board drifted under
 * the finger, taps the next one.
 * @returns the cell on which the bet is locked, in that column or one of the two behind it
 */
export async function bet(page: Page, column: number, rows: number): Promise<Locator> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    await page.evaluate(
      () =>
        void (window.had = [...document.querySelectorAll('#plane .bet')].map(
          ({ parentElement }: any) => parentElement.id,
        )),
    );
    await tap(page, await cellAt(page, column + (tries % 3), rows));
    const outcome = await page.waitForFunction(() => {
      const own = [...document.querySelectorAll('#plane .bet')].find(
        ({ parentElement }: any) => !window.had.includes(parentElement.id),
      );
      if (own === undefined) return 'refused';
      return own.matches('.locked, .won, .lost') && own.parentElement.id;
    });
    const id = (await outcome.jsonValue()) as string;
    if (id !== 'refused') return page.locator(`#${id}`);
    await page.waitForTimeout(500);
  }
  throw new Error('no bet was taken');
}

/**
 * Taps until that is in the page: the board may have drifted under the finger, or had another answer first.
 */
export async function tapUntil(page: Page, column: number, rows: number, shown: Locator): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    await tap(page, await cellAt(page, column, rows));
    if (
      await shown.waitFor({ state: 'attached', timeout: AGAIN_MS }).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error('it was tapped in vain');
}

/** The stage of a bet on its cell, as the class of its badge. */
export const badge = (cell: Locator, stage: string): Locator => cell.locator(`.bet.${stage}`);
