/** Fills a data folder with closed bets and accounts. See --help. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Progress } from '../../scripts/command-line/progress.ts';
import { Chance } from '../../scripts/replay-market/chance.ts';
import type { PlaceBets } from '../../server/ports/ledger.ts';
import { Crowd } from './crowd.ts';
import { QuickHouse, STEP_MS } from './house.ts';
import { NOTE_FILE, type Note } from './note.ts';
import { tapsOfStep } from './pace.ts';

const HELP = `usage: bun loadtest/growth/fill.ts --dir <folder> [--bets <n>] [--accounts <n>] [--per-second <n>] [--seed <n>]

Makes a data folder as a house would have it after so many bets: the market, the locks and the resolver of the engine over the ledger of the server and a
synthetic price, on a clock that goes as fast as the work does. Every order is signed, every bet was locked by a recorded quote and closed by recorded
ticks, both chains hold: scripts/verify-ledger.ts --signatures says so. It ends at the present, so that a server can go on with the folder.
A folder that holds less is gone on with, also after an interruption; one that holds enough is left as it is. A power cut meanwhile can spoil the folder.

  --dir         the data folder (DATA_DIR); made when it is not there
  --bets        1000000 closed bets in all, at most 100000000
  --accounts    a tenth of the bets
  --per-second  1000 bets a second of the house's time: 10 million bets are the last 2 h 47 min
  --seed        1, of the price and of who bets where`;

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
const INTERRUPTED = 130;

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    bets: { type: 'string', default: '1000000' },
    accounts: { type: 'string' },
    'per-second': { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) end(HELP, 0);
const dir = values.dir ?? end(`--dir is needed\n\n${HELP}`, 2);
const bets = whole('bets', values.bets, BETS_MAX);
const accounts = whole('accounts', values.accounts ?? String(Math.max(1, Math.floor(bets / 10))), bets);
const perSecond = whole('per-second', values['per-second'], PER_SECOND_MAX);
const seed = whole('seed', values.seed, 2 ** 31);

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
  end(`${dir} holds ${before} bets already`, 0);
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
    `${dir} was used a moment ago: there is no time left in it for ${betsLeft} more bets. Come back later, or fill another folder`,
    1,
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
end(
  `${dir} holds ${held} bets; ${came} accounts came. ${ledger.batch} commits, the chain ends with ${ledger.hash}. ${Math.round((performance.now() - began) / 1000)} s${stopping ? '; interrupted: the same command goes on' : ''}`,
  stopping ? INTERRUPTED : 0,
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

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= most
    ? value
    : end(`--${name} is a whole number from 1 to ${most}`, 2);
}

function end(text: string, code: number): never {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exit(code);
}
