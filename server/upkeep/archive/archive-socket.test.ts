import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARCHIVE_ROWS_MAX, type ArchiveOperation } from '../../ports/archive.ts';
import {
  archiveSocketPath,
  hasArchiveSocket,
  commitOverSocket,
  openArchiveSocket,
  type ArchiveSocket,
} from './archive-socket.ts';
import { ArchiveKeeper } from './keeper.ts';
import { readArchiveOperation } from './operation-text.ts';

const HASH = 'a'.repeat(64);
const SEAL = {
  number: 1,
  week: '2026-W48',
  firstBatch: 1,
  lastBatch: 2,
  beganAt: 1,
  endedAt: 2,
  chainIn: HASH,
  chainOut: HASH,
  tickChainIn: HASH,
  tickChainOut: HASH,
  ledgerId: 1,
  betSeq: 1,
  intentId: 1,
  tickSeq: 1,
  revision: 1,
  bets: 1,
  bytes: 1,
  objectKey: 'k',
  manifestSha256: HASH,
  place: 'p',
  sealedAt: 3,
};
const DELETE = { kind: 'archive-delete', table: 'bets', after: 0, rowsMax: 5, ordersBefore: 7 } as const;
const CHECKPOINT = {
  kind: 'archive-checkpoint',
  number: 1,
  entries: [1, 2],
  stakes: [['s', 1, 2]],
  seal: SEAL,
  at: 4,
} as const;

describe('an operation from outside', () => {
  test.each([DELETE, CHECKPOINT, { ...CHECKPOINT, seal: null, stakes: [] }])(
    'is read as it is',
    (operation) => {
      expect(readArchiveOperation(JSON.parse(JSON.stringify(operation)))).toEqual(
        operation as ArchiveOperation,
      );
    },
  );

  for (const value of [
    null,
    [],
    'archive-delete',
    { kind: 'place-bets' },
    { ...DELETE, table: 'accounts' },
    { ...DELETE, table: 'toString' },
    { ...DELETE, after: '0' },
    { ...DELETE, rowsMax: 1.5 },
    { ...DELETE, ordersBefore: null },
    { ...CHECKPOINT, number: -1 },
    { ...CHECKPOINT, entries: ['1'] },
    { ...CHECKPOINT, entries: new Array(ARCHIVE_ROWS_MAX + 1).fill(1) },
    { ...CHECKPOINT, stakes: [['s', 1]] },
    { ...CHECKPOINT, stakes: [['s', 1, -2]] },
    { ...CHECKPOINT, seal: undefined },
    ...Object.keys(SEAL).map((name) => ({ ...CHECKPOINT, seal: { ...SEAL, [name]: undefined } })),
    { ...CHECKPOINT, seal: { ...SEAL, lastBatch: 0 } },
    { ...CHECKPOINT, seal: { ...SEAL, chainIn: HASH.toUpperCase() } },
  ]) {
    test(`is refused: ${JSON.stringify(value)?.slice(0, 120)}`, () =>
      expect(readArchiveOperation(value)).toBeNull());
  }
});

describe('the socket of the archive', () => {
  let dir: string;
  let socket: ArchiveSocket | null = null;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'tapgrid-archive-socket-'))));
  afterEach(async () => {
    await socket?.close();
    rmSync(dir, { recursive: true });
  });

  test('hands operations of the archive to the ledger and its answers back, and nothing else', async () => {
    const carried: ArchiveOperation[] = [];
    socket = openArchiveSocket(
      dir,
      async (operation) => (carried.push(operation), { kind: 'archived', deleted: 3, next: null, tookMs: 1 }),
    );
    expect(await commitOverSocket(dir, DELETE)).toEqual({
      kind: 'archived',
      deleted: 3,
      next: null,
      tookMs: 1,
    });
    expect(await commitOverSocket(dir, { kind: 'place-bets' } as never)).toMatchObject({
      kind: 'not-archived',
    });
    expect(carried).toEqual([DELETE]);
  });

  test('says so when the ledger fails', async () => {
    socket = openArchiveSocket(dir, () => Promise.reject(new Error('disk')));
    expect(await commitOverSocket(dir, DELETE)).toEqual({
      kind: 'not-archived',
      reason: 'the ledger did not carry it out',
    });
  });

  test('waits for a commit that lasts longer than the ten seconds after which Bun hangs up', async () => {
    socket = openArchiveSocket(dir, async () => {
      await Bun.sleep(12_000);
      return { kind: 'archived', deleted: 3, next: null, tookMs: 1 };
    });
    expect(await commitOverSocket(dir, DELETE)).toMatchObject({ kind: 'archived', deleted: 3 });
  }, 60_000);

  test('opens over what a killed server left, and leaves nothing when it closes', async () => {
    writeFileSync(archiveSocketPath(dir), '');
    socket = openArchiveSocket(dir, async () => ({ kind: 'archived', deleted: 0, next: null, tookMs: 0 }));
    expect(await commitOverSocket(dir, DELETE)).toMatchObject({ kind: 'archived' });
    await socket!.close();
    socket = null;
    expect([hasArchiveSocket(dir), existsSync(archiveSocketPath(dir))]).toEqual([false, false]);
    expect(
      await commitOverSocket(dir, DELETE).then(
        () => 'answered',
        () => 'nobody',
      ),
    ).toBe('nobody');
  });

  test('is not there for a path that is too long for a socket', () =>
    expect(
      openArchiveSocket(join(dir, 'x'.repeat(100)), async () => ({
        kind: 'archived',
        deleted: 0,
        next: null,
        tookMs: 0,
      })),
    ).toBeNull());
});

describe('the keeper', () => {
  test('starts one run at a time, when there is one too many, and not again at once', async () => {
    let [bets, now, starts] = [10, 0, 0];
    const onNews: string[] = [];
    let end: (code: number) => void = () => {};
    const keeper = new ArchiveKeeper({
      liveBets: () => bets,
      betsMax: 10,
      now: () => now,
      onNews: (message) => void onNews.push(message),
      start: () => (starts++, new Promise((resolve) => (end = resolve))),
    });
    expect(await keeper.look()).toBeNull();
    bets = 11;
    const first = keeper.look();
    now += 600_000;
    expect(await keeper.look()).toBeNull();
    end(1);
    expect(await first).toBe(1);
    expect([starts, onNews.length]).toEqual([1, 2]);
    now += 10_000;
    const second = keeper.look();
    expect(starts).toBe(2);
    end(0);
    expect(await second).toBe(0);
    now += 10_000;
    expect(await keeper.look()).toBeNull();
    expect([starts, onNews.length]).toEqual([2, 3]);
  });
});
