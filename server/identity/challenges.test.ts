import { describe, expect, test } from 'bun:test';
import { CHALLENGE_ID_LENGTH_MAX, Challenges } from './challenges.ts';

const RULES = { lifeMs: 300_000, triesMax: 5 };
const WALLET = {
  kind: 'wallet',
  address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  chainId: 1,
  publicKey: 'B'.repeat(87),
} as const;
const RETURN = {
  kind: 'return',
  accountId: crypto.randomUUID(),
  registeredKey: 'B'.repeat(87),
  publicKey: 'C'.repeat(87),
} as const;
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const deskOf = (triedMax?: number) => new Challenges(RULES, random, triedMax);

describe('Challenges', () => {
  test.each([WALLET, RETURN])('an id holds all of a challenge and brings it back', (purpose) => {
    const desk = deskOf();
    const { id, challenge } = desk.issue(purpose, 'pre', 1000);
    expect(challenge).toEqual({
      ...purpose,
      nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
      issuedAt: 1000,
    } as never);
    expect(desk.attempt(purpose.kind, id, 'pre', 1001)).toEqual(challenge as never);
    expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(id.length).toBeLessThanOrEqual(CHALLENGE_ID_LENGTH_MAX);
  });

  test('nothing is remembered of texts that nobody answers, however many they are', () => {
    const desk = deskOf(10);
    const first = desk.issue(WALLET, 'pre', 0);
    for (let i = 0; i < 50_000; i++) desk.issue(WALLET, null, 1);
    expect(desk.size).toBe(0);
    expect(desk.attempt('wallet', first.id, 'pre', 2)).toEqual(first.challenge);
  });

  test('five tries, each of them counted, also beside other people’s', () => {
    const desk = deskOf();
    const { id } = desk.issue(WALLET, 'pre', 0);
    const other = desk.issue(WALLET, 'pre', 0);
    const tries = Array.from({ length: 7 }, () => desk.attempt('wallet', id, 'pre', 1) !== null);
    expect(tries).toEqual([true, true, true, true, true, false, false]);
    expect(desk.attempt('wallet', other.id, 'pre', 1)).not.toBeNull();
  });

  test('five minutes, to the millisecond', () => {
    const desk = deskOf();
    const { id, challenge } = desk.issue(WALLET, 'pre', 1000);
    expect(desk.expiryOf(challenge)).toBe(301_000);
    expect(desk.attempt('wallet', id, 'pre', 300_999)).toEqual(challenge);
    expect(desk.attempt('wallet', id, 'pre', 301_000)).toBeNull();
  });

  test('of two right answers one consumes it, and then it is nobody’s any more', () => {
    const desk = deskOf();
    const { id } = desk.issue(WALLET, 'pre', 0);
    const [one, two] = [desk.attempt('wallet', id, 'pre', 1)!, desk.attempt('wallet', id, 'pre', 1)!];
    expect([desk.consume(one), desk.consume(two)]).toEqual([true, false]);
    expect(desk.attempt('wallet', id, 'pre', 2)).toBeNull();
  });

  test('a browser and a program cannot answer for each other, and wrong cookies cost the owner no try', () => {
    const desk = deskOf();
    const browser = desk.issue(WALLET, 'pre', 0);
    const program = desk.issue(WALLET, null, 0);
    for (let i = 0; i < 9; i++)
      for (const pre of [null, '', 'other']) expect(desk.attempt('wallet', browser.id, pre, 1)).toBeNull();
    expect(desk.attempt('wallet', program.id, 'pre', 1)).toBeNull();
    expect([
      desk.attempt('wallet', browser.id, 'pre', 1),
      desk.attempt('wallet', program.id, null, 1),
    ]).toEqual([browser.challenge, program.challenge]);
  });

  test('a text for one purpose answers no other', () => {
    const desk = deskOf();
    expect(desk.attempt('return', desk.issue(WALLET, null, 0).id, null, 1)).toBeNull();
    expect(desk.attempt('wallet', desk.issue(RETURN, null, 0).id, null, 1)).toBeNull();
  });

  test('past the bound the one tried longest ago is forgotten, and those that are over go first', () => {
    const desk = deskOf(3);
    const ids = Array.from({ length: 4 }, (_, at) => desk.issue(WALLET, null, at).id);
    for (const id of ids) for (let i = 0; i < 5; i++) desk.attempt('wallet', id, null, 10);
    expect(desk.size).toBe(3);
    expect(ids.toReversed().map((id) => desk.attempt('wallet', id, null, 11) !== null)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    desk.attempt('wallet', desk.issue(WALLET, null, 400_000).id, null, 400_001);
    expect(desk.size).toBe(1);
  });

  test('what is changed anywhere, made elsewhere, or not of this process is nothing', () => {
    const desk = deskOf();
    const { id } = desk.issue(WALLET, null, 0);
    for (let at = 0; at < id.length; at++) {
      const changed = id.slice(0, at) + (id[at] === 'A' ? 'B' : 'A') + id.slice(at + 1);
      expect(desk.attempt('wallet', changed, null, 1)).toBeNull();
    }
    const content = Buffer.from(JSON.stringify({ ...WALLET, nonce: '0'.repeat(32), issuedAt: 0 })).toString(
      'base64url',
    );
    for (const wrong of [
      '',
      'A'.repeat(43),
      `${'A'.repeat(43)}${content}`,
      content,
      '__proto__',
      `${id}${'A'.repeat(700)}`,
      'ü'.repeat(43),
      deskOf().issue(WALLET, null, 0).id,
    ])
      expect(desk.attempt('wallet', wrong, null, 1)).toBeNull();
    expect(desk.attempt('wallet', id, null, 1)).not.toBeNull();
  });
});
