import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile } from '../loadtest/bench/spread.ts';
import { ApartHouse } from '../test/stage/apart-house.ts';
import { apiTrader, type ApiTrader } from '../test/stage/api-trader.ts';
import { startFlood } from '../test/stage/flood.ts';
import { fateOf, play } from '../test/stage/players.ts';
import { WholeBooks } from './store/archive/whole-books.ts';
import { DATABASE_FILE } from './store/store.ts';

/**
 * An engine and two edges: one is flooded from 200 addresses, killed every second and started anew; at the
 * other people play, and notice nothing.
 */
const TRADERS = 20;
const QUIET_S = 5;
const FLOOD_S = 10;
const KILL_EVERY_MS = 1_000;
/** How much longer their slowest tap in a hundred may take. */
const TIMES_MAX = 2;
/** What a busy machine makes of it by chance; `bun run bench --only flood` holds the ratio alone. */
const UNNOTICED_MS = 250;
/** A busy machine is slow by chance, a house whose edges share something is so each time. */
const TRIES = 3;
const [QUIET, FLOODED] = [0, 1];

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-edge-apart-'));
const dataDir = join(folder, 'data');
let house: ApartHouse;
beforeAll(async () => {
  house = await ApartHouse.start(
    {
      DATA_DIR: dataDir,
      REQUESTS_PER_SECOND_MAX: '500',
      TAPS_PER_SECOND_MAX: '400',
      PRACTICE_PER_HOUR_MAX: '1000',
    },
    2,
  );
}, 90_000);
afterAll(async () => {
  await house?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const lasting = (seconds: number): (() => boolean) => {
  const until = performance.now() + seconds * 1_000;
  return () => performance.now() >= until;
};

test('who plays at another edge waits no longer while one is flooded and killed every second', async () => {
  const traders: ApiTrader[] = [];
  for (let n = 0; n < TRADERS; n++) traders.push(await apiTrader(house.origin(QUIET!)));
  const books = new WholeBooks(join(dataDir, DATABASE_FILE));
  await play(traders, lasting(1));
  const found: string[] = [];
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await play(traders, lasting(QUIET_S));
    const flooder = startFlood(house.origin(FLOODED!), FLOOD_S);
    let kills = 0;
    const killer = setInterval(() => {
      house.restart(FLOODED!);
      kills += 1;
    }, KILL_EVERY_MS);
    const during = await play(traders, lasting(FLOOD_S - 1));
    clearInterval(killer);
    await flooder.exited;
    expect(kills).toBeGreaterThan(FLOOD_S / 2);
    expect(during.bets.length).toBeGreaterThan(TRADERS);
    expect([before.unanswered, during.unanswered]).toEqual([0, 0]);
    expect(fateOf(books, [...before.bets, ...during.bets])).toMatchObject({ lost: 0, gaps: 0 });
    const [slow, usual] = [quantile(during.took, 0.99), quantile(before.took, 0.99)];
    found.push(`p99 ${slow.toFixed(0)} ms, quiet ${usual.toFixed(0)} ms, ${kills} kills`);
    if (slow > Math.max(TIMES_MAX * usual, UNNOTICED_MS)) continue;
    books.close();
    return console.info(`beside a flood: ${found.at(-1)}`);
  }
  throw new Error(`people waited longer beside a flood: ${found.join('; ')}`);
}, 180_000);
