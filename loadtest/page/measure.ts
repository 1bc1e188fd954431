/** What the page costs a phone. See --help. */
import { givenAlone } from '../../scripts/command-line/alone.ts';
import { PHONE, Stage, Theatre } from '../../test/stage/browser-stage.ts';
import { connected, practise, visit } from '../../test/stage/visit.ts';
import { openingOf, PHONE_SLOWDOWN, shareOf, transferOf } from './page-cost.ts';
import { tapsOf } from './taps.ts';

const {
  options: { rounds, seconds, taps, json },
} = givenAlone('bun loadtest/page/measure.ts', {
  about:
    'Opens the board of a server of its own in a headless Chromium, as on a phone, ' +
    'and measures what that costs.',
  options: {
    rounds: {
      value: '<n>',
      whole: [1, 50],
      fallback: '3',
      about: 'openings and stretches of play; the medians are printed',
    },
    seconds: { value: '<s>', whole: [1, 600], fallback: '8', about: 'of play in each round' },
    taps: {
      value: '<n>',
      whole: [0, 1000],
      fallback: '40',
      about: 'of a finger in each round, on the slowed processor',
    },
    json: { value: '<file>', about: 'writes all rounds there' },
  },
  examples: ['--rounds 5 --json page.json'],
  exits: { 0: 'measured' },
  json: false,
});

const stage = new Stage([], false, { FEED: 'walk:7' });
const theatre = new Theatre();
try {
  await stage.start();
  const results = [];
  for (let round = 0; round < rounds; round++) {
    console.log(`round ${round + 1} of ${rounds} …`);
    results.push(await measured());
  }
  if (json !== undefined)
    await Bun.write(
      json,
      `${JSON.stringify({ slowdown: PHONE_SLOWDOWN, seconds, rounds: results }, null, 2)}\n`,
    );
  console.table(rowsOf(results));
} finally {
  await theatre.end();
  await stage.end();
}

async function measured() {
  const fresh = await theatre.context(PHONE);
  const opening = await openingOf(fresh, stage.origin, 1);
  await fresh.close();
  const context = await theatre.context(PHONE);
  const { page } = await visit(context, stage.origin);
  await connected(page);
  const transfer = await transferOf(page);
  const share = await shareOf(page, 1, seconds);
  const slowShare = await shareOf(page, PHONE_SLOWDOWN, seconds);
  await context.close();
  return { transfer, opening, share, slowShare, taps: await fingers() };
}

async function fingers() {
  const context = await theatre.context(PHONE);
  const { page } = await practise(context, stage.origin);
  await page.getByRole('button', { name: '$1', exact: true }).click();
  const counts = await tapsOf(page, PHONE_SLOWDOWN, taps);
  await context.close();
  return counts;
}

function rowsOf(
  results: readonly Awaited<ReturnType<typeof measured>>[],
): Record<string, Record<string, number>> {
  const median = (pick: (result: (typeof results)[number]) => number): number =>
    results.map(pick).sort((a, b) => a - b)[results.length >> 1]!;
  const row = (unit: string, pick: (result: (typeof results)[number]) => number) => ({
    [unit]: Math.round(median(pick) * 10) / 10,
  });
  return {
    requests: row('count', ({ transfer }) => transfer.requests),
    'transfer, compressed': row('KB', ({ transfer }) => transfer.bytes / 1024),
    'of that the HTML': row('KB', ({ transfer }) => transfer.htmlBytes / 1024),
    'first paint, slow 4G': row('ms', ({ opening }) => opening.firstPaintMs),
    'usable, slow 4G': row('ms', ({ opening }) => opening.usableMs),
    'main thread, own time': row('% of a core', ({ share }) => share.cpu),
    [`main thread, own time × ${PHONE_SLOWDOWN}`]: row(
      '% of a core',
      ({ share }) => share.cpu * PHONE_SLOWDOWN,
    ),
    [`main thread, slowed ${PHONE_SLOWDOWN} times`]: row('% of a core', ({ slowShare }) => slowShare.all),
    [`of that scripting, slowed ${PHONE_SLOWDOWN} times`]: row(
      '% of a core',
      ({ slowShare }) => slowShare.scripting,
    ),
    [`of that style and layout, slowed ${PHONE_SLOWDOWN} times`]: row(
      '% of a core',
      ({ slowShare }) => slowShare.style + slowShare.layout,
    ),
    [`taps lost or on another cell, of ${taps}, worst round`]: {
      count: Math.max(...results.map((result) => result.taps.lost + result.taps.wrong)),
    },
    'style recalculations': row('per second', ({ share }) => share.stylesPerSecond),
  };
}
