import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile } from '../loadtest/bench/spread.ts';
import { apiTrader } from '../test/stage/api-trader.ts';
import { startFlood } from '../test/stage/flood.ts';
import { fateOf, play } from '../test/stage/players.ts';
import { childrenOf } from '../test/stage/processes.ts';
import { serving, type ServerProcess } from '../test/stage/server-process.ts';
import { latenessOf } from '../test/stage/tick-lateness.ts';
import { WholeBooks } from './store/archive/whole-books.ts';
import { DATABASE_FILE } from './store/store.ts';

/**
 * Nothing that a stranger sends holds up a tick: a flood of everything at once against a house with two
 * edges, while traders play, one edge is stopped and one is killed. How late ticks are and what became of
 * bets is read from the ledger, beside the same house without a flood. `bun run bench -- --only flood` is the
 * long proof.
 */
const FLOOD_S = 12;
const TRADERS = 4;
const TICK_MS = 100;
const LATE_MS_MAX = 300;
/** A busy machine is late by chance, a house that can be held up is so each time. */
const TRIES = 3;

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-edges-flood-'));
let house: ServerProcess;
let books: WholeBooks;
beforeAll(async () => {
  house = await serving({
    DATA_DIR: join(folder, 'data'),
    EDGES: '2',
    LOG_LEVEL: 'info',
    WINDOW_MS: '2000',
    REQUESTS_PER_SECOND_MAX: '500',
    TAPS_PER_SECOND_MAX: '100',
  });
  books = new WholeBooks(join(folder, 'data', DATABASE_FILE));
}, 90_000);
afterAll(async () => {
  books?.close();
  await house?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Of the ticks between two moments, ms, in order of size. */
function lateness(from: number, to: number): number[] {
  const late = latenessOf(books, TICK_MS, from, to);
  expect(late.length).toBeGreaterThan((to - from) / TICK_MS / 4);
  return late;
}

test('a flood of everything, an edge stopped and an edge killed cost no tick and no bet', async () => {
  const traders = await Promise.all(Array.from({ length: TRADERS }, () => apiTrader(house.origin)));
  const quietFrom = Date.now();
  await Bun.sleep(3_000);
  const quiet = lateness(quietFrom, Date.now());
  const found: string[] = [];
  const bets: string[] = [];
  let late: readonly number[] = [];
  for (let tries = 0; tries < TRIES; tries++) {
    const from = Date.now();
    const flooder = startFlood(house.origin, FLOOD_S);
    let over = false;
    void flooder.exited.then(() => void (over = true));
    const playing = play(traders, () => over);
    await Bun.sleep(3_000);
    process.kill(childrenOf(house.pid, 'ROLE=edge')[0]!, 'SIGSTOP');
    await Bun.sleep(4_000);
    process.kill(childrenOf(house.pid, 'ROLE=edge').at(-1)!, 'SIGKILL');
    const played = await playing;
    expect(played.bets.length).toBeGreaterThan(TRADERS);
    bets.push(...played.bets);
    late = lateness(from, Date.now());
    const figures = `p99 ${quantile(late, 0.99)} ms, max ${late.at(-1)} ms (quiet ${quiet.at(-1)} ms)`;
    found.push(`${figures}, ${played.bets.length} bets`);
    if (late.at(-1)! <= LATE_MS_MAX + 2 * quiet.at(-1)!) break;
  }
  while (fateOf(books, bets).open > 0) await Bun.sleep(200);
  expect(fateOf(books, bets)).toEqual({ lost: 0, open: 0, gaps: 0 });
  if (late.at(-1)! > LATE_MS_MAX + 2 * quiet.at(-1)!)
    throw new Error(`ticks were late under a flood: ${found.join('; ')}`);
  console.info(`under a flood: ${found.at(-1)}`);
}, 180_000);
