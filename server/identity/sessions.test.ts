import { describe, expect, test } from 'bun:test';
import type { RejectionCode } from '../game/rejection.ts';
import type { Session } from '../game/session.ts';
import { micros } from '../game/money.ts';
import { hashToken, makeToken } from './session-token.ts';
import type { SessionEnd } from '../ports/sessions.ts';
import { SessionBook } from './sessions.ts';

const IDLE_MS = 30 * 60_000;
const DAY_HALF_MS = 12 * 3_600_000;
const token = (byte: number) => makeToken((bytes) => new Uint8Array(bytes).fill(byte));

const sessionOf = (byte: number, changed: Partial<Session> = {}): Session => ({
  id: `session-${byte}`,
  accountId: 'account',
  currency: 'PLAY',
  tokenHash: hashToken(token(byte)),
  publicKey: `key-${byte}`,
  stakeMax: micros(1),
  dailyCap: micros(1),
  createdAt: 0,
  expiresAt: DAY_HALF_MS,
  seenAt: 0,
  ...changed,
});

/** A ledger in memory that keeps what a session book may ask of it. */
function ledger(...sessions: Session[]) {
  const rows = new Map(sessions.map((session) => [session.tokenHash, session]));
  const seen: [string, number][] = [];
  const looks: string[] = [];
  const answer: { refusal: RejectionCode | null } = { refusal: null };
  return {
    rows,
    seen,
    looks,
    answer,
    books: { session: (hash: string) => (looks.push(hash), rows.get(hash) ?? null) },
    house: {
      seeSession: async (id: string, at: number) => (seen.push([id, at]), null),
      endSessions: async (accountId: string, id: string | null) => {
        if (answer.refusal) return answer.refusal;
        for (const [hash, row] of rows)
          if (row.accountId === accountId && (id === null || row.id === id)) rows.delete(hash);
        return null;
      },
    },
  };
}

describe('tokens', () => {
  test('are 256 bits, stored as the SHA-256 of the bytes', () => {
    expect(token(0)).toBe('A'.repeat(43));
    expect(hashToken(token(0))).toBe('66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925');
  });
});

describe('SessionBook', () => {
  test('knows a token from the books once, then from memory', () => {
    const { books, house, looks } = ledger(sessionOf(1));
    const book = new SessionBook(house, books, IDLE_MS);
    expect(book.authenticate(token(1), 1)?.id).toBe('session-1');
    expect(book.authenticate(token(1), 2)?.id).toBe('session-1');
    expect(looks.length).toBe(1);
  });

  test('what is not a token costs the same look and is nobody', () => {
    const { books, house, looks } = ledger(sessionOf(1));
    const book = new SessionBook(house, books, IDLE_MS);
    const strangers = [
      '',
      'x',
      token(2),
      `${token(1)}=`,
      token(1).toLowerCase(),
      hashToken(token(1)),
      '__proto__',
      '\0'.repeat(43),
    ];
    for (const stranger of strangers) expect(book.authenticate(stranger, 1)).toBeNull();
    expect([looks.length, book.size]).toEqual([strangers.length, 0]);
  });

  test('ends at its absolute end however busy it is', () => {
    const { books, house } = ledger(sessionOf(1));
    const book = new SessionBook(house, books, IDLE_MS);
    for (let now = 0; now < DAY_HALF_MS; now += 60_000)
      expect(book.authenticate(token(1), now)).not.toBeNull();
    expect(book.authenticate(token(1), DAY_HALF_MS)).toBeNull();
    expect(book.size).toBe(0);
  });

  test('ends when idle, and activity in memory counts', () => {
    const { books, house } = ledger(sessionOf(1), sessionOf(2, { seenAt: 5 }));
    const book = new SessionBook(house, books, IDLE_MS);
    expect(book.authenticate(token(1), IDLE_MS - 1)).not.toBeNull();
    expect(book.recheck(sessionOf(1), 2 * IDLE_MS - 2)).not.toBeNull();
    expect(book.authenticate(token(1), 3 * IDLE_MS - 2)).toBeNull();
    expect(book.authenticate(token(2), IDLE_MS + 5)).toBeNull();
  });

  test('activity is written down once a minute', () => {
    const { books, house, seen } = ledger(sessionOf(1));
    const book = new SessionBook(house, books, IDLE_MS);
    for (let now = 0; now <= 180_000; now += 1000) book.authenticate(token(1), now);
    expect(seen).toEqual([
      ['session-1', 60_000],
      ['session-1', 120_000],
      ['session-1', 180_000],
    ]);
  });

  test('a ledger that cannot write activity down does not end the session', async () => {
    const { books, house } = ledger(sessionOf(1));
    const book = new SessionBook(
      { ...house, seeSession: () => Promise.reject(new Error('the writer is gone')) },
      books,
      IDLE_MS,
    );
    expect(book.authenticate(token(1), 60_000)).not.toBeNull();
    await Bun.sleep(0);
    expect(book.authenticate(token(1), 60_001)).not.toBeNull();
  });

  test('ending one leaves the others; ending all leaves other accounts', async () => {
    const other = sessionOf(3, { accountId: 'other' });
    const { books, house } = ledger(sessionOf(1), sessionOf(2), other);
    const book = new SessionBook(house, books, IDLE_MS);
    const ends: SessionEnd[] = [];
    const stop = book.onEnd((end) => ends.push(end));
    const alive = (now: number) => [1, 2, 3].map((byte) => book.authenticate(token(byte), now) !== null);
    expect(alive(1)).toEqual([true, true, true]);
    expect(await book.end(sessionOf(1), false)).toBeNull();
    expect(alive(2)).toEqual([false, true, true]);
    expect(await book.end(sessionOf(2), true)).toBeNull();
    expect(alive(3)).toEqual([false, false, true]);
    stop();
    await book.end(other, false);
    expect(ends).toEqual([
      { accountId: 'account', sessionId: 'session-1' },
      { accountId: 'account', sessionId: null },
    ]);
  });

  test('a session that the ledger did not end goes on, and nobody is told', async () => {
    const { books, house, answer } = ledger(sessionOf(1));
    const book = new SessionBook(house, books, IDLE_MS);
    const ends: SessionEnd[] = [];
    book.onEnd((end) => ends.push(end));
    book.authenticate(token(1), 1);
    answer.refusal = 'busy';
    expect(await book.end(sessionOf(1), false)).toBe('busy');
    expect(book.authenticate(token(1), 2)).not.toBeNull();
    expect(ends).toEqual([]);
  });

  test('what falls out of memory keeps its activity', () => {
    const { books, house, seen } = ledger(sessionOf(1), sessionOf(2));
    const book = new SessionBook(house, books, IDLE_MS, 1);
    book.authenticate(token(1), 30_000);
    book.authenticate(token(2), 30_001);
    expect([book.size, seen]).toEqual([1, [['session-1', 30_000]]]);
    expect(book.authenticate(token(1), 30_002)?.id).toBe('session-1');
  });
});

describe('sessions that end elsewhere', () => {
  test('forgotten ones are out of memory, and who listens is told', () => {
    const { books, house, rows } = ledger(sessionOf(1), sessionOf(2), sessionOf(3, { accountId: 'other' }));
    const book = new SessionBook(house, books, IDLE_MS);
    const heard: SessionEnd[] = [];
    book.onEnd((end) => void heard.push(end));
    for (const byte of [1, 2, 3]) book.authenticate(token(byte), 1);
    rows.clear();
    book.forget({ accountId: 'account', sessionId: 'session-1' });
    expect([1, 2, 3].map((byte) => book.authenticate(token(byte), 2)?.id)).toEqual([
      undefined,
      'session-2',
      'session-3',
    ]);
    book.forget({ accountId: 'account', sessionId: null });
    expect([1, 2, 3].map((byte) => book.authenticate(token(byte), 2)?.id)).toEqual([
      undefined,
      undefined,
      'session-3',
    ]);
    expect(heard).toEqual([
      { accountId: 'account', sessionId: 'session-1' },
      { accountId: 'account', sessionId: null },
    ]);
  });

  test('when some may have been missed each is looked up once more, and when it was seen is not forgotten', () => {
    const { books, house, rows, looks } = ledger(sessionOf(1), sessionOf(2));
    const book = new SessionBook(house, books, IDLE_MS);
    for (const byte of [1, 2]) book.authenticate(token(byte), 50_000);
    rows.delete(hashToken(token(2)));
    book.forgetAll();
    expect([
      book.authenticate(token(1), 50_000 + IDLE_MS - 1)?.id,
      book.authenticate(token(2), 60_000),
      book.authenticate(token(1), 60_000)?.id,
    ]).toEqual(['session-1', null, 'session-1']);
    expect([looks.length, book.size]).toEqual([4, 1]);
  });
});
