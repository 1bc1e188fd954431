/** Plays on the page as people do, and holds what comes of it against bounds. See --help. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { end, givenAlone } from '../../scripts/command-line/alone.ts';
import { EXIT } from '../../scripts/command-line/exit-codes.ts';
import { CHROMIUM, findTool } from '../../test/runner/tools.ts';
import { Stage, Theatre } from '../../test/stage/browser-stage.ts';
import { practise } from '../../test/stage/visit.ts';
import { spreadOf } from '../bench/spread.ts';
import { boundTable, holds, type Bound } from './bound.ts';
import { longPlayOn } from './long-play.ts';
import { newcomerOn } from './newcomer.ts';
import { PHONE_SLOWDOWN, shareOf } from './page-cost.ts';
import { placingOn } from './placing.ts';
import { thumbsOn } from './thumbs.ts';
import { showing, touch } from './touches.ts';

const SECTIONS = ['placed', 'thumbs', 'thread', 'newcomer', 'long'] as const;
type Section = (typeof SECTIONS)[number];
const RECORDINGS = join(import.meta.dir, '../../../shared/data');
/** A quiet dense day, a sell-off, and what today's market is like. */
const TAPES = [
  'binance_20220115_0-12h_trades.csv.gz',
  'poloniex_20180222_mid.csv.gz',
  'synthetic_2026like_2h.csv.gz',
].map((name) => join(RECORDINGS, name));

const { options } = givenAlone('bun loadtest/page/bot.ts', {
  about:
    'A bot taps the board of houses of its own in a headless Chromium, as on a phone, on recorded ' +
    'prices. It measures which share of taps on cells that show a number is placed; taps that two thumbs ' +
    'lose on a slow phone; what the main thread does there; how long a newcomer takes to the first bet on ' +
    'slow 4G; and, if asked, whether a long play leaves memory and nodes flat.',
  options: {
    only: { value: '<section>', choices: SECTIONS, about: `one of ${SECTIONS.join(', ')}` },
    tape: {
      value: '<file>',
      about: 'prices to play on instead of those in ../shared/data, as tapgrid import makes',
    },
    taps: { value: '<n>', whole: [10, 2_000], fallback: '100', about: 'on each tape' },
    bursts: { value: '<n>', whole: [1, 100], fallback: '5', about: 'of twenty taps of two thumbs' },
    seconds: { value: '<s>', whole: [5, 600], fallback: '20', about: 'of the main thread' },
    rounds: { value: '<n>', whole: [1, 50], fallback: '3', about: 'of newcomers, the median counts' },
    minutes: {
      value: '<n>',
      whole: [0, 240],
      fallback: '0',
      about: 'of long play: 15 for a figure, 2 for a look; none unless asked',
    },
    json: { value: '<file>', about: 'writes all of it there' },
  },
  examples: ['--minutes 15 --json bot.json', '--only thumbs', '--only long --minutes 2'],
  exits: { 0: 'every bound holds', 1: 'one does not, or there is no Chromium or no recording' },
  json: false,
});
if (findTool(CHROMIUM) === null) end('No Chromium was found.', EXIT.wrong);
const tapes = (options.tape === undefined ? TAPES : [options.tape]).filter(existsSync);
if (tapes.length === 0)
  end(`There is no recording at ${options.tape ?? RECORDINGS}; name one with --tape <file>.`, EXIT.wrong);

const asked = (section: Section): boolean =>
  options.only === undefined ? section !== 'long' || options.minutes > 0 : options.only === section;
const theatre = new Theatre();
const stage = new Stage([], false, { FEED: `replay:${tapes.at(-1)}?loop` });
const bounds: Bound[] = [];
const found: Record<string, unknown> = {};
try {
  if (asked('placed')) await placed();
  if (SECTIONS.slice(1).some(asked)) await stage.start();
  if (asked('thumbs')) await thumbs();
  if (asked('thread')) await thread();
  if (asked('newcomer')) await newcomer();
  if (asked('long')) await long();
} finally {
  await theatre.end();
  await stage.end();
}
console.log(boundTable(bounds));
if (options.json !== undefined)
  await Bun.write(options.json, `${JSON.stringify({ bounds, ...found }, null, 2)}\n`);
process.exit(bounds.every(holds) ? EXIT.ok : EXIT.wrong);

async function placed(): Promise<void> {
  const placings = [];
  for (const tape of tapes) {
    console.log(`${options.taps} taps on ${tape} …`);
    const placing = await placingOn(theatre, tape, options.taps);
    placings.push(placing);
    const name = `taps placed, ${placing.tape.split('_').slice(0, 2).join(' ')}`;
    bounds.push({ name, unit: '%', value: (100 * placing.placed) / placing.taps, atLeast: 90 });
    if (Object.keys(placing.refused).length > 0) console.log(`  refused: ${JSON.stringify(placing.refused)}`);
  }
  found.placed = placings;
}

async function thumbs(): Promise<void> {
  console.log('two thumbs on a slow phone …');
  const result = await thumbsOn(theatre, stage.origin, options.bursts);
  found.thumbs = result;
  const name = `taps of two thumbs lost, of ${result.onNumbers}, slowed ${PHONE_SLOWDOWN} times`;
  bounds.push({ name, unit: '', value: result.lost, atMost: 0 });
}

async function thread(): Promise<void> {
  console.log('the main thread …');
  const context = await theatre.context({ width: 390, height: 844 });
  const { page } = await practise(context, stage.origin);
  await page.locator('.stakes [data-stake]').first().click();
  const watching = await shareOf(page, 1, options.seconds);
  const devtools = await context.newCDPSession(page);
  let isPlaying = true;
  const playing = (async () => {
    for (let turn = 0; isPlaying; turn++) {
      const targets = await showing(page, 'any');
      const target = targets[(turn * 7) % Math.max(1, targets.length)];
      if (target !== undefined) await touch(devtools, target);
      await Bun.sleep(1_000);
    }
  })();
  const played = await shareOf(page, 1, options.seconds);
  isPlaying = false;
  await playing;
  await context.close();
  found.thread = { slowdown: PHONE_SLOWDOWN, watching, played };
  for (const [name, { cpu }] of [
    ['watching', watching],
    ['a tap a second', played],
  ] as const)
    bounds.push({
      name: `main thread, own time × ${PHONE_SLOWDOWN}, ${name}`,
      unit: '%',
      value: cpu * PHONE_SLOWDOWN,
      atMost: 25,
    });
}

async function newcomer(): Promise<void> {
  console.log('newcomers on slow 4G …');
  const newcomers = [];
  for (let round = 0; round < options.rounds; round++)
    newcomers.push(await newcomerOn(theatre, stage.origin));
  found.newcomers = newcomers;
  const { median } = spreadOf(newcomers.map(({ placedMs }) => placedMs));
  bounds.push({ name: 'first bet of a newcomer, slow 4G', unit: 's', value: median / 1000, atMost: 5 });
}

async function long(): Promise<void> {
  const minutes = options.minutes || 2;
  console.log(`${minutes} minutes of play …`);
  const play = await longPlayOn(theatre, stage.origin, minutes);
  found.long = play;
  for (const [name, growth] of [
    ['memory', play.heapGrowth],
    ['nodes', play.nodesGrowth],
    ['listeners', play.listenersGrowth],
  ] as const)
    bounds.push({
      name: `growth of ${name} over ${minutes} min`,
      unit: '%',
      value: 100 * growth,
      atMost: 10,
    });
}
