import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dollars } from '../game/money.ts';
import { failureOf } from '../../test/ledger-contract/scenario.ts';
import { openStore, type Store, type StoreOptions } from './store.ts';

const AT = Date.UTC(2026, 10, 23, 12);
let root: string;
let options: StoreOptions;
let open: Store[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tapgrid-store-'));
  options = {
    dataDir: join(root, 'data'),
    at: AT,
    bankrolls: { PLAY: dollars(1000), USD: dollars(0) },
    caps: {
      cellShare: 1,
      columnShare: 1,
      totalShare: 1,
      accountShare: 1,
      openBetsMax: 10,
      betsPerCellMax: 5,
    },
  };
  open = [];
});
afterEach(async () => {
  for (const store of open) await store.close();
  rmSync(root, { recursive: true });
});

const opened = async (over: Partial<StoreOptions> = {}): Promise<Store> => {
  const store = await openStore({ ...options, ...over });
  open.push(store);
  return store;
};

describe('the store', () => {
  test('makes its directory for its owner alone', async () => {
    await opened();
    expect(statSync(options.dataDir).mode & 0o777).toBe(0o700);
  });

  test('closes a directory that stood open to others', async () => {
    mkdirSync(options.dataDir, { mode: 0o755 });
    await opened();
    expect(statSync(options.dataDir).mode & 0o777).toBe(0o700);
  });

  for (const inProcess of [false, true]) {
    test(`funds the house once, whatever is asked later (${inProcess ? 'in process' : 'worker'})`, async () => {
      for (const [asked, has] of [
        [1000, 1000],
        [5000, 1000],
        [0, 1000],
      ] as const) {
        const store = await opened({ inProcess, bankrolls: { PLAY: dollars(asked), USD: dollars(0) } });
        expect(store.books.bankroll('PLAY')).toBe(dollars(has));
        await store.close();
      }
    });
  }

  test('funds a house that never had money when money is asked for', async () => {
    await (await opened()).close();
    const store = await opened({ bankrolls: { PLAY: dollars(1), USD: dollars(7) } });
    expect([store.books.bankroll('PLAY'), store.books.bankroll('USD')]).toEqual([dollars(1000), dollars(7)]);
  });

  test('leaves no WAL behind when it closes, and closes twice without harm', async () => {
    const store = await opened();
    expect(store.books.walBytes()).toBeGreaterThan(0);
    await store.close();
    await store.close();
    expect(existsSync(join(options.dataDir, 'tapgrid.db-wal'))).toBe(false);
  });

  test('refuses batches after it was closed', async () => {
    const store = await opened();
    await store.close();
    expect(await failureOf(store.ledger.commitBatch([], AT))).toMatchObject({ code: 'commit_unknown' });
  });

  test('has its directory to itself, until it closes', async () => {
    const store = await opened();
    expect(await failureOf(opened())).toMatchObject({ code: 'directory_in_use' });
    await store.close();
    expect((await opened()).books.batches()).toBe(1);
  });

  test('lets go of the directory when the file is not one of ours', async () => {
    mkdirSync(options.dataDir);
    await Bun.write(join(options.dataDir, 'tapgrid.db'), 'not a database at all, not even a page of one');
    for (const inProcess of [false, true])
      expect(await failureOf(opened({ inProcess }))).toMatchObject({
        message: expect.stringContaining('not a database'),
      });
    rmSync(join(options.dataDir, 'tapgrid.db'));
    await opened();
  });

  test('belongs to one process, also when that one is killed', async () => {
    const holder = Bun.spawn(
      [
        process.execPath,
        '-e',
        `
      const { openStore } = await import(${JSON.stringify(join(import.meta.dir, 'store.ts'))});
      await openStore(${JSON.stringify(options)});
      // Nobody refers to it any more; the lock is the process's all the same.
      for (let i = 0; i < 3; i++) {
        await Bun.sleep(10);
        Bun.gc(true);
      }
      console.log('open');
      // It holds the store until it is killed, however late that is.
      setInterval(() => {}, 1_000);
    `,
      ],
      { stdout: 'pipe' },
    );
    try {
      expect(new TextDecoder().decode((await holder.stdout.getReader().read()).value)).toBe('open\n');
      expect(await failureOf(opened())).toMatchObject({
        message: expect.stringContaining('in use by another server'),
      });
    } finally {
      holder.kill('SIGKILL');
      await holder.exited;
    }
    expect((await opened()).books.bankroll('PLAY')).toBe(dollars(1000));
  });
});
