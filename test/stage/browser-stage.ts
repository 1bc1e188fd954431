import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type CDPSession,
  type Locator,
  type Page,
} from 'playwright-core';

// What is evaluated in the page; the compiler's world has no page.
declare const document: any;
declare const window: any;

const ROOT = join(import.meta.dir, '../..');
/** Longest wait for anything on a page. */
const WAIT_MS_MAX = 90_000;
const TRIES_MAX = 20;
const AGAIN_MS = 5_000;
/**
 * Quotes that last and gaps that are long, so that a machine that stands still for some seconds takes no bet
 * away. A test of quotes or gaps sets its own.
 */
const PATIENT_HOUSE = {
  QUOTE_TTL_MS: '10000',
  QUOTE_TICK_AGE_MS_MAX: '3000',
  MAX_GAP_MS: '10000',
  BREAKER_HYSTERESIS_MS: '0',
};

export const PHONE = { width: 390, height: 844 } as const;
export const DESKTOP = { width: 1280, height: 800 } as const;

/** A price for a while: the recording that a server under test plays. */
export interface Stretch {
  readonly seconds: number;
  readonly price: number;
}

/** A real server on a folder and a port of its own, that can be killed and started again. */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'tapgrid-browser-'));
  readonly port = freePort();
  readonly origin = `http://localhost:${this.port}`;
  #child: Bun.Subprocess<'ignore', 'ignore', 'pipe'> | null = null;

  constructor(
    private readonly stretches: readonly Stretch[],
    private readonly loop: boolean,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {}

  /**
   * @param changed settings that differ from the stage's @param stretches another recording than the stage's
   */
  async start(changed: Readonly<Record<string, string>> = {}, stretches = this.stretches): Promise<void> {
    const file = join(this.folder, 'prices.csv.gz');
    writeFileSync(file, Bun.gzipSync(recordingOf(stretches)));
    const child = Bun.spawn([process.execPath, 'server/main.ts'], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: String(this.port),
        DATA_DIR: join(this.folder, 'data'),
        FEED: `replay:${file}${this.loop ? '?loop' : ''}`,
        LOG_LEVEL: 'warn',
        ...PATIENT_HOUSE,
        ...this.env,
        ...changed,
      },
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
    });
    this.#child = child;
    for (;;) {
      if (child.exitCode !== null)
        throw new Error(`the server ended: ${await new Response(child.stderr).text()}`);
      const grid = await fetch(`${this.origin}/api/v1/grid`).catch(() => null);
      if (grid?.status === 200) return;
      await Bun.sleep(100);
    }
  }

  /** As a power cut would: nothing is said or finished. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#child?.exited;
    this.#child = null;
  }

  /** The process stands still and holds its connections, until it goes on. */
  stop(): void {
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Theatre {
  #browser: Browser | null = null;

  async context(
    viewport: { width: number; height: number },
    colorScheme: 'dark' | 'light' = 'dark',
    more: BrowserContextOptions = {},
  ): Promise<BrowserContext> {
    const executablePath =
      Bun.which('chromium') ?? Bun.which('chromium-browser') ?? Bun.which('google-chrome') ?? undefined;
    // A test that hangs takes its browser with it; the next one gets another.
    if (!this.#browser?.isConnected())
      this.#browser = await chromium.launch({
        executablePath,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-dev-shm-usage',
          '--disable-background-networking',
          '--disable-component-update',
          '--no-first-run',
        ],
      });
    const context = await this.#browser.newContext({
      viewport,
      colorScheme,
      hasTouch: viewport.width < 600,
      ...more,
    });
    context.setDefaultTimeout(WAIT_MS_MAX);
    return context;
  }

  async end(): Promise<void> {
    await this.#browser?.close();
  }
}

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
      return `c${start}-${low}-${low + band}`;
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

  /** One of them leaves, by its place in that order; all of them without one. */
  async up(index = 0, at: Point | null = null): Promise<void> {
    await this.devtools.send('Input.dispatchTouchEvent', {
      type: 'touchEnd',
      touchPoints: at ? [{ x: at.x, y: at.y, id: index }] : [],
    });
  }
}

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

/** What a page says to those who listen, and beside the finger. */
export const said = (page: Page, text: string): Locator => page.locator('#said', { hasText: text });

/** The stage of a bet on its cell, as the class of its badge. */
export const badge = (cell: Locator, stage: string): Locator => cell.locator(`.bet.${stage}`);

/** Waits until an element reads so. */
export const reads = (page: Page, selector: string, text: string): Promise<unknown> =>
  page.waitForFunction(
    ([selector, text]) => document.querySelector(selector!)?.textContent.trim() === text,
    [selector, text],
  );

export const dollarsOf = async (page: Page): Promise<number> =>
  Number((await page.locator('#balance b').textContent())!.replace(/[$,]/g, ''));

function recordingOf(stretches: readonly Stretch[]): Uint8Array<ArrayBuffer> {
  const rows = ['ts_ms,price'];
  let at = 1_700_000_000_000;
  for (const { seconds, price } of stretches)
    for (let ms = 0; ms < seconds * 1000; ms += 100, at += 100) rows.push(`${at},${price.toFixed(2)}`);
  return new Uint8Array(Buffer.from(`${rows.join('\n')}\n`));
}

function freePort(): number {
  const probe = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  probe.stop(true);
  return probe.port;
}
