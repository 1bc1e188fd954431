import type { Page } from 'playwright-core';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;
declare const innerWidth: number;

/** As a finger does. */
const HELD_MS = 80;
/** For the order to leave the page after the finger has. */
const ORDER_MS_MAX = 20_000;

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
  readonly x: number;
  readonly y: number;
}

/**
 * Taps cells with a finger, one after the other, on a processor slowed down, and looks at what the page
 * orders. It needs a practice account.
 */
export async function tapsOf(page: Page, slowdown: number, taps: number): Promise<Taps> {
  await watchTaps(page);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const counts = { taps, right: 0, wrong: 0, lost: 0 };
  for (let i = 0; i < taps; i++) {
    await devtools.send('Input.dispatchTouchEvent', {
      type: 'touchStart',
      touchPoints: [await freeCell(page, i)],
    });
    await page.waitForTimeout(HELD_MS);
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    const ordered = await page
      .waitForFunction(() => window.ordered.shift(), undefined, { timeout: ORDER_MS_MAX })
      .then((cell) => cell.jsonValue())
      .catch(() => null);
    counts[ordered === null ? 'lost' : (await awayFrom(page, ordered)) <= OFF_PX_MAX ? 'right' : 'wrong']++;
  }
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await devtools.detach();
  return counts;
}

/** Pixels across between the finger and a cell at the moment of the last touch. */
export const awayFrom = (page: Page, id: string): Promise<number> =>
  page.evaluate((id) => window.aside.get(id) ?? Infinity, id);

/** What the picture may be off where its place at a moment is computed. */
export const OFF_PX_MAX = 5;

/**
 * Notes in the page which cells go out in orders (`ordered`, their element ids), and which one lay under the
 * finger at the last touch (`down`, `pressed`). `away(cell, moment)` is how many pixels a cell lay beside
 * that finger at a moment of the page's clock: the board moves left by a column in a window, and a page that
 * is busy hears of a touch when it lies elsewhere. `aside` has that of every cell for the moment of the
 * touch, before the board is set right by a better notion of the server's time.
 */
export const watchTaps = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const ordered: string[] = (window.ordered = []);
    const send = window.WebSocket.prototype.send;
    window.WebSocket.prototype.send = function (data: unknown) {
      for (const { cell } of JSON.parse(String(data)).taps ?? [])
        ordered.push(`c${cell.replaceAll('.', '-')}`);
      return send.call(this, data);
    };
    const speed =
      document.querySelector('.cell').getBoundingClientRect().width /
      Number(document.getElementById('grid').dataset['window']);
    const drift = (moment: number): number => speed * (document.timeline.currentTime - moment);
    window.away = (cell: any, moment: number) => {
      const { left, right } = cell.getBoundingClientRect();
      const x = window.down.x - drift(moment);
      return Math.max(0, left - x, x - right);
    };
    document.addEventListener(
      'pointerdown',
      ({ x, y, timeStamp }: any) => {
        window.down = { x, timeStamp };
        window.aside = new Map(
          [...document.querySelectorAll('.cell')].map((cell) => [cell.id, window.away(cell, timeStamp)]),
        );
        Object.assign(window, {
          pressed: document.elementFromPoint(x - drift(timeStamp), y)?.closest('.cell') ?? null,
        });
      },
      true,
    );
  });

/**
 * A cell in sight that is for sale and likely to stay so, has no bet, and does not lock while the finger is
 * on its way; another one each turn.
 */
async function freeCell(page: Page, turn: number): Promise<Target> {
  const found = await page.waitForFunction((turn) => {
    const columns = [...document.querySelectorAll('.col:not(.locked):not(.past):not(.current)')]
      .sort((a, b) => a.dataset['start'] - b.dataset['start'])
      .slice(1);
    const grid = document.getElementById('grid').getBoundingClientRect();
    const free = columns
      .flatMap((column) => [...column.querySelectorAll('.h1, .h2, .h3')])
      .filter((cell) => cell.firstElementChild === null)
      .map((cell) => ({ box: cell.getBoundingClientRect() }))
      .filter(
        ({ box }) => box.right < innerWidth - 60 && box.top > grid.top + 4 && box.bottom < grid.bottom - 4,
      )
      .map(({ box }) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 }));
    return free[(turn * 7) % Math.max(1, free.length)];
  }, turn);
  return (await found.jsonValue()) as Target;
}
