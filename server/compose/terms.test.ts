import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { World } from '../../test/simulation/world.ts';
import { gapsOf, publishTerms, termsOf } from './terms.ts';
import { storeOptions } from './books.ts';
import { loadConfig, type Config } from '../config.ts';
import { DEFAULT_TERMS } from '../game/terms.ts';
import { checkLedger } from '../upkeep/integrity.ts';
import { openHistory } from '../store/open-history.ts';
import { checkInvariants } from '../store/invariants.ts';
import { openReaderDatabase } from '../store/database.ts';
import { DATABASE_FILE, openStore } from '../store/store.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-terms-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const configured = (env: Readonly<Record<string, string>>): Config => {
  const loaded = loadConfig(env);
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  return loaded.ok;
};

describe('terms of settings', () => {
  test('those of default settings stand in the code, for receipts that are checked without the house', () =>
    expect(termsOf(configured({}))).toEqual(DEFAULT_TERMS));

  test.each<[Readonly<Record<string, string>>, object]>([
    [
      { HOLD_MS: '250', QUORUM: '3', MAX_GAP_MS: '2000' },
      { holdMs: 250, quorum: 3, maxGapMs: 2000 },
    ],
    [{ FEED: 'live:binance,okx' }, { venues: ['binance', 'okx'] }],
    [{ FEED: 'walk:7' }, { venues: DEFAULT_TERMS.venues }],
  ])('%j', (env, over) => expect(termsOf(configured(env))).toEqual({ ...DEFAULT_TERMS, ...over } as never));
});

test('terms are written into the chain when they change, and at no other start', async () => {
  const dataDir = join(root, 'house');
  const start = async (env: Readonly<Record<string, string>>, at: number) => {
    const config = configured({ ...env, DATA_DIR: dataDir });
    const store = await openStore({
      ...storeOptions(config, at),
      inProcess: true,
      simulationWithoutFsync: true,
    });
    const published = await publishTerms(store, termsOf(config), at);
    await store.close();
    return published.map(({ batch, at: when, terms }) => [batch, when, terms.holdMs]);
  };
  expect(await start({}, 1000)).toEqual([[2, 1000, 400]]);
  expect(await start({}, 2000)).toEqual([[2, 1000, 400]]);
  expect(await start({ HOLD_MS: '300' }, 3000)).toEqual([
    [2, 1000, 400],
    [3, 3000, 300],
  ]);
  expect(await start({}, 4000)).toEqual([
    [2, 1000, 400],
    [3, 3000, 300],
    [4, 4000, 400],
  ]);
  const db = openReaderDatabase(join(dataDir, DATABASE_FILE));
  expect(checkInvariants(db)).toEqual([]);
  db.close();
});

test('bets that are open while MAX_GAP_MS changes are decided, and checked, by the terms that they were placed under', async () => {
  const dataDir = join(root, 'gaps');
  const world = new World(5, dataDir);
  world.restarts = 1;
  await world.open();
  await publishTerms(world.store, DEFAULT_TERMS, world.now);
  for (let n = 0; n < 4; n++) await world.addTrader();
  const trade = async (steps: number): Promise<void> => {
    for (let step = 0; step < steps; step++) {
      await world.tick();
      if (world.chance.happens(0.6)) await world.order();
    }
  };
  await trade(100);
  const open = world.store.books.openBets();
  const published = await publishTerms(world.store, { ...DEFAULT_TERMS, maxGapMs: 1000 }, world.now);
  const gapOf = gapsOf(world.store.books, published);
  expect(open.length).toBeGreaterThan(5);
  expect(new Set(open.map(gapOf))).toEqual(new Set([3000]));
  expect(gapOf({ id: 'placed later' })).toBe(1000);
  world.restarts = 2;
  world.gapOf = gapOf;
  world.maxGapMs = 1000;
  await world.restart(50);
  await trade(60);
  // A silence that is a gap by the new terms and none by the old ones.
  world.silence(2000);
  await trade(20);
  const younger = world.store.books.openBets().filter(({ id }) => !open.some((one) => one.id === id));
  expect(younger.length).toBeGreaterThan(2);
  for (let n = 0; n < 900; n++) await world.tick();
  await world.store.close();
  const history = openHistory(join(dataDir, DATABASE_FILE));
  const report = await checkLedger(
    history,
    { maxGapMs: 99, since: null, anchors: new Map(), pages: false, signatures: false },
    { now: () => 0, steady: () => performance.now() },
  );
  history.close();
  expect(report.violations).toEqual([]);
}, 60_000);
