import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openHouse, ORIGIN, type TestHouse } from '../../test/stage/http-house.ts';
import { offers, practise, tapOn } from '../../test/stage/http-trader.ts';
import { DEFAULT_TERMS, type Terms } from '../game/terms.ts';
import { houseEdge } from '../game/house-edge.ts';
import { micros } from '../game/money.ts';
import { lockQuote } from '../game/odds.ts';
import { usedTerms } from '../game/quote-terms.ts';
import { verifyReceipt } from './verify.ts';

type Json = any;
const receipts: Record<string, Json> = {};
let house: TestHouse;

const receiptOf = async (id: string, token?: string): Promise<Json> =>
  (await house.call(`/api/v1/bets/${id}/receipt`, token === undefined ? {} : { token })).body;
/** The house of these tests has one venue, and others have other settings. */
const TERMS: Terms = { ...DEFAULT_TERMS, venues: ['walk'], quorum: 1 };
const failed = async (receipt: Json, origin?: string, terms = TERMS): Promise<string[]> =>
  (
    await verifyReceipt(receipt, {
      terms: [{ batch: 0, at: 0, terms }],
      ...(origin === undefined ? {} : { origin }),
    })
  )
    .filter(({ ok, open }) => !ok && !open)
    .map(({ check }) => check);

/** One bet of each ending, made by the real engine: nothing here is written by hand. */
beforeAll(async () => {
  house = await openHouse();
  house.hold(7_600_500);
  await house.pass(2000);
  const trader = await practise(house);
  const place = async (pick: (offer: ReturnType<typeof offers>[number]) => boolean): Promise<string> => {
    const { body } = await trader.tap([tapOn(offers(house).find(pick)!)]);
    if (body.results?.[0].status !== 'accepted') throw new Error(JSON.stringify(body));
    return body.results[0].betId;
  };
  const won = await place(({ low, high }) => low <= 7_600_500 && high >= 7_600_500);
  const lost = await place(({ high, multiplier }) => high < 7_600_000 && multiplier > 400);
  receipts.placed = await receiptOf(won);
  await house.pass(1000);
  receipts.locked = await receiptOf(won);
  const moved = await place(({ low, start }) => low > 7_602_500 && start < house.clock.now + 12_000);
  house.hold(7_602_500);
  await house.pass(600);
  receipts.moved = await receiptOf(moved);
  house.hold(7_600_500);
  await house.pass(12_000);
  receipts.won = await receiptOf(won);
  receipts.lost = await receiptOf(lost);
  receipts.own = await receiptOf(won, trader.token);
  await house.pass(1500);
  const gone = await place(({ low, multiplier }) => low > 7_601_000 && multiplier > 200);
  await house.pass(5000);
  house.price.silent = true;
  await house.pass(8000);
  house.price.silent = false;
  await house.pass(3000);
  receipts.void = await receiptOf(gone);
  // The last tick comes shortly before the window ends, and none after it yet: the clock alone decided.
  const offer = offers(house).find(({ low, multiplier }) => low > 7_601_000 && multiplier > 200)!;
  const silent = await place(({ cell }) => cell === offer.cell);
  await house.pass(offer.start + 4000 - house.clock.now);
  house.price.silent = true;
  await house.pass(4500);
  receipts.silent = await receiptOf(silent);
});
afterAll(() => house.close());

describe('a receipt of the house', () => {
  test.each([
    ['placed', null],
    ['locked', null],
    ['won', null],
    ['lost', null],
    ['moved', 'moved'],
    ['void', 'gap'],
    ['silent', 'gap'],
  ] as const)('%s holds', async (name, reason) => {
    const receipt = receipts[name];
    expect([receipt.status, receipt.reason]).toEqual([
      name === 'moved' || name === 'silent' ? 'void' : name,
      reason,
    ]);
    expect(await failed(receipt, ORIGIN)).toEqual([]);
  });

  test('survives JSON and is small enough for a phone', async () => {
    const text = JSON.stringify(receipts.won);
    expect(await failed(JSON.parse(text))).toEqual([]);
    expect(text.length).toBeLessThan(64 * 1024);
  });

  test('tells balances to the owner and to nobody else', () => {
    expect(receipts.own.ledger.map((row: Json) => typeof row.balanceAfter)).toEqual(['number', 'number']);
    expect(receipts.won.ledger.map((row: Json) => row.balanceAfter)).toEqual([null, null]);
    expect({ ...receipts.own, ledger: null, chain: null }).toEqual({
      ...receipts.won,
      ledger: null,
      chain: null,
    });
  });

  test('was signed for one site only', async () =>
    expect(await failed(receipts.won, 'https://other.example')).toEqual(['order']));
});

describe("the house's edge on the bet of a receipt", () => {
  /** Before the multiplier is cut down to 0.01: 1 − P·(1 − haircut) / ((1 + edge)·P + margin). */
  const promised = (quote: Json): number => {
    const { edge, margin } = usedTerms(quote);
    return 1 - (quote.probability * (1 - quote.haircut)) / ((1 + edge) * quote.probability + margin);
  };
  const older = () => Bun.file(new URL('./model-1.receipt.json', import.meta.url)).json();
  /** As the house locks it while much of its column is taken. */
  const withHaircut = (receipt: Json, haircut: number): Json => {
    const [, windowMs, low, high] = receipt.cell.split('.').map(Number);
    const locked = { ...receipt.locked, haircut };
    return { ...receipt, locked: { ...locked, ...lockQuote(locked, low, high, locked.leadMs, windowMs) } };
  };

  test.each<[string, () => Json]>([
    ['a win', () => receipts.won],
    ['a loss', () => receipts.lost],
    ['an open bet', () => receipts.locked],
    ['a bet that came back after its lock', () => receipts.void],
    ['model 1', older],
    ['a haircut of 2 %', () => withHaircut(receipts.won, 0.02)],
    ['a haircut of 10 %, model 1', async () => withHaircut(await older(), 0.1)],
  ])('%s: what edge, margin and haircut of its lock promise, and what is cut off', async (_, read) => {
    const { stake, locked } = await read();
    const { share, amount } = houseEdge(stake, locked.probability, locked.multiplier);
    expect(share).toBeGreaterThanOrEqual(promised(locked) - 1e-9);
    expect(share).toBeLessThan(promised(locked) + locked.probability / 100 + 1e-6);
    expect(share).toBeGreaterThan(locked.haircut);
    expect(amount).toBe(micros(Math.round(share * stake)));
  });
});

describe('receipts of other houses', () => {
  test.each([3, 7, 40])(
    'with %d ticks under one hash, the ticks begin and end with whole batches',
    async (ticksPerCommit) => {
      const busy = await openHouse();
      await busy.pass(1000, ticksPerCommit);
      const trader = await practise(busy);
      const { body } = await trader.tap([tapOn(offers(busy)[6]!)]);
      await busy.pass(16_000, ticksPerCommit);
      const receipt = (await busy.call(`/api/v1/bets/${body.results[0].betId}/receipt`)).body;
      const hashed = receipt.ticks.filter(({ hash }: Json) => hash !== null).length;
      expect(hashed).toBeLessThanOrEqual(Math.ceil(receipt.ticks.length / ticksPerCommit));
      expect(receipt.ticks.at(-1).hash).not.toBe(null);
      expect(receipt.previousTick.seq).toBe(receipt.ticks[0].seq - 1);
      expect(await failed(receipt)).toEqual([]);
      expect(await failed(changed(receipt, 'ticks.0.price', (price) => price + 1))).toContain('tick chain');
      await busy.close();
    },
  );

  test('without a hold the bet is filled as shown', async () => {
    const quick = await openHouse({ holdMs: 0 });
    await quick.pass(1000);
    const trader = await practise(quick);
    const { body } = await trader.tap([tapOn(offers(quick)[6]!)]);
    await quick.pass(16_000);
    const receipt = (await quick.call(`/api/v1/bets/${body.results[0].betId}/receipt`)).body;
    const { tick, ...shown } = receipt.shown;
    expect(receipt.locked).toMatchObject(shown);
    const terms = { ...TERMS, holdMs: 0 };
    expect(await failed(receipt, undefined, terms)).toEqual([]);
    expect(await failed({ ...receipt, lockAt: receipt.placedAt + 400 }, undefined, terms)).toContain('lock');
    expect(await failed(receipt)).toContain('terms');
    await quick.close();
  });

  test('the first ticks ever hang on the beginning of the chain', async () => {
    const young = await openHouse();
    await young.pass(100);
    const trader = await practise(young);
    const { body } = await trader.tap([tapOn(offers(young)[6]!)]);
    const receipt = (await young.call(`/api/v1/bets/${body.results[0].betId}/receipt`)).body;
    expect([receipt.ticks[0].seq, receipt.previousTick]).toEqual([1, { seq: 0, hash: '0'.repeat(64) }]);
    expect(await failed(receipt)).toEqual([]);
    await young.close();
  });
});

/** What nothing in a receipt can contradict, with the reason; everything else has to be caught. */
const UNPROVABLE: Readonly<Record<string, string>> = {
  'chain.bet.hash': 'links are compared with published ones',
  'chain.opening.hash': 'the same',
  'chain.lock.batch': 'a lock that was written down later changes nothing: its revision was there before',
  currency: 'ledger rows name no currency; of a simulated bet it is never USD',
  simulated: 'what a venue is called proves nothing',
  'chain.head.hash': 'the head is compared with a published one',
  'chain.head.at': 'the same',
  'chain.head.batch': 'the same',
  'before.at': 'any time before the lock will do; a later one is caught',
  'shown.tick.sources.0.venue': 'the tick of a quote stands outside the ticks under hashes',
  'locked.tick.sources.0.venue': 'the same',
  'shown.tick.hash': 'the same',
  'locked.tick.hash': 'the same',
  'ledger.0.id': 'numbers of rows are compared with the statement; their order is checked',
  'ledger.0.version': 'the same',
  'ledger.1.id': 'the same',
  'ledger.1.version': 'the same',
};

/** A wrong value of the same kind, as far off as a cheat would need. */
function spoil(value: Json, path: string): Json {
  if (path.endsWith('.hash') && value === null) return 'ab'.repeat(32);
  if (path === 'guardPercent') return 20;
  if (path === 'maxGapMs') return 60_000;
  if (path.endsWith('capHundredths')) return 100;
  if (path.endsWith('.at') && path.startsWith('ledger')) return value - 60_000;
  if (path === 'lockAt') return value + 10_000;
  if (typeof value === 'number')
    return Math.abs(value) < 1 ? value + 0.25 : value + Math.max(1, Math.round(Math.abs(value) * 0.5));
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string')
    return value === ''
      ? 'x'
      : (value[0] === 'A' || value[0] === 'a' ? 'B' : value[0] === '1' ? '2' : value[0] === '3' ? '4' : 'A') +
          value.slice(1);
  return value === null ? 1 : null;
}

function leaves(value: Json, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, path === '' ? key : `${path}.${key}`));
}

function changed(receipt: Json, path: string, change: (value: Json) => Json): Json {
  const copy = structuredClone(receipt);
  const keys = path.split('.');
  const last = keys.pop()!;
  const holder = keys.reduce((part, key) => part[key], copy);
  holder[last] = change(holder[last]);
  return copy;
}

describe('a changed receipt is caught', () => {
  test.each(['won', 'lost', 'moved', 'void', 'locked'])('%s: every field that was changed', async (name) => {
    const receipt = receipts[name];
    const paths = leaves(receipt);
    expect(paths.length).toBeGreaterThan(60);
    const missed: string[] = [];
    for (const path of paths) {
      const findings = await failed(changed(receipt, path, (value) => spoil(value, path)));
      if (findings.length === 0 && !(path in UNPROVABLE) && !isHarmless(name, path, receipt))
        missed.push(path);
    }
    expect(missed).toEqual([]);
  });

  test.each(['won', 'lost', 'moved', 'void'])('%s: every part that was left out', async (name) => {
    const missed: string[] = [];
    for (const key of Object.keys(receipts[name])) {
      const copy = structuredClone(receipts[name]);
      delete copy[key];
      if ((await failed(copy)).length === 0) missed.push(key);
    }
    expect(missed).toEqual([]);
  });

  test.each<[string, string, (receipt: Json) => void]>([
    [
      'a better status',
      'outcome',
      (receipt) => {
        receipt.status = 'won';
      },
    ],
    [
      'a tick taken out',
      'tick chain',
      (receipt) => {
        receipt.ticks.splice(10, 1);
      },
    ],
    [
      'two ticks in other order',
      'tick chain',
      (receipt) => {
        receipt.ticks.reverse();
      },
    ],
    [
      'a price of one tick',
      'tick chain',
      (receipt) => {
        receipt.ticks[20].price += 1;
      },
    ],
    [
      'a venue of one tick',
      'tick chain',
      (receipt) => {
        receipt.ticks[20].sources[0].venue = 'x';
      },
    ],
    [
      'the hashes taken off',
      'tick chain',
      (receipt) => {
        for (const tick of receipt.ticks) tick.hash = null;
      },
    ],
    [
      'no ticks',
      'outcome',
      (receipt) => {
        receipt.ticks = [];
      },
    ],
    [
      'the stake everywhere but in the signed text',
      'order',
      (receipt) => {
        receipt.stake *= 2;
        receipt.ledger[0].amount *= 2;
      },
    ],
    [
      'the signed text itself',
      'signature',
      (receipt) => {
        receipt.order.text = receipt.order.text.replace(' 5000000 ', ' 1000000 ');
      },
    ],
    [
      'a key that is no point of the curve',
      'signature',
      (receipt) => {
        receipt.order.publicKey = Buffer.from([4, ...new Uint8Array(64)]).toString('base64url');
      },
    ],
    [
      'a short signature',
      'signature',
      (receipt) => {
        receipt.order.signature = receipt.order.signature.slice(2);
      },
    ],
    [
      'another line of the order',
      'order',
      (receipt) => {
        receipt.order.index = 1;
      },
    ],
    [
      'a second closing row',
      'ledger',
      (receipt) => {
        receipt.ledger.push({ ...receipt.ledger[1], id: receipt.ledger[1].id + 1 });
      },
    ],
    [
      'no closing row',
      'ledger',
      (receipt) => {
        receipt.ledger.pop();
      },
    ],
    [
      'a negative balance',
      'ledger',
      (receipt) => {
        receipt.ledger[1].balanceAfter = -1;
      },
    ],
    [
      'an earlier revision passed over',
      'lock',
      (receipt) => {
        receipt.before.at = receipt.lockAt;
      },
    ],
    [
      'a hole in the revisions',
      'lock',
      (receipt) => {
        receipt.before.revision -= 1;
      },
    ],
    [
      'a lock by the shown revision',
      'lock',
      (receipt) => {
        receipt.locked = receipt.shown;
      },
    ],
    [
      'a guard above the lock',
      'guard',
      (receipt) => {
        receipt.locked.multiplier = Math.floor(receipt.shown.multiplier * 0.5);
      },
    ],
    [
      'the stake that came back',
      'lock',
      (receipt) => {
        Object.assign(receipt, { status: 'void', reason: 'no_revision', closedTick: null });
      },
    ],
    [
      'a lock that was left out',
      'lock',
      (receipt) => {
        receipt.locked = null;
      },
    ],
    [
      'rows in other order',
      'ledger',
      (receipt) => {
        receipt.ledger[1].id = receipt.ledger[0].id;
      },
    ],
    [
      'a gap of less than nothing',
      'shape',
      (receipt) => {
        receipt.maxGapMs = -1;
      },
    ],
  ])('%s is found by the %s check', async (_, check, change) => {
    const receipt = structuredClone(receipts.lost);
    change(receipt);
    expect(await failed(receipt)).toContain(check);
  });

  test('a gap that was none', async () => {
    const receipt = structuredClone(receipts.void);
    receipt.maxGapMs = 60_000;
    expect(await failed(receipt)).toContain('outcome');
  });
});

/** Values that only bound others: a wrong one that changes no outcome contradicts nothing. */
function isHarmless(name: string, path: string, receipt: Json): boolean {
  if (path === 'chain.closing.hash' && standsAlone(receipt.chain, 'closing')) return true;
  if (path === 'maxGapMs') return name !== 'void';
  if (path.startsWith('ledger.') && path.endsWith('.balanceAfter')) return true;
  // No price of model 2 follows from them by itself: they are compared with published revisions.
  if (/^(shown|locked)\.(v10|vf|cw|learned\.version)$/.test(path)) return true;
  if (name === 'locked') return /^(ticks|previousTick)\b/.test(path);
  return false;
}

/** A commit that no other part of the receipt names is compared with published ones alone. */
const standsAlone = (chain: Json, link: string): boolean =>
  Object.entries<Json>(chain).every(
    ([name, other]) => name === link || other === null || other.batch !== chain[link].batch,
  );

describe('what is no receipt', () => {
  test.each([null, undefined, 1, 'x', [], {}, { betId: 'x' }, { ...{ cell: '1.1.1.1' } }])(
    '%j fails by its shape',
    async (value) => expect(await failed(value)).toEqual(['shape']),
  );
  test('nor is one of a cell that cannot be', async () =>
    expect(await failed({ ...receipts.won, cell: '5.5.5.5' })).toEqual(['shape']));
  test('the field is named', async () =>
    expect((await verifyReceipt({ ...receipts.won, stake: 'much' }))[0]!.detail).toContain('/stake'));
});
