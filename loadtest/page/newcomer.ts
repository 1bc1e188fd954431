import { PHONE, type Theatre } from '../../test/stage/browser-stage.ts';
import type { PageDocument } from './page-document.ts';
import { SLOW_4G } from './page-cost.ts';
import { showing, touch } from './touches.ts';

// What is evaluated in the page.
declare const document: PageDocument;

/** A stranger's way to the first bet, ms since the page was asked for. */
export interface Newcomer {
  readonly firstPaintMs: number;
  /** The line stands, and a cell was tapped. */
  readonly tappedMs: number;
  /** The sheet takes presses, and "Try it" was pressed. */
  readonly triedMs: number;
  /** The house has said that the bet is placed. */
  readonly placedMs: number;
}

/** Opens the board on a slow 4G with nothing kept, taps as soon as that is possible, and tries it. */
export async function newcomerOn(theatre: Theatre, origin: string): Promise<Newcomer> {
  const context = await theatre.context(PHONE);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', SLOW_4G);
  await page.goto(origin, { waitUntil: 'commit' });
  await page.locator('body[data-link=open]').waitFor();
  const [target] = await showing(page, 'any', LEISURE_MS);
  if (target === undefined) throw new Error('no cell in sight shows a number');
  await touch(devtools, target);
  const now = (): Promise<number> => page.evaluate(() => performance.now());
  const tappedMs = await now();
  await page.locator('#signin:not(.rising)[open]').waitFor();
  await page.locator('#signin [data-practice]').tap();
  const triedMs = await now();
  await page.waitForFunction(() => document.querySelector('#plane .bet:is(.placed, .locked, .won, .lost)'));
  const placedMs = await now();
  const firstPaintMs = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  await context.close();
  return { firstPaintMs, tappedMs, triedMs, placedMs };
}

/** What was tapped does not lock while somebody reads the sheet. */
const LEISURE_MS = 10_000;
