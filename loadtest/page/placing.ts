import { PHONE, Stage, type Theatre } from '../../test/stage/browser-stage.ts';
import { practise } from '../../test/stage/visit.ts';
import { answered, lostOf, seenOn, showing, touch, watchTouches } from './touches.ts';

/** What became of taps on one tape. */
export interface Placing {
  readonly tape: string;
  /** On cells that showed a number. */
  readonly taps: number;
  readonly placed: number;
  /** The page ordered nothing, as where a column locked under the finger. */
  readonly notOrdered: number;
  /** By code. */
  readonly refused: Readonly<Record<string, number>>;
}

const BETWEEN_MS = 500;

/**
 * Taps near cells and any cells in turns, once each, on a house that plays a recording.
 * @param tape a file of prices
 */
export async function placingOn(theatre: Theatre, tape: string, taps: number): Promise<Placing> {
  // The house of an operator, and not one that is patient with tests.
  const stage = new Stage([], false, {
    FEED: `replay:${tape}?loop`,
    QUOTE_TTL_MS: '',
    QUOTE_TICK_AGE_MS_MAX: '',
    MAX_GAP_MS: '',
  });
  const context = await theatre.context(PHONE);
  try {
    await stage.start();
    await watchTouches(context);
    const { page } = await practise(context, stage.origin);
    await page.locator('.stakes [data-stake]').first().click();
    const devtools = await context.newCDPSession(page);
    for (let turn = 0; turn < taps; turn++) {
      const targets = await showing(page, turn % 2 === 0 ? 'near' : 'any');
      const target = targets[Math.floor(Math.random() * targets.length)];
      if (target !== undefined) await touch(devtools, target);
      await page.waitForTimeout(BETWEEN_MS);
    }
    await answered(page);
    const seen = await seenOn(page);
    const refused: Record<string, number> = {};
    for (const { outcome } of seen.ordered)
      if (outcome !== null && outcome !== 'accepted') refused[outcome] = (refused[outcome] ?? 0) + 1;
    return {
      tape: tape.split('/').at(-1) ?? tape,
      taps: seen.touches.filter(({ showed }) => showed).length,
      placed: seen.ordered.filter(({ outcome }) => outcome === 'accepted').length,
      notOrdered: lostOf(seen),
      refused,
    };
  } finally {
    await context.close();
    await stage.end();
  }
}
