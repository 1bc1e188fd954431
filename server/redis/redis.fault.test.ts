import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import type { RejectionCode } from '../game/rejection.ts';
import type { Micros, Multiplier } from '../game/money.ts';
import type { Session } from '../game/session.ts';
import { NonceBook } from '../identity/nonces.ts';
import { Rates } from '../identity/rates.ts';
import { hashToken, makeToken } from '../identity/session-token.ts';
import type { SessionEnd } from '../ports/sessions.ts';
import { SessionBook } from '../identity/sessions.ts';
import { Events, type BetUpdate, type Board, type Health } from '../ports/events.ts';
import type { OrderAnswer } from '../ports/house.ts';
import { CHANNELS, KEYS } from './channels.ts';
import { CuttingProxy } from '../../test/stage/redis-cutting-proxy.ts';
import { opened, Sequence } from './envelope.ts';
import { BETS_PER_MESSAGE_MAX, FanOut } from './fan-out.ts';
import { COMMAND_MS_MAX, RedisLink } from './link.ts';
import { SharedNonces } from './nonces.ts';
import { SharedRates } from './rates.ts';
import { RealRedis } from '../../test/stage/redis-real-server.ts';
import { SharedSessions } from './sessions.ts';

/**
 * The parts that share through Redis, as two processes would have them, on a real Redis to which everything
 * happens that may.
 */

const there = Bun.which('redis-server') !== null;
const NOW = Date.now();
setDefaultTimeout(120_000);
/**
 * Where Redis answers, a busy machine has all the time that it needs; where it does not, waiting is in vain.
 */
const [PATIENT_MS, TIRES_MS] = [5_000, 1_000];
let redis: RealRedis;
let links: RedisLink[] = [];
const said: string[] = [];
const log = {
  warn: ({ why }: Readonly<Record<string, unknown>>) => void said.push(`away: ${why}`),
  info: () => void said.push('back'),
};

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 6_000; tries++) {
    if (await holds()) return;
    await Bun.sleep(5);
  }
  throw new Error(`never happened: ${what}`);
}

async function linkTo(url: string = redis.url, commandMsMax = PATIENT_MS): Promise<RedisLink> {
  const link = new RedisLink(url, log, commandMsMax);
  links.push(link);
  await until(() => link.away === null, 'a link');
  return link;
}

describe.skipIf(!there)(`shared state${there ? '' : ': left out, redis-server is not installed'}`, () => {
  beforeAll(async () => {
    redis = await RealRedis.start();
  });
  afterAll(() => redis?.stop());
  beforeEach(async () => {
    await redis.revive();
    await Promise.all(links.map((link) => link.close()));
    links = [];
    said.length = 0;
  });

  describe('the link', () => {
    const faults: readonly [
      name: string,
      why: string,
      begin: () => void | Promise<void>,
      end: () => void | Promise<void>,
    ][] = [
      ['killed', 'not connected', () => redis.kill(), () => redis.begin()],
      ['frozen', `no answer within ${COMMAND_MS_MAX} ms`, () => redis.freeze(), () => redis.thaw()],
      [
        'full',
        'full',
        () => void redis.send('CONFIG', 'SET', 'maxmemory', '1'),
        () => void redis.send('CONFIG', 'SET', 'maxmemory', '0'),
      ],
      [
        'made a replica of nothing',
        'refused with READONLY',
        () => void redis.send('REPLICAOF', '127.0.0.1', '1'),
        () => void redis.send('REPLICAOF', 'NO', 'ONE'),
      ],
    ];
    test.each(faults)(
      '%s: away with the reason, nobody waits after the first, and back by itself',
      async (name, why, begin, end) => {
        const link = await linkTo(redis.url, name === 'frozen' ? COMMAND_MS_MAX : PATIENT_MS);
        let backs = 0;
        link.onBack(() => backs++);
        await begin();
        expect(await link.ask((client) => client.set('a', '1'))).toBeNull();
        expect(link.away).toBe(why);
        let asked = false;
        expect(await link.ask(async () => (asked = true))).toBeNull();
        expect(asked).toBe(false);
        await end();
        await until(() => link.away === null, 'back');
        expect(backs).toBeGreaterThan(0);
        await until(async () => (await link.ask((client) => client.set('a', '2')))?.ok === 'OK', 'an answer');
        expect([said.at(-2), said.at(-1)]).toEqual([`away: ${why}`, 'back']);
      },
    );

    test('cut at every place of an answer: null each time, never a wrong answer, and back again', async () => {
      const proxy = new CuttingProxy(redis.port);
      try {
        const link = await linkTo(proxy.url, COMMAND_MS_MAX);
        const value = 'x'.repeat(40);
        redis.send('SET', 'cut', value);
        for (let bytes = 0; bytes < value.length + 6; bytes += 3) {
          // A sign of life on the other line may take the cut for itself.
          await until(async () => {
            await until(() => link.away === null, 'a link through the proxy');
            const { cuts } = proxy;
            proxy.cutAfter(bytes);
            const answers = await Promise.all([
              link.ask((client) => client.get('cut')),
              link.ask((client) => client.get('cut')),
            ]);
            for (const answer of answers) expect(answer === null || answer.ok === value).toBe(true);
            return answers.includes(null) && proxy.cuts > cuts;
          }, 'a cut');
        }
        expect(proxy.cuts).toBeGreaterThan(10);
      } finally {
        proxy.stop();
      }
    });

    test('a line that stands while nothing comes is noticed, subscriptions are made anew, and what was missed is told as such', async () => {
      const proxy = new CuttingProxy(redis.port);
      try {
        const link = await linkTo(proxy.url, TIRES_MS);
        const heard: string[] = [];
        let backs = 0;
        link.subscribe('news', (message) => void heard.push(message));
        link.onBack(() => backs++);
        await until(() => redis.send('PUBLISH', 'news', 'one') === '1', 'a subscriber');
        await until(() => heard.length === 1, 'the first news');
        const before = backs;
        proxy.forgetLines();
        expect(await link.ask((client) => client.get('a'))).toBeNull();
        redis.send('PUBLISH', 'news', 'two');
        await until(() => backs > before && link.away === null, 'back');
        await until(
          () => (redis.send('PUBLISH', 'news', 'three'), heard.includes('three')),
          'the third news',
        );
        expect(heard).not.toContain('two');
      } finally {
        proxy.stop();
      }
    });

    test('a wrong password is away for good, and is not written to the log', async () => {
      const link = new RedisLink(`redis://tapgrid:hunter2@127.0.0.1:${redis.port}`, log);
      links.push(link);
      await until(() => link.away?.startsWith('refused') ?? false, 'a refusal');
      expect([
        await link.ask((client) => client.get('a')),
        JSON.stringify([said, link.away]).includes('hunter2'),
      ]).toEqual([null, false]);
    });
  });

  test('the user that is installed may do all that the server does', async () => {
    const acl = await Bun.file(join(import.meta.dir, '../../deploy/redis/tapgrid.acl')).text();
    const words = /^user (tapgrid .*)$/m.exec(acl)![1]!.replace('@PASSWORD@', 's3cret').split(' ');
    expect(redis.send('ACL', 'SETUSER', ...words)).toBe('OK');
    const link = await linkTo(`redis://tapgrid:s3cret@127.0.0.1:${redis.port}`);
    const heard: string[] = [];
    link.subscribe('news', (message) => void heard.push(message));
    await until(() => redis.send('PUBLISH', 'news', 'one') === '1' || heard.length > 0, 'a subscriber');
    const rule = { limit: 4, windowMs: 1_000 };
    expect((await new SharedRates(link, 'taps', rule, new Rates(rule)).take('ada', NOW)).remaining).toBe(3);
    const done = await link.ask(async (client) => [
      await client.set('a', '1', 'EX', 9, 'NX'),
      await client.get('a'),
      await client.sadd('b', 'x'),
      await client.pexpire('b', 900),
      await client.smembers('b'),
      (await Array.fromAsync(client.scanStream({ match: 'a*', count: 500 }))).flat(),
      await client.unlink('a', 'b'),
      await client.publish('news', 'two'),
    ]);
    expect([done?.ok, link.away]).toEqual([['OK', '1', 1, 1, ['x'], ['a'], 2, 1], null]);
  });

  describe('nonces', () => {
    const accepted = (betId: string): OrderAnswer => ({
      replayed: false,
      balance: 5 as Micros,
      results: [
        { status: 'accepted', betId, multiplier: 200 as Multiplier, lockAt: NOW, balance: 5 as Micros },
      ],
    });
    const process = async (commandMsMax?: number) =>
      new SharedNonces(await linkTo(redis.url, commandMsMax), new NonceBook<OrderAnswer>());
    const keep = async (nonces: SharedNonces, nonce: string, answer: OrderAnswer) => {
      nonces.keep('ada', nonce, Promise.resolve(answer));
      if ('code' in answer) nonces.forget('ada', nonce);
    };
    const seen = async (nonces: SharedNonces, nonce: string, content: string) => {
      const found = await nonces.see('ada', nonce, content, NOW);
      return found.kind === 'replay' ? await found.answer : found.kind;
    };

    test('an answered order is known to every process, other content is refused, and the key ends by itself', async () => {
      const [here, there] = [await process(), await process()];
      expect(await seen(here, 'n1', 'text')).toBe('first');
      await keep(here, 'n1', accepted('b1'));
      await until(() => redis.send('GET', KEYS.nonce('ada', 'n1')).includes('b1'), 'the answer');
      expect(await seen(there, 'n1', 'text')).toEqual(accepted('b1'));
      expect(await seen(there, 'n1', 'text')).toEqual(accepted('b1'));
      expect(await seen(await process(), 'n1', 'other text')).toBe('reused');
      expect(Number(redis.send('TTL', KEYS.nonce('ada', 'n1')))).toBeWithin(1, 91);
    });

    test('a refused order decided nothing: it may be sent again, anywhere', async () => {
      const [here, there] = [await process(), await process()];
      expect(await seen(here, 'n1', 'text')).toBe('first');
      await keep(here, 'n1', { code: 'halted' });
      await until(() => redis.send('EXISTS', KEYS.nonce('ada', 'n1')) === '0', 'forgotten');
      expect(await seen(there, 'n1', 'other text')).toBe('first');
    });

    test.each([
      ['an order that is under way elsewhere', ''],
      ['half an answer', ' {"replayed":false,"resu'],
      ['what is no answer', ' 7'],
      ['another shape', ' {"results":[null]}'],
    ])('%s goes on to the ledger', async (_, rest) => {
      const hash = new Bun.CryptoHasher('sha256').update('text').digest('base64');
      redis.send('SET', KEYS.nonce('ada', 'n1'), hash + rest);
      expect(await seen(await process(), 'n1', 'text')).toBe('first');
    });

    test('what this process answered it knows by itself: without Redis, at once, and when Redis was emptied', async () => {
      const here = await process(TIRES_MS);
      expect(await seen(here, 'n1', 'text')).toBe('first');
      await keep(here, 'n1', accepted('b1'));
      redis.send('FLUSHALL');
      expect(await seen(here, 'n1', 'text')).toEqual(accepted('b1'));
      redis.freeze();
      try {
        expect(await seen(here, 'n2', 'text')).toBe('first');
        expect(here.see('ada', 'n3', 'text', NOW)).toEqual({ kind: 'first' });
        await keep(here, 'n3', accepted('b3'));
        expect(await seen(here, 'n3', 'text')).toEqual(accepted('b3'));
        expect(await seen(here, 'n3', 'other text')).toBe('reused');
      } finally {
        redis.thaw();
      }
    });

    test('the same order twice at once is one order', async () => {
      const here = await process();
      const [first, second] = [here.see('ada', 'n1', 'text', NOW), here.see('ada', 'n1', 'text', NOW)];
      expect([(await first).kind, (await second).kind]).toEqual(['first', 'replay']);
    });
  });

  describe('rates', () => {
    const rule = { limit: 4, windowMs: 60_000 };
    const process = async () => new SharedRates(await linkTo(), 'taps', rule, new Rates(rule));

    test('two processes share one bucket, whatever their clocks say, and say the same of it', async () => {
      const [here, there] = [await process(), await process()];
      const began = performance.now();
      const first = await here.take('ada', NOW, 3);
      expect(first).toEqual({
        ok: true,
        limit: 4,
        windowMs: 60_000,
        remaining: 1,
        resetMs: first.resetMs,
        retryAfterMs: 0,
      });
      expect(first.resetMs).toBeWithin(44_000, 45_001);
      const second = await there.take('ada', NOW + 3_600_000, 2);
      expect([second.ok, second.remaining]).toEqual([false, 1]);
      // A quarter of the window, less what has passed meanwhile.
      expect(second.retryAfterMs).toBeWithin(Math.floor(14_990 - (performance.now() - began)), 15_001);
      expect((await there.take('ada', NOW + 3_600_000)).ok).toBe(true);
      expect((await here.take('eve', NOW)).remaining).toBe(3);
      expect(Number(redis.send('PTTL', KEYS.rate('taps', 'ada')))).toBeWithin(1, 60_001);
    });

    test('without Redis a process counts for itself, with what its own callers took before', async () => {
      const [here, there] = [await process(), await process()];
      expect([(await here.take('ada', NOW, 3)).ok, (await there.take('ada', NOW)).ok]).toEqual([true, true]);
      await redis.kill();
      try {
        expect([
          (await here.take('ada', NOW, 2)).ok,
          (await here.take('ada', NOW)).ok,
          (await here.take('ada', NOW)).ok,
        ]).toEqual([false, true, false]);
        expect((await there.take('ada', NOW, 3)).ok).toBe(true);
      } finally {
        await redis.begin();
      }
    });

    test('an emptied Redis, scripts and all, gives full buckets to all but those that a process has counted itself', async () => {
      const [here, there] = [await process(), await process()];
      await here.take('ada', NOW, 4);
      redis.send('SCRIPT', 'FLUSH');
      redis.send('FLUSHALL');
      expect([(await here.take('ada', NOW)).ok, (await there.take('ada', NOW)).ok]).toEqual([false, true]);
    });
  });

  describe('sessions', () => {
    const token = (byte: number) => makeToken((bytes) => new Uint8Array(bytes).fill(byte));
    const sessionOf = (byte: number): Session => ({
      id: `session-${byte}`,
      accountId: 'ada',
      currency: 'PLAY',
      tokenHash: hashToken(token(byte)),
      publicKey: `key-${byte}`,
      stakeMax: 1 as Micros,
      dailyCap: 1 as Micros,
      createdAt: NOW,
      expiresAt: NOW + 3_600_000,
      seenAt: NOW,
    });
    let rows: Map<string, Session>;
    beforeEach(() => {
      rows = new Map([1, 2].map(sessionOf).map((session) => [session.tokenHash, session]));
    });
    const house = {
      seeSession: async () => null,
      endSessions: async (accountId: string, id: string | null): Promise<RejectionCode | null> => {
        for (const [hash, row] of rows)
          if (row.accountId === accountId && (id === null || row.id === id)) rows.delete(hash);
        return null;
      },
    };
    const process = async (url?: string, commandMsMax?: number) => {
      const link = await linkTo(url, commandMsMax);
      const book = new SessionBook(house, { session: (hash) => rows.get(hash) ?? null }, 1_800_000);
      const ended: SessionEnd[] = [];
      book.onEnd((end) => void ended.push(end));
      const listening = Promise.withResolvers<void>();
      link.onBack(listening.resolve);
      const sessions = new SharedSessions(link, book, 1_800_000);
      await listening.promise;
      return { sessions, ended };
    };
    const copies = () =>
      redis.send('--scan', '--pattern', KEYS.session('*')).split('\n').filter(Boolean).length;

    test('a session in use has a copy that ends by itself; its end reaches every process and takes the copy away', async () => {
      const [here, there] = [await process(), await process()];
      expect([
        here.sessions.authenticate(token(1), NOW)?.id,
        there.sessions.authenticate(token(1), NOW)?.id,
        there.sessions.authenticate(token(2), NOW)?.id,
      ]).toEqual(['session-1', 'session-1', 'session-2']);
      await until(() => copies() === 2, 'the copies');
      expect(await here.sessions.find(hashToken(token(1)), NOW)).toEqual(sessionOf(1));
      expect(await here.sessions.find(hashToken(token(1)), NOW + 3_600_000)).toBeNull();
      expect(Number(redis.send('PTTL', KEYS.session(hashToken(token(1)))))).toBeWithin(1, 1_860_001);
      expect(await here.sessions.end(sessionOf(1), false)).toBeNull();
      await until(() => there.ended.length === 1, 'the news');
      expect([here.ended, there.ended]).toEqual([
        [{ accountId: 'ada', sessionId: 'session-1' }],
        [{ accountId: 'ada', sessionId: 'session-1' }],
      ]);
      expect([
        there.sessions.authenticate(token(1), NOW),
        there.sessions.recheck(sessionOf(1), NOW),
        await there.sessions.find(hashToken(token(1)), NOW),
      ]).toEqual([null, null, null]);
      expect([there.sessions.authenticate(token(2), NOW)?.id, copies()]).toEqual(['session-2', 1]);
      expect(await there.sessions.end(sessionOf(2), true)).toBeNull();
      await until(() => here.ended.length === 2, 'the news of all');
      expect([here.ended[1], copies(), redis.send('DBSIZE')]).toEqual([
        { accountId: 'ada', sessionId: null },
        0,
        redis.send('EXISTS', KEYS.probe),
      ]);
    });

    test('sessions that an operator ended in the books end in every process', async () => {
      const [here, there] = [await process(), await process()];
      for (const byte of [1, 2])
        for (const { sessions } of [here, there]) sessions.authenticate(token(byte), NOW);
      await until(() => copies() === 2, 'the copies');
      await house.endSessions('ada', 'session-1');
      await here.sessions.forget({ accountId: 'ada', sessionId: 'session-1' });
      await until(() => there.ended.length === 1, 'the news');
      expect(
        [here, there].map(({ sessions }) => [
          sessions.authenticate(token(1), NOW),
          sessions.authenticate(token(2), NOW)?.id,
        ]),
      ).toEqual([
        [null, 'session-2'],
        [null, 'session-2'],
      ]);
      expect(await here.sessions.find(hashToken(token(1)), NOW)).toBeNull();
    });

    test('an end that Redis could not be told is made good when it is back: no copy stands, every process looks into the books', async () => {
      const [here, there] = [await process(redis.url, TIRES_MS), await process()];
      there.sessions.authenticate(token(1), NOW);
      await until(() => copies() === 1, 'the copy');
      redis.freeze();
      expect(await here.sessions.end(sessionOf(1), false)).toBeNull();
      expect(here.sessions.authenticate(token(1), NOW)).toBeNull();
      expect(there.sessions.authenticate(token(1), NOW)?.id).toBe('session-1');
      redis.thaw();
      await until(() => there.sessions.authenticate(token(1), NOW) === null, 'the end');
      await until(
        async () => (await there.sessions.find(hashToken(token(1)), NOW)) === null,
        'the copy to go',
      );
    });

    test('who missed the news because its own line was cut looks into the books when it stands again', async () => {
      const proxy = new CuttingProxy(redis.port);
      try {
        const [here, there] = [await process(), await process(proxy.url)];
        there.sessions.authenticate(token(1), NOW);
        proxy.cutAll(true);
        await here.sessions.end(sessionOf(1), false);
        expect(there.sessions.authenticate(token(1), NOW)?.id).toBe('session-1');
        proxy.cutAll(false);
        await until(() => there.sessions.authenticate(token(1), NOW) === null, 'the end');
      } finally {
        proxy.stop();
      }
    });

    test('emptied, nobody is signed out, and copies come again', async () => {
      const here = await process();
      here.sessions.authenticate(token(1), NOW);
      await until(() => copies() === 1, 'the copy');
      redis.send('FLUSHALL');
      expect(here.sessions.authenticate(token(1), NOW + 1)?.id).toBe('session-1');
      expect(here.sessions.authenticate(token(1), NOW + 60_001)?.id).toBe('session-1');
      await until(() => copies() === 1, 'a copy again');
    });

    test('news that nobody of us wrote ends no session', async () => {
      const here = await process();
      here.sessions.authenticate(token(1), NOW);
      for (const news of [
        'x',
        '{}',
        '{"run":"r","seq":1}',
        '{"run":"r","seq":2,"data":7}',
        '{"run":"r","seq":9,"data":{"accountId":"eve","sessionId":null}}',
      ])
        redis.send('PUBLISH', CHANNELS.endings, news);
      await until(() => here.ended.some(({ accountId }) => accountId === 'eve'), 'the last news');
      expect(here.sessions.authenticate(token(1), NOW)?.id).toBe('session-1');
    });
  });

  describe('what the house tells', () => {
    const tick = (seq: number) =>
      ({ seq, at: NOW + seq * 100, price: 7_600_000 + seq, sources: [] }) as never;
    const board = (revision: number) =>
      ({ revision: { revision, at: NOW + revision * 200 }, columns: [] }) as unknown as Board;
    const bets = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        bet: { id: `${index}` },
        balance: index,
      })) as unknown as BetUpdate[];
    const health = (state: string) => ({ state, causes: [] }) as unknown as Health;

    /**
     * A reader as an edge would be: takes what comes in order, and the kept message when something is
     * missing.
     */
    async function reader(url?: string, commandMsMax?: number) {
      const link = await linkTo(url, commandMsMax);
      const sequences = new Map(Object.values(CHANNELS).map((channel) => [channel, new Sequence()]));
      const state = { ticks: [] as number[], revision: 0, health: '', bets: 0, gaps: 0 };
      const apply = (channel: string, data: any) => {
        if (channel === CHANNELS.board) state.revision = data.revision.revision;
        if (channel === CHANNELS.health) state.health = data.state;
      };
      const snapshot = async () => {
        for (const channel of [CHANNELS.board, CHANNELS.health]) {
          const kept = await link.ask((client) => client.get(KEYS.last(channel)));
          const envelope = opened(kept?.ok ?? '');
          if (envelope !== null) apply(channel, envelope.data);
        }
      };
      for (const channel of [CHANNELS.ticks, CHANNELS.board, CHANNELS.health, CHANNELS.bets])
        link.subscribe(channel, (message) => {
          const envelope = opened(message)!;
          const heard = sequences.get(channel)!.hear(envelope);
          if (heard === 'gap') {
            state.gaps++;
            void snapshot();
          }
          if (channel === CHANNELS.ticks) state.ticks.push((envelope.data as { seq: number }).seq);
          else if (channel === CHANNELS.bets) state.bets += (envelope.data as unknown[]).length;
          else apply(channel, envelope.data);
        });
      link.onBack(() => void snapshot());
      await until(() => redis.send('PUBSUB', 'NUMSUB', CHANNELS.bets).endsWith('\n1'), 'the reader');
      return state;
    }
    async function heard(commandMsMax?: number) {
      const events = new Events();
      const link = await linkTo(redis.url, commandMsMax);
      new FanOut(link, 'run').listen(events);
      return { events, link };
    }

    test('in order and numbered; bets in slices; to nobody nothing but ticks and what is kept', async () => {
      const { events } = await heard();
      events.emit('health', health('closed'));
      events.emit('board', board(1));
      events.emit('bets', bets(3));
      await until(
        () => redis.send('EXISTS', KEYS.last(CHANNELS.board), KEYS.last(CHANNELS.health)) === '2',
        'what is kept',
      );
      const state = await reader();
      events.emit('tick', tick(1));
      await until(() => state.ticks.length === 1, 'the first tick');
      events.emit('bets', bets(2 * BETS_PER_MESSAGE_MAX + 1));
      events.emit('board', board(2));
      events.emit('tick', tick(2));
      await until(
        () => state.ticks.length === 2 && state.revision === 2 && state.bets === 2 * BETS_PER_MESSAGE_MAX + 1,
        'the rest',
      );
      expect([state.ticks, state.health]).toEqual([[1, 2], 'closed']);
      expect(
        redis
          .send('--scan', '--pattern', '*')
          .split('\n')
          .filter((key) => Number(redis.send('PTTL', key)) < 0),
      ).toEqual([]);
    });

    const faults: readonly [
      name: string,
      begin: (proxy: CuttingProxy) => void | Promise<void>,
      end: (proxy: CuttingProxy) => void | Promise<void>,
    ][] = [
      ['a dead Redis', () => redis.kill(), () => redis.begin()],
      ['a frozen Redis', () => redis.freeze(), () => redis.thaw()],
      [
        'a full Redis',
        () => void redis.send('CONFIG', 'SET', 'maxmemory', '1'),
        () => void redis.send('CONFIG', 'SET', 'maxmemory', '0'),
      ],
      ['a line cut in the middle of a message', (proxy) => proxy.cutAfter(20), () => {}],
      ['an emptied Redis', () => void redis.send('FLUSHALL'), () => {}],
    ];
    test.each(faults)('after %s a reader has what the house told last', async (_, begin, end) => {
      const proxy = new CuttingProxy(redis.port);
      try {
        const { events, link } = await heard(COMMAND_MS_MAX);
        const state = await reader(proxy.url, TIRES_MS);
        let seq = 0;
        const step = async (more: number) => {
          for (let count = 0; count < more; count++) {
            events.emit('tick', tick(++seq));
            events.emit('board', board(seq));
            await Bun.sleep(10);
          }
        };
        await step(5);
        await until(() => state.revision > 0, 'a board');
        await begin(proxy);
        await step(10);
        events.emit('health', health('open'));
        await step(10);
        await end(proxy);
        await until(() => link.away === null, 'back');
        await until(async () => (await step(1), state.revision === seq), 'the newest board');
        events.emit('health', health('closed'));
        await until(async () => (await step(1), state.health === 'closed'), 'the newest health');
        expect(state.ticks).toEqual([...new Set(state.ticks)].sort((a, b) => a - b));
      } finally {
        proxy.stop();
      }
    });
  });
});
