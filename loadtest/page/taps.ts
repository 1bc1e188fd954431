import type { Page } from 'playwright-core';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const innerWidth: number;

/** As a finger does. */
const HELD_MS = 80;
/** For the order to leave the page after the finger has. */
const ORDER_MS_MAX = 5_000;

export interface Taps {
  readonly taps: number;
  /** The cell under the finger was ordered. */
  readonly right: number;
  /** Another cell was. */
  readonly wrong: number;
  /** Nothing was. */
  readonly lost: number;
}

interface Target {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** Taps cells with a finger, one after the other, on a processor slowed down, and looks at what the page orders. It needs a practice account. */
export async function tapsOf(page: Page, slowdown: number, taps: number): Promise<Taps> {
  await listenForOrders(page);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const counts = { taps, right: 0, wrong: 0, lost: 0 };
  for (let i = 0; i < taps; i++) {
    const { id, x, y } = await freeCell(page, i);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    await page.waitForTimeout(HELD_MS);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    const ordered = await page.waitForFunction(() => window.ordered.shift(), undefined, { timeout: ORDER_MS_MAX }).then((cell) => cell.jsonValue()).catch(() => null);
    counts[ordered === null ? 'lost' : ordered === id ? 'right' : 'wrong']++;
  }
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await devtools.detach();
  return counts;
}

/** Keeps the element ids of the cells that go out in orders, in `window.ordered`. */
export const listenForOrders = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const ordered: string[] = (window.ordered = []);
    const send = window.WebSocket.prototype.send;
    window.WebSocket.prototype.send = function (data: unknown) {
      for (const { cell } of JSON.parse(String(data)).taps ?? []) ordered.push(cell.replace(/^(\d+)\.\d+\.(\d+)\.\d+$/, 'c$1-$2'));
      return send.call(this, data);
    };
  });

/** A cell in sight that is for sale and likely to stay so, has no bet, and does not lock while the finger is on its way; another one each turn. */
async function freeCell(page: Page, turn: number): Promise<Target> {
  const found = await page.waitForFunction((turn) => {
    const columns = [...document.querySelectorAll('.col:not(.locked):not(.past):not(.current)')].sort((a, b) => a.dataset['start'] - b.dataset['start']).slice(1);
    const grid = document.getElementById('grid').getBoundingClientRect();
    const free = columns
      .flatMap((column) => [...column.querySelectorAll('.h1, .h2, .h3')])
      .filter((cell) => cell.firstElementChild === null)
      .map((cell) => ({ id: cell.id, box: cell.getBoundingClientRect() }))
      .filter(({ box }) => box.right < innerWidth - 60 && box.top > grid.top + 4 && box.bottom < grid.bottom - 4)
      .map(({ id, box }) => ({ id, x: box.x + box.width / 2, y: box.y + box.height / 2 }));
    return free[(turn * 7) % Math.max(1, free.length)];
  }, turn);
  return (await found.jsonValue()) as Target;
}
