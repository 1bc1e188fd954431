import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { freePort } from './free-port.ts';

const ROOT = join(import.meta.dir, '../..');
/** Longest wait for anything on a page. */
const WAIT_MS_MAX = 90_000;
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
        EDGES: '0',
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

  /** @throws TypeError where it does not run. */
  get pid(): number {
    return this.#child!.pid;
  }

  /** Until a price of that moment or later is recorded, and what it decides. */
  async recorded(at: number): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.origin}/api/v1/ticks?from=${at}`).catch(() => null);
      const found = answer?.ok ? ((await answer.json()) as { ticks: readonly unknown[] }) : null;
      if (found !== null && found.ticks.length > 0) return;
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
      // What a test answers in place of the server would pass a worker by.
      serviceWorkers: 'block',
      ...more,
    });
    context.setDefaultTimeout(WAIT_MS_MAX);
    return context;
  }

  async end(): Promise<void> {
    await this.#browser?.close();
  }
}

function recordingOf(stretches: readonly Stretch[]): Uint8Array<ArrayBuffer> {
  const rows = ['ts_ms,price'];
  let at = 1_700_000_000_000;
  for (const { seconds, price } of stretches)
    for (let ms = 0; ms < seconds * 1000; ms += 100, at += 100) rows.push(`${at},${price.toFixed(2)}`);
  return new Uint8Array(Buffer.from(`${rows.join('\n')}\n`));
}
