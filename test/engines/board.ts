import type { Browser, Point } from './browser.ts';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;

const TRIES_MAX = 10;

/**
 * Where a cell is pressed that can be tapped: `column` counts the open columns from the soonest, `rows` from
 * the row that the price is in, upwards.
 */
export const cellAt = (
  browser: Browser,
  column: number,
  rows: number,
): Promise<Point & { readonly id: string }> =>
  browser.until(
    'a cell can be tapped',
    (column, rows) => {
      const price = Number(document.querySelector('#price').textContent.replace(/,/g, '')) * 100;
      const open = [...document.querySelectorAll('.col:not(.locked):not(.past):not(.current)')].sort(
        (a, b) => Number(a.dataset.start) - Number(b.dataset.start),
      );
      const chosen = open[Math.min(column, open.length - 1)];
      const band = Number(chosen?.dataset.band);
      const low = (Math.floor(price / band) + rows) * band;
      const cell = [...(chosen?.children ?? [])].find(({ id }) => id.endsWith(`-${low}-${low + band}`));
      if (!cell?.value_ || cell.firstElementChild !== null) return null;
      const { left, top, width, height: tall } = cell.getBoundingClientRect();
      const point = { x: left + width / 2, y: top + tall / 2 };
      return document.elementFromPoint(point.x, point.y) === cell
        ? { id: cell.id as string, ...point }
        : null;
    },
    column,
    rows,
  );

/**
 * Bets as a person does: who is refused, because the column was locked meanwhile or the board drifted under
 * the finger, taps the next one. @returns the cell on which the bet is locked
 */
export async function bet(browser: Browser, column: number, rows: number): Promise<string> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const had = await betsOn(browser);
    await browser.press(await cellAt(browser, column + (tries % 3), rows));
    const id = await browser.until(
      'a tap is answered',
      (had) => {
        const own = [...document.querySelectorAll('#plane .bet')].find(
          ({ parentElement }) => !had.includes(parentElement.id),
        );
        if (own === undefined) return document.querySelector('#toast:not([hidden])') ? 'refused' : null;
        return own.matches('.locked, .won, .lost')
          ? (own.parentElement.id as string)
          : own.matches('.refused') && 'refused';
      },
      had,
    );
    if (id !== 'refused') return id;
  }
  throw new Error('no bet was taken');
}

/** The cells on which there are bets. */
const betsOn = (browser: Browser): Promise<string[]> =>
  browser.run(() =>
    [...document.querySelectorAll('#plane .bet')].map(({ parentElement }) => parentElement.id as string),
  );
