import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import type { PageDocument, PageSocket } from './page-document.ts';
import { OFF_PX_MAX } from './taps.ts';

// What is evaluated in the page.
declare const document: PageDocument;
declare const window: { seen: Written; WebSocket: { prototype: PageSocket } };

/** As a finger does. */
const HELD_MS = 70;

/** A touch as the page met it. */
export interface Touch {
  /** The cells that lay under the finger, or within what the picture may be off, at its own moment. */
  readonly cells: readonly string[];
  /** One of them showed a number, and had no bet, on a board that took bets. */
  readonly showed: boolean;
}

/** What became of a cell that the page ordered. */
export interface Ordered {
  /** The element's id. */
  readonly cell: string;
  /** `accepted`, the code of a refusal, or null until it is answered. */
  outcome: string | null;
}

export interface Seen {
  readonly touches: readonly Touch[];
  readonly ordered: readonly Ordered[];
}

interface Written {
  readonly touches: Touch[];
  readonly ordered: Ordered[];
}

/**
 * Notes from the first script on what is touched on the board, what is ordered, and what is answered:
 * `window.seen`, as {@link Seen}.
 */
export const watchTouches = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript((off: number) => {
    const seen: Written = { touches: [], ordered: [] };
    window.seen = seen;
    const underWay = new Map<string, Ordered[]>();
    const { prototype } = window.WebSocket;
    const { send } = prototype;
    prototype.send = function (data) {
      if (!this.heard_) this.addEventListener('message', hear);
      this.heard_ = true;
      const { taps, nonce }: { taps?: { cell: string }[]; nonce: string } = JSON.parse(data);
      if (taps && !underWay.has(nonce)) {
        const ordered = taps.map(({ cell }) => ({ cell: `c${cell.replaceAll('.', '-')}`, outcome: null }));
        underWay.set(nonce, ordered);
        seen.ordered.push(...ordered);
      }
      return send.call(this, data);
    };
    function hear({ data }: { readonly data: string }): void {
      if (!(data.startsWith('{') && data.includes('"nonce"'))) return;
      const { type, nonce, results, error, code } = JSON.parse(data);
      if (type !== 'answer' && type !== 'error') return;
      underWay.get(nonce)?.forEach((ordered, i) => {
        const result = results?.[i] ?? { status: 'rejected', code: error?.code ?? code };
        ordered.outcome = result.status === 'accepted' ? 'accepted' : String(result.code);
      });
    }
    document.addEventListener(
      'pointerdown',
      ({ x, y, timeStamp, target }) => {
        const grid = target.closest('#grid');
        const some = document.querySelector('.col:not(.past) .cell');
        if (!grid || !some) return;
        const speed = some.getBoundingClientRect().width / Number(grid.dataset['window']);
        // The picture has moved on since the finger came down.
        const then = x - speed * (document.timeline.currentTime - timeStamp);
        const under = [-off, 0, off].map((aside) =>
          document.elementFromPoint(then + aside, y)?.closest('.cell'),
        );
        const cells = [...new Set(under)].filter((cell) => cell !== null && cell !== undefined);
        seen.touches.push({
          cells: cells.map(({ id }) => id),
          showed:
            !grid.matches('.closed') &&
            cells.some(
              ({ value_, textContent, firstElementChild }) =>
                value_ && textContent !== '' && firstElementChild === null,
            ),
        });
      },
      true,
    );
  }, OFF_PX_MAX);

export const seenOn = (page: Page): Promise<Seen> => page.evaluate(() => window.seen);

/** Waits until everything that was ordered is answered, and 2 s for an order that is still to leave. */
export async function answered(page: Page): Promise<void> {
  await page.waitForTimeout(2_000);
  await page.waitForFunction(() => window.seen.ordered.every((one) => one.outcome !== null));
}

/** The touches that had no order, of those on cells that showed a number. */
export function lostOf({ touches, ordered }: Seen): number {
  const left = ordered.map(({ cell }) => cell);
  return touches.filter(({ cells, showed }) => {
    const index = left.findIndex((cell) => cells.includes(cell));
    if (index >= 0) left.splice(index, 1);
    return index < 0 && showed;
  }).length;
}

export interface Target {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/**
 * Middles of cells in sight that show a number and have no bet. `near`: in the two soonest columns that can
 * be tapped, the six nearest to the price; else all of them, of columns at least `spareMs` from their lock.
 */
export const showing = (page: Page, kind: 'near' | 'any', spareMs = 0): Promise<Target[]> =>
  page.evaluate(
    ([kind, spareMs]) => {
      const grid = document.querySelector('#grid');
      const middle = document.querySelector('.mark:not([hidden])') ?? grid;
      if (!grid || !middle || grid.matches('.closed')) return [];
      const locksAt = Date.now() + Number(grid.dataset['window']) + spareMs;
      const columns = [...document.querySelectorAll('.col:not(.locked):not(.past):not(.current)')]
        .sort((a, b) => Number(a.dataset['start']) - Number(b.dataset['start']))
        .filter(({ dataset }) => Number(dataset['start']) >= locksAt);
      const { top, height } = middle.getBoundingClientRect();
      const away = ({ y }: { y: number }): number => Math.abs(y - top - height / 2);
      const found = (kind === 'near' ? columns.slice(0, 2) : columns)
        .flatMap((column) => [...column.children])
        .filter(
          ({ value_, textContent, firstElementChild }) =>
            value_ && textContent !== '' && firstElementChild === null,
        )
        .map((cell) => ({ id: cell.id, box: cell.getBoundingClientRect() }))
        .map(({ id, box }) => ({ id, x: box.x + box.width / 2, y: box.y + box.height / 2 }))
        .filter(({ id, x, y }) => document.elementFromPoint(x, y)?.closest('.cell')?.id === id);
      return kind === 'near' ? found.sort((a, b) => away(a) - away(b)).slice(0, 6) : found;
    },
    [kind, spareMs] as const,
  );

/** A finger comes down and leaves. */
export async function touch(devtools: CDPSession, { x, y }: Target): Promise<void> {
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y, id: 0 }] });
  await Bun.sleep(HELD_MS);
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}
