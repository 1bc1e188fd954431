import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { end, givenAlone } from '../../scripts/command-line/alone.ts';
import { EXIT } from '../../scripts/command-line/exit-codes.ts';
import { film } from './moving-picture.ts';
import { CHROMIUM, findTool } from '../runner/tools.ts';
import { ready } from '../crash-oracle/processes.ts';
import { freePort } from '../stage/free-port.ts';

const ROOT = join(import.meta.dir, '../..');
const SIZES = [
  { name: 'board-phone', width: 390, height: 844, scale: 2 },
  { name: 'board-desktop', width: 1280, height: 800, scale: 1 },
] as const;
const TAPS = 7;
/** So many taps as the moving picture is seconds long, and some. */
const FILM_TAPS = 14;
/** Until some bets are decided and others are open. */
const PLAY_MS = 14_000;

/** In the page: the middle of a cell for sale that is in sight and has no bet, another one for each turn. */
const CELL_IN_SIGHT = `(turn) => {
  const cells = [...document.querySelectorAll('.col:not(.locked) .cell.h1, .col:not(.locked) .cell.h2, .col:not(.locked) .cell.h3')].filter((cell) => !cell.querySelector('.bet'));
  const points = cells.map((cell) => cell.getBoundingClientRect()).map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }))
    .filter(({ x, y }) => document.elementFromPoint(x, y)?.closest('.cell'));
  return points[(turn * 7) % Math.max(1, points.length)] ?? null;
}`;

const { options } = givenAlone('bun test/pictures/take-screenshots.ts', {
  about:
    'Plays a little on a server of its own and takes the pictures of the README: board-phone.png, ' +
    'board-desktop.png and the moving board.webp.',
  options: {
    out: { value: '<folder>', fallback: join(ROOT, 'docs/images'), about: 'where they go' },
    feed: { value: '<feed>', fallback: 'walk:7', about: 'the prices, as FEED' },
    theme: {
      value: '<dark|light>',
      choices: ['dark', 'light'],
      fallback: 'dark',
      about: 'the colours',
    },
  },
  examples: ['', '--theme light --out pictures'],
  exits: { 0: 'taken', 1: 'there is no Chromium, or the server did not start' },
  json: false,
});
const { theme } = options;
const executablePath = findTool(CHROMIUM) ?? end('No Chromium was found.', EXIT.wrong);

const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-screenshots-'));
const port = freePort();
const server = Bun.spawn([process.execPath, 'server/main.ts'], {
  cwd: ROOT,
  env: {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(port),
    EDGES: '0',
    FEED: options.feed,
    LOG_LEVEL: 'error',
  },
  stdout: 'inherit',
  stderr: 'inherit',
});
try {
  await ready(port, server);
  mkdirSync(options.out, { recursive: true });
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  for (const { name, width, height, scale } of SIZES) {
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: scale,
      colorScheme: theme,
    });
    const page = await context.newPage();
    await play(page, `http://localhost:${port}/`);
    const path = join(options.out, `${name}.png`);
    await page.screenshot({ path });
    console.log(path);
    await context.close();
  }
  const context = await browser.newContext({ viewport: { width: 390, height: 720 }, colorScheme: theme });
  const page = await context.newPage();
  await begin(page, `http://localhost:${port}/`);
  const path = join(options.out, 'board.webp');
  await film(page, path, () => tapAround(page, FILM_TAPS));
  console.log(path);
  await browser.close();
} finally {
  server.kill('SIGTERM');
  await server.exited;
  rmSync(dataDir, { recursive: true, force: true });
}

async function begin(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.click('.bar .button');
  await page.click('[data-practice]');
  await page.waitForSelector('#balance');
}

async function tapAround(page: Page, taps: number): Promise<void> {
  for (let tap = 0; tap < taps; tap++) {
    await tapSomewhere(page, tap);
    await page.waitForTimeout(700);
  }
}

async function play(page: Page, address: string): Promise<void> {
  await begin(page, address);
  const until = Date.now() + PLAY_MS;
  await tapAround(page, TAPS);
  await page.waitForTimeout(Math.max(0, until - Date.now()));
  await tapSomewhere(page, TAPS);
  await page.waitForTimeout(1_200);
}

async function tapSomewhere(page: Page, turn: number): Promise<void> {
  const point = await page.evaluate<{ x: number; y: number } | null>(`(${CELL_IN_SIGHT})(${turn})`);
  if (point !== null) await page.mouse.click(point.x, point.y);
}
