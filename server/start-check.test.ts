import { afterAll, afterEach, beforeEach, expect, spyOn, test } from 'bun:test';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose, type Tapgrid } from './compose.ts';
import { loadConfig } from './config.ts';
import { DATABASE_FILE } from './store/store.ts';
import { DirectoryStore } from './upkeep/backup/directory-store.ts';
import { createLog } from './upkeep/log.ts';
import { NOTED_HEAD_FILE } from './upkeep/noted-head.ts';
import { tapgrid } from '../test/stage/command.ts';

/** The whole server, started on books from which something was cut off. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-start-check-'));
let houses = 0;
let env: Record<string, string>;
let running: Tapgrid | null = null;
beforeEach(() => {
  env = {
    DATA_DIR: join(root, `house-${houses++}`),
    FEED: 'walk:7:1',
    PORT: '0',
    BREAKER_HYSTERESIS_MS: '0',
    LOG_LEVEL: 'silent',
  };
});
afterEach(stop);
afterAll(() => rmSync(root, { recursive: true }));

async function stop(): Promise<void> {
  await running?.stop();
  running = null;
}

async function until(what: () => unknown): Promise<void> {
  for (let tries = 0; !(await what()); tries++) {
    if (tries > 2_000) throw new Error(`waited in vain for ${what}`);
    await Bun.sleep(25);
  }
}

/**
 * Starts the house and lets some batches come. @returns why it takes no taps, and the batch that it ends at
 */
async function live(): Promise<{ halted: string | null; batch: number }> {
  const loaded = loadConfig(env);
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  running = await compose(loaded.ok, createLog('silent'), (cause) => {
    throw cause;
  });
  const { engine } = running;
  const from = (await (await fetch(`${running.origin}/api/v1/chain`)).json()).ledger.batch;
  await until(
    async () => (await (await fetch(`${running!.origin}/api/v1/chain`)).json()).ledger.batch > from + 10,
  );
  const {
    ledger: { batch },
  } = await (await fetch(`${running.origin}/api/v1/chain`)).json();
  const halt = engine.health().causes.find(({ cause }) => cause === 'operator');
  return { halted: halt?.detail ?? null, batch };
}

const file = (name: string): string => join(env['DATA_DIR']!, name);

test('a house that is stopped and started goes on', async () => {
  await live();
  await stop();
  expect((await live()).halted).toBeNull();
});

test('books that end before the head that was noted beside them are not sold on until an operator has looked, and only once', async () => {
  const early = join(root, 'early.db');
  await live();
  await stop();
  copyFileSync(file(DATABASE_FILE), early);
  const late = await live();
  await stop();
  copyFileSync(early, file(DATABASE_FILE));
  const { halted } = await live();
  expect(halted).toMatch(
    /^The books end at batch \d+: \d+ batches are missing up to batch \d+ \([0-9a-f]{16}\), which the note beside the database/,
  );
  expect(Number(/up to batch (\d+)/.exec(halted!)![1])).toBeGreaterThanOrEqual(late.batch);
  await stop();
  expect((await live()).halted).toBe(halted);
  const { code, out: resumed } = await tapgrid(
    ['resume', '--by', 'ada', '--reason', 'the disk was restored by hand'],
    { env },
  );
  expect(code).toBe(0);
  expect(resumed).toMatch(/Taps are taken again after \d+ s of health/);
  expect(running!.engine.hand.halt).toBeNull();
  await stop();
  expect((await live()).halted).toBeNull();
}, 120_000);

test('a snapshot that has seen more, or another history, halts as well', async () => {
  const early = join(root, 'before-the-snapshot.db');
  await live();
  await stop();
  copyFileSync(file(DATABASE_FILE), early);
  await live();
  expect((await tapgrid(['backup', 'run'], { env })).code).toBe(0);
  await stop();
  rmSync(file(NOTED_HEAD_FILE));
  copyFileSync(early, file(DATABASE_FILE));
  const { halted, batch } = await live();
  expect(halted).toMatch(/batch(es are| is) missing up to batch \d+ .* which snapshot \S+ has seen/);
  // It goes on past the snapshot's batch with batches of its own, and nobody has looked.
  const seen = Number(/up to batch (\d+)/.exec(halted!)![1]);
  while (
    (await (await fetch(`${running!.origin}/api/v1/chain`)).json()).ledger.batch <= Math.max(seen, batch)
  )
    await Bun.sleep(50);
  await stop();
  rmSync(file(NOTED_HEAD_FILE));
  expect((await live()).halted).toBe(halted);
}, 120_000);

test('backups that this user may not read keep no house closed', async () => {
  await live();
  await stop();
  const list = spyOn(DirectoryStore.prototype, 'list').mockRejectedValue(
    new Error('EACCES: permission denied, scandir'),
  );
  try {
    expect((await live()).halted).toBeNull();
    expect(list).toHaveBeenCalled();
  } finally {
    list.mockRestore();
  }
}, 60_000);

test('the head is noted when the house stops, and the note is never ahead of the books', async () => {
  await live();
  await stop();
  expect(existsSync(file(NOTED_HEAD_FILE))).toBe(true);
  const { batch } = await Bun.file(file(NOTED_HEAD_FILE)).json();
  await live();
  expect((await (await fetch(`${running!.origin}/api/v1/chain`)).json()).ledger.batch).toBeGreaterThanOrEqual(
    batch,
  );
});
