import type { CDPSession, Page } from 'playwright-core';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;

/**
 * A finger on the glass of a page, with all that a browser makes of it: pointer events, then the mouse's
 * events and click that it adds by itself.
 */
export class Finger {
  private constructor(private readonly devtools: CDPSession) {}

  static async on(page: Page): Promise<Finger> {
    return new Finger(await page.context().newCDPSession(page));
  }

  /** Comes down and leaves after 60 ms. */
  async tap(point: Point): Promise<void> {
    await this.down(point);
    await Bun.sleep(60);
    await this.up();
  }

  /** Comes down again as soon as the page has heard that it left. */
  async tapTwice(point: Point): Promise<void> {
    await this.down(point);
    await Bun.sleep(60);
    await Promise.all([this.up(), this.down(point)]);
    await Bun.sleep(60);
    await this.up();
  }

  /** All fingers that are down from now on: those that were, in their order, and a new one. */
  async down(...points: readonly Point[]): Promise<void> {
    await this.devtools.send('Input.dispatchTouchEvent', {
      type: 'touchStart',
      touchPoints: points.map(({ x, y }, id) => ({ x, y, id })),
    });
  }

  /**
   * As many fingers as there are paths come down together, move as a hand does, and leave.
   * @param paths pixels of the page from where to where
   */
  async drag(
    ...paths: readonly (readonly [x: number, y: number, toX: number, toY: number])[]
  ): Promise<void> {
    const at = (share: number) =>
      paths.map(([x, y, toX, toY], id) => ({ x: x + (toX - x) * share, y: y + (toY - y) * share, id }));
    await this.devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
    for (let step = 1; step <= DRAG_STEPS; step++)
      await this.devtools.send('Input.dispatchTouchEvent', {
        type: 'touchMove',
        touchPoints: at(step / DRAG_STEPS),
      });
    await this.devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }

  /** One of them leaves, by its place in that order; all of them without one. */
  async up(index = 0, at: Point | null = null): Promise<void> {
    await this.devtools.send('Input.dispatchTouchEvent', {
      type: 'touchEnd',
      touchPoints: at ? [{ x: at.x, y: at.y, id: index }] : [],
    });
  }
}

/** Of a drag: what comes in one frame is one to the page. */
const DRAG_STEPS = 16;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The middle of a cell for sale without a bet, in the column that many after the soonest open one, at a share
 * of the board's height from its top.
 */
export async function pointOn(
  page: Page,
  column: number,
  share: number,
): Promise<Point & { readonly id: string }> {
  const found = await page.waitForFunction(
    ([column, share]) => {
      const board = document.getElementById('grid').getBoundingClientRect();
      const open = [...document.querySelectorAll('.col:not(.locked):not(.past):not(.current)')].sort(
        (a, b) => Number(a.dataset['start']) - Number(b.dataset['start']),
      );
      const free = [...(open[column!]?.children ?? [])].filter(
        (cell: any) => cell.value_ && cell.firstElementChild === null,
      );
      const places = free
        .map((cell: any) => ({ id: cell.id, box: cell.getBoundingClientRect() }))
        .map(({ id, box }) => ({ id, x: box.left + box.width / 2, y: box.top + box.height / 2 }));
      const seen = places.filter(
        ({ id, x, y }) => document.elementFromPoint(x, y)?.closest('.cell')?.id === id,
      );
      const away = ({ y }: { y: number }) => Math.abs((y - board.top) / board.height - share!);
      return seen.sort((a, b) => away(a) - away(b))[0];
    },
    [column, share],
  );
  return (await found.jsonValue()) as Point & { id: string };
}
