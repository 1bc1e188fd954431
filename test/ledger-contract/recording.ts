import { describe, expect, test } from 'bun:test';
import type { Cell } from '../../server/game/grid.ts';
import { dollars, micros, type Multiplier } from '../../server/game/money.ts';
import { UNRESTRICTED } from '../../server/game/restriction.ts';
import type { GridRevision } from '../../server/game/revision.ts';
import type { Session } from '../../server/game/session.ts';
import type { Tick } from '../../server/game/tick.ts';
import type { Operation } from '../../server/ports/ledger.ts';
import { cellAt, NOON, opening, order, place, type Desk } from './scenario.ts';

type Cents = Cell['low'];

const tick = (seq: number, at = NOON + seq * 100): Tick => ({
  seq,
  at,
  price: (6_000_000 + seq) as Cents,
  sources: [
    { venue: 'coinbase', price: 6_000_000 as Cents },
    { venue: 'kraken', price: (6_000_000 + 2 * seq) as Cents },
  ],
});
const ticks = (...seqs: readonly number[]): Operation => ({
  kind: 'record-ticks',
  ticks: seqs.map((seq) => tick(seq)),
});

/** Numbers whose decimal text is long or small: they must come back to the bit. */
const revision = (number: number, over: Partial<GridRevision> = {}): GridRevision => ({
  revision: number,
  at: NOON + number * 200,
  tickSeq: number * 2,
  pause: null,
  inputs: {
    model: 1,
    spot: 6_000_123 as Cents,
    v10: 0.1 + 0.2,
    vf: 5e-324,
    cw: 2 / 3,
    edge: 0.05,
    margin: 0.004,
    haircut: 0,
    capHundredths: 2500,
    tickMs: 100,
  },
  columns: [
    { start: NOON, windowMs: 5000, band: 1000, low: 5_990_000 as Cents, haircut: 0.02 },
    { start: NOON + 5000, windowMs: 5000, band: 2000, low: 5_980_000 as Cents, haircut: 1 / 3 },
  ],
  ...over,
});

const session = (id: string, over: Partial<Session> = {}): Session => ({
  id,
  accountId: 'ada',
  currency: 'PLAY',
  tokenHash: `token of ${id}`,
  publicKey: `key of ${id}`,
  stakeMax: dollars(100),
  dailyCap: dollars(5000),
  createdAt: NOON,
  expiresAt: NOON + 1000,
  seenAt: NOON,
  ...over,
});

export function recordingContract(desk: Desk): void {
  describe('ticks and revisions', () => {
    test('ticks read back, and the last of each commit carries the chain', async () => {
      let books = await desk.start();
      await desk.commit(ticks(1, 2), ticks(3));
      books = await desk.reopen();
      await desk.commit(ticks(4));
      const read = books.ticksBySeq(1, 9, 100);
      expect(read.map(({ hash: _, ...rest }) => rest)).toEqual([1, 2, 3, 4].map((seq) => tick(seq)));
      expect(read.map(({ hash }) => hash !== null)).toEqual([false, false, true, true]);
      expect(books.chain().ticks).toEqual({ seq: 4, hash: read[3]!.hash!, at: tick(4).at });
      expect(books.lastTick()).toEqual(read[3]!);
    });

    test('the time of a commit never falls, whatever the clock does, also over a restart', async () => {
      await desk.start();
      const times = [];
      for (const [seq, at] of [
        [1, NOON + 5000],
        [2, NOON],
        [3, NOON + 4999],
        [4, NOON + 5001],
      ] as const) {
        const { batch } = await desk.under.ledger.commitBatch([ticks(seq)], at);
        times.push(desk.under.books.commit(batch)!.at - NOON);
        await desk.reopen();
      }
      expect(times).toEqual([5000, 5000, 5000, 5001]);
    });

    test('the ticks of a cell are those from the last one before its window to the first after it', async () => {
      const books = await desk.start();
      await desk.commit(ticks(...Array.from({ length: 80 }, (_, index) => index + 1)));
      const cell = { ...cellAt(0), startMs: NOON + 1000, windowMs: 5000 };
      expect([books.ticksOf(cell)[0]!.seq, books.ticksOf(cell).at(-1)!.seq]).toEqual([9, 60]);
      expect(books.ticks(NOON + 1000, NOON + 1200, 10).map(({ seq }) => seq)).toEqual([10, 11]);
      expect(books.ticks(NOON, NOON + 9000, 3).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    });

    test('a revision reads back as it was, to the last bit', async () => {
      const books = await desk.start();
      const all = [revision(1), revision(2, { pause: 'shock', columns: [] }), revision(5)];
      await desk.commit(...all.map((one): Operation => ({ kind: 'record-revision', revision: one })));
      expect([books.revision(1), books.revision(2), books.lastRevision(), books.revision(3)]).toEqual([
        ...all,
        null,
      ]);
      expect(books.revisionFrom(NOON + 401)).toEqual(all[2]!);
      expect([books.revisionFrom(NOON + 400)?.revision, books.revisionFrom(NOON + 1001)]).toEqual([2, null]);
    });
  });

  describe('accounts and sessions', () => {
    test('a key, a token and an id are registered once, ever; the same session again is no error', async () => {
      let books = await desk.start();
      await desk.commit(...opening('ada'), ...opening('ben'), {
        kind: 'start-session',
        session: session('s1'),
      });
      await desk.commit({ kind: 'end-sessions', accountId: 'ada', sessionId: 's1', at: NOON });
      books = await desk.reopen();
      const table: readonly (readonly [Session, string])[] = [
        [session('s1'), 'done'],
        [session('s2', { publicKey: 'key of s1' }), 'key_reused'],
        [session('s2', { publicKey: 'key of s1', accountId: 'ben' }), 'key_reused'],
        [session('s2', { tokenHash: 'token of s1' }), 'key_reused'],
        [session('s1', { publicKey: 'other' }), 'key_reused'],
        [session('s2', { accountId: 'nobody' }), 'unauthenticated'],
        [session('s2', { currency: 'USD' }), 'unauthenticated'],
        [session('s2'), 'done'],
      ];
      for (const [one, heard] of table) {
        const result = (await desk.commit({ kind: 'start-session', session: one })).results[0]!;
        expect<string>(result.kind === 'refused' ? result.code : result.kind).toBe(heard);
      }
      expect([books.isKeyRegistered('key of s1'), books.isKeyRegistered('other')]).toEqual([true, false]);
      expect([books.session('token of s1'), books.session('token of s2'), books.sessionById('s2')]).toEqual([
        null,
        session('s2'),
        session('s2'),
      ]);
    });

    test('a practice account comes back by a key of its own that was not signed out, however old its session is', async () => {
      const books = await desk.start();
      await desk.commit(...opening('ada'), ...opening('ben'), {
        kind: 'open-account',
        accountId: 'eve',
        currency: 'USD',
        address: '0xeve',
        grant: micros(0),
        at: NOON,
      });
      await desk.commit(
        ...['s1', 's2'].map((id): Operation => ({ kind: 'start-session', session: session(id) })),
        { kind: 'start-session', session: session('e1', { accountId: 'eve', currency: 'USD' }) },
      );
      const back = async (id: string, returnOf: string, changed: Partial<Session> = {}): Promise<string> => {
        const result = (await desk.commit({ kind: 'start-session', session: session(id, changed), returnOf }))
          .results[0]!;
        return result.kind === 'refused' ? result.code : result.kind;
      };
      expect(await back('r1', 'key of s1')).toBe('done');
      expect(await back('r2', 'key of r1')).toBe('done');
      expect(await back('r3', 'key of s2', { publicKey: 'key of s1' })).toBe('key_reused');
      expect(await back('r3', 'nobody’s key')).toBe('login_failed');
      expect(await back('r3', 'key of s1', { accountId: 'ben' })).toBe('login_failed');
      expect(await back('r3', 'key of e1', { accountId: 'eve', currency: 'USD' })).toBe('login_failed');
      await desk.commit({ kind: 'see-session', sessionId: 's2', at: NOON + 70 });
      expect([books.lastSeen('ada'), books.lastSeen('nobody')]).toEqual([NOON + 70, null]);
      await desk.commit({ kind: 'end-sessions', accountId: 'ada', sessionId: 's1', at: NOON });
      expect([await back('r3', 'key of s1'), await back('r3', 'key of s2')]).toEqual([
        'login_failed',
        'done',
      ]);
      await desk.commit({ kind: 'end-sessions', accountId: 'ada', sessionId: null, at: NOON });
      for (const key of ['key of s2', 'key of r1', 'key of r2', 'key of r3'])
        expect(await back('r4', key)).toBe('login_failed');
      expect(books.sessionById('r4')).toBeNull();
    });

    test('sessions are seen and ended one by one or all at once, each of its own account', async () => {
      const books = await desk.start();
      await desk.commit(
        ...opening('ada'),
        ...opening('ben'),
        ...['s1', 's2', 's3'].map((id): Operation => ({ kind: 'start-session', session: session(id) })),
      );
      await desk.commit(
        { kind: 'see-session', sessionId: 's1', at: NOON + 7 },
        { kind: 'see-session', sessionId: 's1', at: NOON + 3 },
      );
      expect(books.sessionById('s1')?.seenAt).toBe(NOON + 7);
      const left = (): readonly string[] =>
        ['s1', 's2', 's3', 'ben-key'].filter((id) => books.sessionById(id) !== null);
      await desk.commit({ kind: 'end-sessions', accountId: 'ben', sessionId: 's1', at: NOON });
      expect(left()).toEqual(['s1', 's2', 's3', 'ben-key']);
      await desk.commit({ kind: 'end-sessions', accountId: 'ada', sessionId: 's1', at: NOON });
      expect(left()).toEqual(['s2', 's3', 'ben-key']);
      await desk.commit({ kind: 'end-sessions', accountId: 'ada', sessionId: null, at: NOON });
      expect(left()).toEqual(['ben-key']);
    });

    test('an account opened again gets no second grant, and an address has one account per currency', async () => {
      const books = await desk.start();
      const account = (accountId: string, over: object = {}): Operation => ({
        kind: 'open-account',
        accountId,
        currency: 'USD',
        address: '0xA',
        grant: dollars(5),
        at: NOON,
        ...over,
      });
      const { results } = await desk.commit(
        account('a'),
        account('a'),
        account('b'),
        account('c', { currency: 'PLAY' }),
        account('a', { address: '0xB' }),
      );
      expect(results.map((result) => (result.kind === 'refused' ? result.code : result.kind))).toEqual([
        'done',
        'done',
        'login_failed',
        'done',
        'login_failed',
      ]);
      expect(books.accountByAddress('0xA', 'USD')).toEqual({
        id: 'a',
        currency: 'USD',
        address: '0xA',
        balance: dollars(5),
        openStake: dollars(0),
        limits: {
          dailyLoss: null,
          loosening: null,
          pausedUntil: null,
          reminderMinutes: null,
          guardPercent: 80,
        },
        restriction: UNRESTRICTED,
      });
      expect(books.accountByAddress('0xA', 'PLAY')?.id).toBe('c');
      expect([books.account('b'), books.accountByAddress('0xB', 'USD')]).toEqual([null, null]);
    });
  });

  describe('the chain of batches', () => {
    test('grows by a link for each batch that changes the books and by none for others', async () => {
      const books = await desk.start();
      const first = await desk.commit(...opening('ada'));
      const idle = await desk.commit(
        { kind: 'see-session', sessionId: 'ada-key', at: NOON + 1 },
        { kind: 'change-limits', accountId: 'ada', change: { guardPercent: 90 }, at: NOON + 1 },
      );
      expect([idle.batch, idle.hash]).toEqual([first.batch, first.hash]);
      const bet = await desk.commit(place('n', [order('b', cellAt(0))]));
      const lock = await desk.commit({
        kind: 'lock-bets',
        locks: [{ betId: 'b', multiplier: 210 as Multiplier, revision: 1 }],
        at: NOON,
      });
      expect([bet.batch, lock.batch]).toEqual([first.batch + 1, first.batch + 2]);
      expect(new Set([first.hash, bet.hash, lock.hash]).size).toBe(3);
      expect(books.chain().ledger).toEqual({ batch: lock.batch, hash: lock.hash, at: NOON });
    });

    test('is the same for the same events', async () => {
      const hashes: string[] = [];
      for (let life = 0; life < 2; life++) {
        await desk.start();
        await desk.commit(...opening('ada'), ticks(1, 2), { kind: 'record-revision', revision: revision(1) });
        hashes.push((await desk.commit(place('n', [order('b', cellAt(0))]))).hash);
        await desk.under.close();
      }
      expect(hashes[0]).toBe(hashes[1]!);
    });
  });
}
