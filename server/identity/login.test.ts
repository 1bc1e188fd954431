import { afterAll, describe, expect, test } from 'bun:test';
import { Signature } from 'ethers/crypto';
import { Wallet } from 'ethers/wallet';
import { type Currency, micros, type Micros } from '../game/money.ts';
import type { RejectionCode } from '../game/rejection.ts';
import { UNRESTRICTED } from '../game/restriction.ts';
import type { Account, Session } from '../game/session.ts';
import type { ChallengeAnswer, Refused, SignedIn } from '../ports/sign-in.ts';
import { encodeBase64url } from './base64url.ts';
import { Challenges } from './challenges.ts';
import { readSignIn } from '../../test/stage/erc4361-reader.ts';
import { Login } from './login.ts';
import { hashToken } from './session-token.ts';
import { proofText } from './sign-in-text.ts';
import { WalletVerifier } from './wallet-verifier.ts';

const ORIGIN = 'https://taps.example';
const NOW = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const RULES = {
  origin: ORIGIN,
  chainIds: [1, 8453],
  practiceGrant: micros(10_000_000_000),
  stakeMax: micros(100_000_000),
  dailyCap: micros(5_000_000_000),
  sessionMs: 720 * MINUTE,
};

const wallets = new WalletVerifier();
afterAll(() => wallets.close());

/** A ledger in memory with the rules that signing in leans on. */
class Ledger {
  readonly accounts = new Map<string, Account>();
  readonly sessions: Session[] = [];
  refusal: RejectionCode | null = null;

  readonly house = {
    openAccount: async ({
      accountId,
      currency,
      address,
      grant,
    }: {
      accountId: string;
      currency: Currency;
      address: string | null;
      grant: Micros;
    }) => {
      await Bun.sleep(0);
      if (this.refusal) return this.refusal;
      this.accounts.set(accountId, {
        id: accountId,
        currency,
        address,
        balance: grant,
        openStake: micros(0),
        limits: {
          dailyLoss: null,
          loosening: null,
          pausedUntil: null,
          reminderMinutes: null,
          guardPercent: 80,
        },
        restriction: UNRESTRICTED,
      });
      return null;
    },
    startSession: async (session: Session) => {
      await Bun.sleep(0);
      if (this.isKeyRegistered(session.publicKey)) return 'key_reused' as const;
      this.sessions.push(session);
      return null;
    },
  };
  readonly isKeyRegistered = (publicKey: string) =>
    this.sessions.some((session) => session.publicKey === publicKey);
  readonly books = {
    account: (id: string) => this.accounts.get(id) ?? null,
    accountByAddress: (address: string, currency: Currency) =>
      [...this.accounts.values()].find((one) => one.address === address && one.currency === currency) ?? null,
    isKeyRegistered: this.isKeyRegistered,
  };
}

/** The first answer, then those of the function. */
function asOnce<Args extends unknown[], Answer>(first: Answer, then: (...args: Args) => Answer) {
  let isFirst = true;
  return (...args: Args): Answer => {
    const answer = isFirst ? first : then(...args);
    isFirst = false;
    return answer;
  };
}

function desk() {
  const ledger = new Ledger();
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const challenges = new Challenges({ lifeMs: 5 * MINUTE, triesMax: 5 }, random);
  const login = new Login(RULES, {
    house: ledger.house,
    books: ledger.books,
    challenges,
    wallets,
    random,
    newId: (at) => Bun.randomUUIDv7('hex', at),
  });
  return { ledger, login };
}

async function sessionKey() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const publicKey = encodeBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  const sign = async (text: string) =>
    encodeBase64url(
      new Uint8Array(
        await crypto.subtle.sign(
          { name: 'ECDSA', hash: 'SHA-256' },
          pair.privateKey,
          new TextEncoder().encode(text),
        ),
      ),
    );
  return { publicKey, sign };
}

const wallet = new Wallet(`0x${'21'.repeat(32)}`);
const stranger = new Wallet(`0x${'22'.repeat(32)}`);
const ask = (publicKey: string, changed = {}) => ({
  address: wallet.address,
  chainId: 1,
  publicKey,
  ...changed,
});

function granted<Answer extends object>(answer: Answer | Refused): Answer {
  if ('code' in answer) throw new Error(`refused: ${answer.code}`);
  return answer;
}
const codeOf = (answer: SignedIn | ChallengeAnswer | Refused): string =>
  'code' in answer ? answer.code : 'granted';

/** Everything that a right sign-in needs, to be changed one piece at a time. */
async function signing(
  login: Login,
  key: Awaited<ReturnType<typeof sessionKey>>,
  request = ask(key.publicKey),
) {
  const { challengeId, message, pre } = granted(await login.challenge(request, null, NOW));
  return {
    message,
    answer: {
      challengeId,
      signature: await wallet.signMessage(message),
      proof: await key.sign(proofText(challengeId, message)),
      pre,
    },
  };
}

describe('practice', () => {
  test('opens an account with play money and a session for the key', async () => {
    const { ledger, login } = desk();
    const { publicKey } = await sessionKey();
    const { account, session, token } = granted(await login.practice(publicKey, NOW));
    expect(account).toMatchObject({ currency: 'PLAY', address: null, balance: RULES.practiceGrant });
    expect(session).toMatchObject({
      accountId: account.id,
      currency: 'PLAY',
      publicKey,
      tokenHash: hashToken(token),
      stakeMax: RULES.stakeMax,
      dailyCap: RULES.dailyCap,
      createdAt: NOW,
      seenAt: NOW,
      expiresAt: NOW + RULES.sessionMs,
    });
    expect(ledger.sessions).toEqual([session]);
    expect(JSON.stringify([...ledger.accounts, ...ledger.sessions])).not.toContain(token);
  });

  test('a key is taken once, also by two at the same time, and then no account is left behind', async () => {
    const { ledger, login } = desk();
    const { publicKey } = await sessionKey();
    const codes = (await Promise.all([login.practice(publicKey, NOW), login.practice(publicKey, NOW)])).map(
      codeOf,
    );
    expect(codes.sort()).toEqual(['granted', 'key_reused']);
    expect(codeOf(await login.practice(publicKey, NOW + 1))).toBe('key_reused');
    expect(ledger.accounts.size).toBe(1);
  });

  test('what is not a key opens nothing; a busy ledger is said and the key stays free', async () => {
    const { ledger, login } = desk();
    expect(codeOf(await login.practice('B'.repeat(87), NOW))).toBe('bad_request');
    const { publicKey } = await sessionKey();
    ledger.refusal = 'busy';
    expect(codeOf(await login.practice(publicKey, NOW))).toBe('busy');
    ledger.refusal = null;
    expect(codeOf(await login.practice(publicKey, NOW))).toBe('granted');
    expect(ledger.accounts.size).toBe(1);
  });
});

describe('challenge', () => {
  test('its text says who, where, which key and how much, by the standard', async () => {
    const { login } = desk();
    const { publicKey } = await sessionKey();
    const { message, expiresAt } = granted(
      await login.challenge(
        ask(publicKey, { address: wallet.address.toLowerCase(), chainId: 8453 }),
        null,
        NOW,
      ),
    );
    expect(readSignIn(message)).toEqual({
      scheme: 'https',
      domain: 'taps.example',
      address: wallet.address,
      uri: ORIGIN,
      version: '1',
      chainId: 8453,
      nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
      statement:
        'Sign in to Tapgrid. A key that stays in this browser may then place taps of up to $100.00 ' +
        'each and $5,000.00 a day, until the expiration time below. This costs no gas.',
      issuedAt: '2026-03-01T12:00:00.000Z',
      expirationTime: '2026-03-02T00:00:00.000Z',
      resources: [
        `urn:tapgrid:session-key:p256:${publicKey}`,
        'urn:tapgrid:scope:stake-max:100000000',
        'urn:tapgrid:scope:daily-cap:5000000000',
      ],
    });
    expect(expiresAt).toBe(NOW + 5 * MINUTE);
  });

  const wrong: [about: string, changed: object, field: string][] = [
    ['no address', { address: '' }, 'address'],
    [
      'a wrong checksum',
      { address: wallet.address.replace(/[a-f]/, (letter) => letter.toUpperCase()) },
      'address',
    ],
    [
      'a wrong checksum without 0x',
      { address: wallet.address.slice(2).replace(/[a-f]/, (letter) => letter.toUpperCase()) },
      'address',
    ],
    ['one digit less', { address: wallet.address.slice(0, -1) }, 'address'],
    ['a line break', { address: `${wallet.address.toLowerCase()}\n` }, 'address'],
    ['another chain', { chainId: 5 }, 'chainId'],
    ['not a key', { publicKey: 'A'.repeat(87) }, 'publicKey'],
  ];
  test.each(wrong)('%s is a bad request that names the field', async (_, changed, field) => {
    const { publicKey } = await sessionKey();
    expect(await desk().login.challenge(ask(publicKey, changed), null, NOW)).toEqual({
      code: 'bad_request',
      field,
      message: expect.stringMatching(new RegExp(`^Field ${field}: expected `)),
    });
  });

  const digits = wallet.address.slice(2);
  test.each([
    digits,
    digits.toLowerCase(),
    digits.toUpperCase(),
    `0x${digits.toUpperCase()}`,
    `0X${digits.toUpperCase()}`,
  ])('an address spelled %s is read', async (address) => {
    const { publicKey } = await sessionKey();
    expect(
      readSignIn(granted(await desk().login.challenge(ask(publicKey, { address }), null, NOW)).message),
    ).toMatchObject({ address: wallet.address });
  });

  test('a browser keeps the cookie that it has, a program gets none', async () => {
    const { login } = desk();
    const { publicKey } = await sessionKey();
    const { pre } = granted(await login.challenge(ask(publicKey), null, NOW));
    expect(pre).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(granted(await login.challenge(ask(publicKey), pre, NOW)).pre).toBe(pre);
    expect(granted(await login.challenge(ask(publicKey, { program: true }), null, NOW)).pre).toBeNull();
  });
});

describe('finish', () => {
  test('a wallet signs once and has an account in dollars, the same one the next time', async () => {
    const { ledger, login } = desk();
    const [first, second] = [await sessionKey(), await sessionKey()];
    const one = granted(await login.finish((await signing(login, first)).answer, NOW + 2 * MINUTE));
    expect(one.account).toMatchObject({ currency: 'USD', address: wallet.address, balance: micros(0) });
    expect(one.session).toMatchObject({
      accountId: one.account.id,
      publicKey: first.publicKey,
      createdAt: NOW + 2 * MINUTE,
      expiresAt: NOW + RULES.sessionMs,
    });
    const two = granted(await login.finish((await signing(login, second)).answer, NOW));
    expect(two.account).toEqual(one.account);
    expect(two.token).not.toBe(one.token);
    expect(ledger.sessions.length).toBe(2);
  });

  test('a new wallet that signs in twice at once has one account', async () => {
    const { ledger, login } = desk();
    const [a, b] = [await signing(login, await sessionKey()), await signing(login, await sessionKey())];
    const [one, two] = (await Promise.all([login.finish(a.answer, NOW), login.finish(b.answer, NOW)])).map(
      granted,
    );
    expect(one!.account).toEqual(two!.account);
    expect(ledger.accounts.size).toBe(1);
  });

  test('a challenge is good once, also for two right answers at the same time', async () => {
    const { ledger, login } = desk();
    const { answer } = await signing(login, await sessionKey());
    expect(
      (await Promise.all([login.finish(answer, NOW), login.finish(answer, NOW)])).map(codeOf).sort(),
    ).toEqual(['challenge_expired', 'granted']);
    expect(codeOf(await login.finish(answer, NOW))).toBe('challenge_expired');
    expect(ledger.sessions.length).toBe(1);
  });

  test('every spelling of a signature is read', async () => {
    const spellings: ((signature: string) => string)[] = [
      (signature) => signature.slice(2),
      (signature) => signature.toUpperCase(),
      (signature) => `0x${signature.slice(2).toUpperCase()}`,
      (signature) => Signature.from(signature).compactSerialized,
      (signature) => Signature.from(signature).compactSerialized.slice(2),
      // Ledger counts v from 0.
      (signature) => signature.slice(0, -2) + (signature.endsWith('1b') ? '00' : '01'),
    ];
    for (const spelled of spellings) {
      const { login } = desk();
      const { answer } = await signing(login, await sessionKey());
      expect(codeOf(await login.finish({ ...answer, signature: spelled(answer.signature) }, NOW))).toBe(
        'granted',
      );
    }
  });

  test('texts that others ask for push none out, and after a restart none counts', async () => {
    const { login } = desk();
    const { answer } = await signing(login, await sessionKey());
    const key = (await sessionKey()).publicKey;
    for (let i = 0; i < 2000; i++) await login.challenge(ask(key, { program: true }), null, NOW);
    expect(codeOf(await desk().login.finish(answer, NOW))).toBe('challenge_expired');
    expect(codeOf(await login.finish(answer, NOW))).toBe('granted');
  });

  type Piece = Awaited<ReturnType<typeof signing>>;
  const wrong: [
    about: string,
    code: RejectionCode,
    change: (right: Piece) => Promise<object> | object,
    at?: number,
  ][] = [
    ['five minutes later', 'challenge_expired', () => ({}), NOW + 5 * MINUTE],
    ['another challenge', 'challenge_expired', () => ({ challengeId: '0'.repeat(32) })],
    ['another browser', 'challenge_expired', () => ({ pre: 'A'.repeat(43) })],
    ['no cookie', 'challenge_expired', () => ({ pre: null })],
    [
      'another key signs the proof',
      'bad_signature',
      async ({ answer, message }) => ({
        proof: await (await sessionKey()).sign(proofText(answer.challengeId, message)),
      }),
    ],
    ['no proof', 'bad_signature', () => ({ proof: '' })],
    [
      'another wallet signs',
      'login_failed',
      async ({ message }) => ({ signature: await stranger.signMessage(message) }),
    ],
    [
      'the wallet signs another text',
      'login_failed',
      async ({ message }) => ({ signature: await wallet.signMessage(message.replace('$100.00', '$1.00')) }),
    ],
    ['a contract wallet', 'login_failed', () => ({ signature: `0x${'00'.repeat(128)}` })],
  ];
  test.each(wrong)('%s: %s, and nobody is signed in', async (_, code, change, at = NOW) => {
    const { ledger, login } = desk();
    const right = await signing(login, await sessionKey());
    expect(codeOf(await login.finish({ ...right.answer, ...(await change(right)) }, at))).toBe(code);
    expect([ledger.accounts.size, ledger.sessions.length]).toEqual([0, 0]);
  });

  test('a proof over the text alone is not one: the key says which challenge it answers', async () => {
    const { login } = desk();
    const key = await sessionKey();
    const { answer, message } = await signing(login, key);
    expect(await login.finish({ ...answer, proof: await key.sign(message) }, NOW)).toEqual({
      code: 'bad_signature',
      message: expect.stringContaining(`"tapgrid-login-v1\\n${answer.challengeId}\\n<message>"`),
    });
  });

  test('wrong answers leave the challenge for the right one, five times', async () => {
    const { login } = desk();
    const [kept, lost] = [await signing(login, await sessionKey()), await signing(login, await sessionKey())];
    for (const [{ answer }, tries] of [
      [kept, 4],
      [lost, 5],
    ] as const)
      for (let time = 0; time < tries; time++)
        expect(codeOf(await login.finish({ ...answer, proof: '' }, NOW))).toBe('bad_signature');
    expect(codeOf(await login.finish(kept.answer, NOW))).toBe('granted');
    expect(codeOf(await login.finish(lost.answer, NOW))).toBe('challenge_expired');
  });

  test('one key for two challenges signs in once', async () => {
    const { ledger, login } = desk();
    const key = await sessionKey();
    const [a, b] = [await signing(login, key), await signing(login, key)];
    expect(codeOf(await login.finish(a.answer, NOW))).toBe('granted');
    expect(codeOf(await login.finish(b.answer, NOW))).toBe('key_reused');
    expect(codeOf(await login.challenge(ask(key.publicKey), null, NOW))).toBe('key_reused');
    expect(ledger.sessions.length).toBe(1);
  });

  test('a program signs in without a cookie', async () => {
    const { login } = desk();
    const key = await sessionKey();
    const { answer } = await signing(login, key, ask(key.publicKey, { program: true }));
    expect(answer.pre).toBeNull();
    expect(codeOf(await login.finish(answer, NOW))).toBe('granted');
  });

  test('a wallet whose account another edge opens at the same time gets that account, once', async () => {
    const { ledger, login: here } = desk();
    const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
    // The ledger gives an address one account; whoever comes second is refused.
    const openAccount: Ledger['house']['openAccount'] = async (account) =>
      ledger.books.accountByAddress(account.address!, 'USD') === null
        ? ledger.house.openAccount(account)
        : ('login_failed' as never);
    const there = new Login(RULES, {
      house: { ...ledger.house, openAccount },
      // As it looked when both asked.
      books: { ...ledger.books, accountByAddress: asOnce(null, ledger.books.accountByAddress) },
      challenges: new Challenges({ lifeMs: 5 * MINUTE, triesMax: 5 }, random),
      wallets,
      random,
      newId: (at) => Bun.randomUUIDv7('hex', at),
    });
    const first = await signing(here, await sessionKey());
    const second = await signing(there, await sessionKey());
    const one = granted(await here.finish(first.answer, NOW));
    const other = granted(await there.finish(second.answer, NOW));
    expect([other.account.id, ledger.accounts.size]).toEqual([one.account.id, 1]);
  });

  test('a busy verifier is said, with when to come back', async () => {
    const { ledger } = desk();
    const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
    const login = new Login(RULES, {
      house: ledger.house,
      books: ledger.books,
      random,
      newId: (at) => Bun.randomUUIDv7('hex', at),
      challenges: new Challenges({ lifeMs: 5 * MINUTE, triesMax: 5 }, random),
      wallets: { recover: async () => ({ code: 'busy' }) },
    });
    const { answer } = await signing(login, await sessionKey());
    expect(await login.finish(answer, NOW)).toEqual({ code: 'busy', retryAfterMs: 2000 });
  });
});
