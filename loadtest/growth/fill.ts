/** Fills a data folder with closed bets and accounts. See --help. */
import { join } from 'node:path';
import { end, givenAlone } from '../../scripts/command-line/alone.ts';
import { EXIT, type ExitCode } from '../../scripts/command-line/exit-codes.ts';
import { Progress } from '../../scripts/command-line/progress.ts';
import { Chance } from '../../scripts/replay-market/chance.ts';
import type { PlaceBets } from '../../server/ports/ledger.ts';
import { Crowd } from './crowd.ts';
import { QuickHouse, STEP_MS } from './house.ts';
import { NOTE_FILE, type Note } from './note.ts';
import { tapsOfStep } from './taps-of-step.ts';

const BETS_MAX = 100_000_000;
const PER_SECOND_MAX = 10_000;
const TAPS_PER_STEP_MAX = (PER_SECOND_MAX * STEP_MS) / 1000;
/** What is left of the house's time, with room to close what is open. */
const stretch = (from: number) => ({ from, until: Date.now() - MARGIN_MS, stepMs: STEP_MS });
/**
 * House's time before the first bet, so that the market is warm, and after the last one, so that every bet is
 * closed.
 */
const MARGIN_MS = 300_000;
/** Orders that may have more than one tap, and how many those have at most. */
const SWIPES_SHARE = 0.4;
const SWIPE_TAPS_MAX = 5;
/** Accounts come this many steps before their share of the bets, so that there is somebody to begin with. */
const FIRST_STEPS = 5;

const { options } = givenAlone('bun loadtest/growth/fill.ts', {
  about:
    'Makes a data folder as a house would have it after so many bets: the market, ' +
    'the locks and the resolver of ' +
    'the engine over the ledger of the server and a synthetic price, ' +
    'on a clock that goes as fast as the work does.',
  options: {
    dir: {
      value: '<folder>',
      required: true,
      about: 'the data folder (DATA_DIR); made when it is not there',
    },
    bets: { value: '<n>', whole: [1, BETS_MAX], fallback: '1000000', about: 'closed bets in all' },
    accounts: { value: '<n>', whole: [1, BETS_MAX], about: 'default: a tenth of the bets' },
    'per-second': {
      value: '<n>',
      whole: [1, PER_SECOND_MAX],
      fallback: '1000',
      about: "bets a second of the house's time: 10 million bets are the last 2 h 47 min",
    },
    seed: { value: '<n>', whole: [1, 2 ** 31], fallback: '1', about: 'of the price and of who bets where' },
  },
  notes: `Every order is signed, every bet was locked by a recorded quote and closed by recorded ticks, both chains
hold: tapgrid verify-ledger --signatures says so. It ends at the present, so that a server can continue with the
folder. A folder that holds less is continued, also after an interruption; one that holds enough is left as it
is. A power cut meanwhile can spoil the folder.`,
  examples: ['--dir /tmp/house --bets 100000'],
  exits: { 0: 'it holds as many', 1: 'there is no time left in it for so many', 130: 'interrupted' },
  json: false,
});
const { dir, bets, accounts = Math.max(1, Math.floor(bets / 10)), 'per-second': perSecond, seed } = options;
if (accounts > bets) end(`--accounts must be at most --bets, ${bets}`, EXIT.usage);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (stopping = true));

const house = await QuickHouse.open(
  dir,
  seed,
  Date.now() - Math.ceil((bets * 1000) / perSecond) - 2 * MARGIN_MS,
);
const before = house.bets;
if (before >= bets) {
  await house.close();
  finish(`${dir} holds ${before} bets already`, EXIT.ok);
}
const chance = new Chance(seed + before);
const betsLeft = bets - before;
const accountsLeft = Math.max(1, Math.round((accounts * betsLeft) / bets));
const crowd = new Crowd(chance, betsLeft, accountsLeft);
const progress = new Progress('filling', process.stderr);
const began = performance.now();
let [taken, tried, came] = [0, 0, 0];

const warmUntil = house.now + MARGIN_MS;
while (house.board === null && house.now < warmUntil) await house.step([], () => []);
if ((tapsOfStep(betsLeft, perSecond, 1, stretch(house.now)) ?? Infinity) > TAPS_PER_STEP_MAX)
  end(
    `${dir} was used a moment ago: there is no time left in it for ${betsLeft} more bets. ` +
      'Come back later, or fill another folder',
    EXIT.wrong,
  );
while (taken < betsLeft && !stopping) {
  const wanted = tapsOfStep(betsLeft - taken, perSecond, tried === 0 ? 1 : taken / tried, stretch(house.now));
  if (wanted === null) {
    // It has caught up with the present, and goes on with it.
    await Bun.sleep(STEP_MS);
    continue;
  }
  const taps = Math.min(wanted, TAPS_PER_STEP_MAX, betsLeft - taken);
  // As many accounts as their share of the bets, and some to begin with.
  const due =
    Math.min(accountsLeft, Math.ceil((accountsLeft * (taken + FIRST_STEPS * taps)) / betsLeft)) - came;
  const people = Array.from({ length: Math.max(0, due) }, () => crowd.meet(house.now + STEP_MS));
  came += people.length;
  taken += await house.step(
    people.flatMap(({ arrival }) => arrival),
    (now) => orders(now, taps),
  );
  tried += taps;
  progress.update(
    taken / betsLeft,
    `${before + taken} bets, ${Math.round((taken * 1000) / (performance.now() - began))}/s`,
  );
  // Signals come in between.
  await new Promise((resolve) => setImmediate(resolve));
}
for (const last = house.now + MARGIN_MS; house.openBets > 0 && house.now < last; )
  await house.step([], () => []);
progress.end();

const { addict } = crowd;
const noted = Bun.file(join(dir, NOTE_FILE));
const earlier = (await noted.exists()) ? ((await noted.json()) as Note) : null;
const accountId = earlier?.accountId ?? addict?.session.accountId;
if (accountId !== undefined)
  await Bun.write(
    noted,
    `${JSON.stringify({ accountId, accounts: (earlier?.accounts ?? 0) + came } satisfies Note, null, 2)}\n`,
  );
const [held, { ledger }] = [house.bets, house.store.books.chain()];
await house.close();
finish(
  `${dir} holds ${held} bets; ${came} accounts came. ${ledger.batch} commits, ` +
    `the chain ends with ${ledger.hash}. ${Math.round((performance.now() - began) / 1000)} ` +
    `s${stopping ? '; interrupted: run the same command to continue' : ''}`,
  stopping ? EXIT.interrupted : EXIT.ok,
);

function orders(now: number, wanted: number): PlaceBets[] {
  const { board } = house;
  if (board === null) return [];
  const made: PlaceBets[] = [];
  for (let left = wanted; left > 0; ) {
    const taps = Math.min(left, chance.happens(SWIPES_SHARE) ? 1 + chance.below(SWIPE_TAPS_MAX) : 1);
    const order = crowd.next(taps)?.order(chance, board, now, taps) ?? null;
    if (order !== null) made.push(order);
    left -= taps;
  }
  return made;
}

function finish(sentence: string, exit: ExitCode): never {
  process.stdout.write(`${sentence}\n`);
  process.exit(exit);
}
