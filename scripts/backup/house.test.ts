import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config } from '../../server/config.ts';
import { play } from '../../test/stage/house-commands.ts';
import { openLedgerAccess } from '../archive/house.ts';
import { lockJob, lockJobInTurn } from './house.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-lock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const configOf = (dataDir: string): Config => {
  const loaded = loadConfig({ DATA_DIR: dataDir });
  if ('errors' in loaded) throw new Error('refused');
  return loaded.ok;
};
const refusalOf = (ask: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(ask)
    .then(
      () => 'none',
      (error: Error) => error.message,
    );

/** What locks a job, and where its lock lies. */
const JOBS: readonly [job: string, folder: (dir: string) => string, lock: (dir: string) => unknown][] = [
  ['tapgrid backup tail', (dir) => join(dir, 'locks', 'tail'), (dir) => lockJob(dir, 'tail')],
  ['tapgrid archive run', (dir) => join(dir, 'archive', 'lock'), (dir) => openLedgerAccess(configOf(dir))],
];

describe.each(JOBS)('%s', (job, folderOf, lock) => {
  const dir = join(root, job);

  test('says that another one is at work where there is one', async () => {
    // An archiver makes no books.
    await play(dir, 0, { traders: 0 });
    const first = await (lock(dir) as Promise<{ release(): void }>);
    expect(await refusalOf(() => lock(dir))).toBe(`another ${job} is running in ${dir}`);
    await first.release();
    const again = await (lock(dir) as Promise<{ release(): void }>);
    await again.release();
  });

  test('says what hinders it where there is none', async () => {
    const folder = folderOf(`${dir} hindered`);
    mkdirSync(join(folder, 'lock.db'), { recursive: true });
    const refusal = await refusalOf(() => lock(`${dir} hindered`));
    expect(refusal).toStartWith(`${folder} cannot be locked: `);
    expect(refusal).not.toContain('is running');
  });
});

test('who comes in turn waits for the one before, says so once, and is hindered by nothing else', async () => {
  const dir = join(root, 'in turn');
  const first = lockJob(dir, 'run');
  const said: string[] = [];
  let isDone = false;
  const second = lockJobInTurn(dir, 'run', (line) => said.push(line)).then((lock) => {
    isDone = true;
    return lock;
  });
  await Bun.sleep(600);
  expect([isDone, said]).toEqual([
    false,
    [`another tapgrid backup run is running in ${dir}: waiting for it`],
  ]);
  first.release();
  (await second).release();
  mkdirSync(join(root, 'hindered in turn', 'locks', 'run', 'lock.db'), { recursive: true });
  expect(
    await refusalOf(() => lockJobInTurn(join(root, 'hindered in turn'), 'run', (line) => said.push(line))),
  ).toContain('cannot be locked');
  expect(said).toHaveLength(1);
});
