import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { DEFAULT_TERMS, DEFAULT_TERMS_OF_MODEL_1, type PublishedTerms } from '../game/terms.ts';
import { lockQuote } from '../game/odds.ts';
import { openHouse, type TestHouse } from '../../test/stage/http-house.ts';
import { beside } from '../../test/stage/beside.ts';
import { offers, practise, tapOn } from '../../test/stage/http-trader.ts';
import { tickLine } from '../game/tick.ts';
import type { ReceiptCheck } from '../ports/receipt-checks.ts';
import { verifyReceipt, type VerifyOptions } from './verify.ts';

type Json = any;
/** Scripts of others, read where they stand. */
const forgeries = beside('cases/abuse/04-forged-receipts.ts');
const QUIET = 7_600_500;
/** A win that a house of odds model 1 has paid. */
const older = (): Json => Bun.file(join(import.meta.dir, 'model-1.receipt.json')).json();
let house: TestHouse;
let won: Json;
let lost: Json;

/**
 * A bet that is won in the middle of its window, and one that is lost, on the simulated prices of a house
 * with default settings.
 */
beforeAll(async () => {
  house = await openHouse({ simulated: true });
  house.hold(QUIET);
  await house.pass(2000);
  const trader = await practise(house);
  const above = offers(house).find(({ low, start }) => low > QUIET && start > house.clock.now + 9000)!;
  const below = offers(house).find(
    ({ high, start, multiplier }) => high < QUIET - 1000 && start === above.start && multiplier > 300,
  )!;
  const { body } = await trader.tap([tapOn(above), tapOn(below)]);
  await house.pass(above.start + 2000 - house.clock.now);
  house.hold(above.low + 100);
  await house.pass(1800);
  house.hold(QUIET);
  await house.pass(5000);
  [won, lost] = await Promise.all(
    body.results.map(async ({ betId }: Json) => (await house.call(`/api/v1/bets/${betId}/receipt`)).body),
  );
});
afterAll(() => house.close());

/** What nobody asked the house for stays open in every receipt. */
const UNASKED = /^published /;
const wrong = async (receipt: Json, options: VerifyOptions = {}): Promise<string[]> =>
  (await verifyReceipt(receipt, options))
    .filter(({ ok, open, check }) => !ok && !(open && UNASKED.test(check)))
    .map(({ check, open }) => (open ? `${check}?` : check));

/** The hashes of the ticks made anew, as a house that has no published log could. */
function rehash(receipt: Json): void {
  let { hash, seq } = receipt.previousTick;
  let batch: Json[] = [];
  for (const tick of receipt.ticks) {
    tick.seq = ++seq;
    batch.push(tick);
    if (tick.hash == null) continue;
    tick.hash = hash = new Bun.CryptoHasher('sha256')
      .update([hash, ...batch.map(tickLine)].join('\n'))
      .digest('hex');
    batch = [];
  }
}

/** The lock priced anew from inputs of the house's choice. */
function relock(receipt: Json, change: (locked: Json) => void): void {
  const { locked, stake } = receipt;
  change(locked);
  const [, windowMs, low, high] = receipt.cell.split('.').map(Number);
  Object.assign(
    locked,
    (({ probability, multiplier }) => ({ probability, multiplier }))(
      lockQuote(locked, low, high, locked.leadMs, windowMs),
    ),
  );
  receipt.payout = receipt.ledger[1].amount = Math.floor((stake * locked.multiplier) / 100);
}

const refunded = (receipt: Json, reason: string): void => {
  Object.assign(receipt, { status: 'void', reason, payout: receipt.stake, closedTick: null });
  Object.assign(receipt.ledger[1], { kind: 'refund', amount: receipt.stake });
  receipt.chain.tick = null;
};

const FORGERIES: readonly (readonly [what: string, check: string, forge: (receipt: Json) => void])[] = [
  ['a win is called off by hand after its touch', 'outcome', (receipt) => refunded(receipt, 'operator')],
  [
    'and at the time of the touch',
    'outcome',
    (receipt) => {
      refunded(receipt, 'operator');
      receipt.ledger[1].at = receipt.closedAt;
    },
  ],
  [
    'a win that was never locked',
    'lock',
    (receipt) => {
      refunded(receipt, 'no_revision');
      Object.assign(receipt, { locked: null, before: null });
    },
  ],
  [
    'the same, with the revisions around the lock',
    'lock',
    (receipt) => {
      refunded(receipt, 'no_revision');
      Object.assign(receipt, {
        after: { revision: receipt.locked.revision, at: receipt.locked.at },
        locked: null,
      });
    },
  ],
  [
    'the same, with revisions that are left out',
    'lock',
    (receipt) => {
      refunded(receipt, 'no_revision');
      const end = Number(receipt.cell.split('.')[0]);
      Object.assign(receipt, {
        after: { revision: receipt.locked.revision + 40, at: end + 100 },
        locked: null,
      });
    },
  ],
  [
    'ticks that touch are left out',
    'holes?',
    (receipt) => {
      const [start, windowMs, low] = receipt.cell.split('.').map(Number);
      receipt.ticks = receipt.ticks.filter(({ at, price }: Json) => at < start || price < low);
      rehash(receipt);
      const last = receipt.ticks.find(({ at }: Json) => at >= start + windowMs);
      Object.assign(receipt, { status: 'lost', payout: 0, closedTick: last.seq, closedAt: last.at });
      Object.assign(receipt.ledger[1], { kind: 'loss', amount: 0, at: last.at });
      for (const part of ['tick', 'closing']) receipt.chain[part] = { ...receipt.chain.head };
      receipt.ledger[1].batch = receipt.chain.head.batch;
    },
  ],
  [
    'a venue of a live price, alone, for a simulated bet',
    'venues',
    (receipt) => {
      for (const tick of receipt.ticks) tick.sources = [{ venue: 'coinbase', price: tick.price }];
      rehash(receipt);
    },
  ],
  [
    'one venue instead of the quorum',
    'venues',
    (receipt) => {
      receipt.simulated = false;
      for (const tick of receipt.ticks) tick.sources = [{ venue: 'coinbase', price: tick.price }];
      rehash(receipt);
    },
  ],
  [
    'one venue that is told twice',
    'venues',
    (receipt) => {
      receipt.simulated = false;
      for (const tick of receipt.ticks)
        tick.sources = ['kraken', 'kraken'].map((venue) => ({ venue, price: tick.price }));
      rehash(receipt);
    },
  ],
  [
    'one venue that is far from the other',
    'venues',
    (receipt) => {
      receipt.simulated = false;
      for (const tick of receipt.ticks)
        tick.sources = [
          ['kraken', -9000],
          ['coinbase', 9000],
        ].map(([venue, off]: Json) => ({ venue, price: tick.price + off }));
      rehash(receipt);
    },
  ],
  [
    'a venue that does not exist',
    'venues',
    (receipt) => {
      for (const tick of receipt.ticks) tick.sources = [{ venue: 'my-own', price: tick.price }];
      rehash(receipt);
    },
  ],
  [
    'USD on simulated prices',
    'status',
    (receipt) => {
      receipt.currency = 'USD';
    },
  ],
  [
    'a tick of a quote that is another one in the chain',
    'tick chain',
    (receipt) => {
      receipt.shown.tick = { ...receipt.ticks[0], price: receipt.ticks[0].price + 1 };
    },
  ],
  [
    'a gap of a millisecond',
    'terms',
    (receipt) => {
      refunded(receipt, 'gap');
      receipt.maxGapMs = 1;
    },
  ],
  [
    'an edge of 15 %',
    'price terms',
    (receipt) =>
      relock(receipt, (locked) => {
        locked.edge = 0.15;
      }),
  ],
  [
    'a margin of 10 %',
    'price terms',
    (receipt) =>
      relock(receipt, (locked) => {
        locked.margin = 0.1;
      }),
  ],
  [
    'the margin of the first weeks with the cap of later',
    'price terms',
    (receipt) =>
      relock(receipt, (locked) => {
        locked.margin = 0.008;
      }),
  ],
  [
    'a haircut of 15 %',
    'price terms',
    (receipt) =>
      relock(receipt, (locked) => {
        locked.haircut = 0.15;
      }),
  ],
  [
    'a cap of 2×',
    'price terms',
    (receipt) =>
      relock(receipt, (locked) => {
        locked.capHundredths = 220;
      }),
  ],
  [
    'a volatility that falls by a quarter in half a second',
    'volatility?',
    (receipt) =>
      relock(receipt, (locked) => {
        locked.v10 *= 0.75;
      }),
  ],
  [
    'the same of the scale',
    'volatility?',
    (receipt) =>
      relock(receipt, (locked) => {
        locked.scaleBp *= 0.75;
      }),
  ],
  [
    'a lock that learned something else from the same block',
    'published model',
    (receipt) =>
      relock(receipt, (locked) => {
        locked.learned.corrections[2][5] *= 2;
      }),
  ],
  [
    'odds model 1',
    'price terms',
    (receipt) =>
      relock(receipt, (locked) => {
        locked.model = 1;
      }),
  ],
  [
    'a lock 2 s later than the hold',
    'terms',
    (receipt) => {
      const { locked } = receipt;
      relock(receipt, () => {
        locked.at += 2000;
        locked.leadMs -= 2000;
        locked.tick.at += 2000;
      });
      Object.assign(receipt, {
        lockAt: locked.at - 50,
        before: { revision: locked.revision - 1, at: locked.at - 200 },
      });
    },
  ],
  [
    'an old quote',
    'terms',
    (receipt) => {
      receipt.shown.at -= 3000;
      receipt.shown.tick.at -= 3000;
      receipt.shown.leadMs += 3000;
    },
  ],
  [
    'a deadline that had passed',
    'order',
    (receipt) => {
      const lines = receipt.order.text.split('\n');
      lines[4] = `${receipt.placedAt - 1}`;
      receipt.order.text = lines.join('\n');
    },
  ],
  [
    'the rule of another version',
    'shape',
    (receipt) => {
      receipt.rule = 3;
    },
  ],
  [
    'a bet that stands behind a tick of its window',
    'order in the chain',
    (receipt) => {
      receipt.chain.bet = { ...receipt.chain.opening };
      receipt.ledger[0].batch = receipt.chain.bet.batch;
    },
  ],
  [
    'a bet that was written down 3 s later than it was placed',
    'order in the chain',
    (receipt) => {
      receipt.chain.bet.at = receipt.placedAt + 3000;
    },
  ],
  [
    'a lock before its revision',
    'order in the chain',
    (receipt) => {
      receipt.chain.lock = { ...receipt.chain.bet };
    },
  ],
  [
    'a closing before its tick',
    'order in the chain',
    (receipt) => {
      receipt.chain.tick = { ...receipt.chain.head };
    },
  ],
  [
    'a time that falls',
    'order in the chain',
    (receipt) => {
      receipt.chain.lock.at = receipt.chain.bet.at - 1;
    },
  ],
  [
    'one commit in two ways',
    'order in the chain',
    (receipt) => {
      receipt.chain.revision = { ...receipt.chain.lock, hash: 'e'.repeat(64) };
    },
  ],
  [
    'a commit behind the head',
    'order in the chain',
    (receipt) => {
      receipt.chain.head = { ...receipt.chain.bet };
    },
  ],
  [
    'no commit of the bet',
    'order in the chain',
    (receipt) => {
      receipt.chain.bet = null;
    },
  ],
];

describe('what a dishonest house could hand out instead of a win', () => {
  test('the receipts themselves hold', async () => {
    expect([won.status, await wrong(won)]).toEqual(['won', []]);
    expect([lost.status, await wrong(lost)]).toEqual(['lost', []]);
  });

  test.each(FORGERIES)('%s: %s', async (_, check, forge) => {
    const receipt = structuredClone(won);
    forge(receipt);
    expect(await wrong(receipt)).toContain(check);
  });

  test.skipIf(!forgeries.isThere)(`the forgeries of others, as they are${forgeries.why}`, async () => {
    const receipt = await older();
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json(receipt) });
    const script = Bun.spawn([process.execPath, forgeries.path, `${server.url.origin}`, receipt.betId], {
      env: { ...process.env, CHECKOUT: join(import.meta.dir, '../..') },
      stdout: 'pipe',
    });
    const said = (await new Response(script.stdout).text()).trim().split('\n');
    await server.stop(true);
    expect(said.filter((line) => line.startsWith('NOT NOTICED'))).toEqual([]);
    // What is told first decides: findings that only the house can close stand last, in the honest receipt
    // too. Another head no receipt contradicts by itself.
    const [left, noticed] = [/ — published /, /^noticed .* — (?!published )/].map((words) =>
      said.filter((line) => words.test(line)),
    );
    expect(noticed!.length).toBeGreaterThanOrEqual(12);
    expect(left!.map((line) => line.split(' — ')[0])).toEqual([
      'noticed     unchanged',
      'noticed     another ledger head',
    ]);
  });
});

describe('a receipt of odds model 1', () => {
  test('holds as ever, with and without the terms of its house', async () => {
    const receipt = await older();
    expect([receipt.shown.model, receipt.locked.model, await wrong(receipt)]).toEqual([1, 1, []]);
    const [before, since] = [
      { batch: 1, at: 0, terms: DEFAULT_TERMS_OF_MODEL_1 },
      { batch: receipt.chain.head.batch + 1, at: 0, terms: DEFAULT_TERMS },
    ];
    expect(await wrong(receipt, { terms: [before, since] })).toEqual([]);
    expect(await wrong(receipt, { terms: [since] })).toEqual([]);
    expect(await wrong(receipt, { terms: [{ ...since, batch: 1 }] })).toEqual(['price terms']);
  });

  test('does not hold with another volatility', async () => {
    const receipt = await older();
    receipt.locked.v10 *= 1.1;
    expect(await wrong(receipt)).toContain('locked quote');
  });

  test('a bet that was placed under it may be locked by model 2 after the change, and no earlier', async () => {
    const { bet } = won.chain;
    const receipt = structuredClone(won);
    const placed = { batch: 1, at: 0, terms: DEFAULT_TERMS_OF_MODEL_1 };
    const changed = { batch: bet.batch + 1, at: 0, terms: DEFAULT_TERMS };
    receipt.shown.model = 1;
    expect(await wrong(receipt, { terms: [placed, changed] })).not.toContain('price terms');
    expect(await wrong(receipt, { terms: [placed] })).toContain('price terms');
  });
});

describe('terms of a house', () => {
  const published = (
    ...terms: readonly (readonly [batch: number, over: Partial<PublishedTerms['terms']>])[]
  ): VerifyOptions => ({
    terms: terms.map(([batch, over]) => ({ batch, at: 0, terms: { ...DEFAULT_TERMS, ...over } })),
  });

  test('other ones than those of default settings, where the house has published them', async () => {
    expect(await wrong(won, published([1, { holdMs: 250 }]))).toEqual(['terms']);
    const quick = structuredClone(won);
    Object.assign(quick, { maxGapMs: 2500 });
    expect(await wrong(quick)).toEqual(['terms']);
    expect(await wrong(quick, published([1, { maxGapMs: 2500 }]))).toEqual([]);
  });

  test('that changed later change nothing of what was bet before, and those of before hold no longer', async () => {
    const { batch } = won.chain.bet;
    expect(await wrong(won, published([1, {}], [batch + 1, { holdMs: 0, venues: ['okx'] }]))).toEqual([]);
    expect(await wrong(won, published([1, { holdMs: 0 }], [batch, {}]))).toEqual([]);
    expect(await wrong(won, published([1, {}], [batch, { holdMs: 0 }]))).toContain('terms');
  });

  test('ticks may be made by the venues of terms that came while the bet was open, and of no later ones', async () => {
    const { bet, closing } = won.chain;
    const [other, own] = [{ simulatedVenues: ['replay'] }, { simulatedVenues: ['walk'] }];
    expect(await wrong(won, published([1, other], [closing.batch, own]))).toEqual([]);
    expect(await wrong(won, published([1, own], [bet.batch + 1, other]))).toEqual([]);
    expect(await wrong(won, published([1, other], [closing.batch + 1, own]))).toEqual(['venues']);
    expect(await wrong(won, published([1, own], [bet.batch, other]))).toEqual(['venues']);
  });

  test('the first ones count for bets from before, under the rule of then', async () => {
    const old = { ...structuredClone(won), rule: 1 };
    expect(await wrong(old, published([won.chain.bet.batch + 1, {}]))).toEqual([]);
    expect(await wrong(old, published([won.chain.bet.batch, {}]))).toContain('terms');
  });
});

describe('what only the house decides', () => {
  const open = async (receipt: Json): Promise<ReceiptCheck[]> =>
    (await verifyReceipt(receipt)).filter((one) => one.open).map(({ check }) => check);
  const ALL: ReceiptCheck[] = [
    'published ticks',
    'published revisions',
    'published model',
    'published chain',
    'published bet',
  ];

  test.each<[string, string, (receipt: Json) => void]>([
    ['an honest receipt', 'bet', () => {}],
    [
      'a guard of half',
      'bet',
      (receipt) => {
        receipt.guardPercent = 50;
      },
    ],
    [
      'the edge of a fast market',
      'revisions',
      (receipt) =>
        relock(receipt, (locked) => {
          locked.edge = 0.1;
        }),
    ],
    [
      'a haircut of 2 %',
      'revisions',
      (receipt) =>
        relock(receipt, (locked) => {
          locked.haircut = 0.02;
        }),
    ],
    [
      'the rule of before',
      'bet',
      (receipt) => {
        receipt.rule = 1;
      },
    ],
    [
      'another hash of a tick of a quote',
      'ticks',
      (receipt) => {
        receipt.shown.tick.hash = 'a'.repeat(64);
      },
    ],
  ])('%s: open, one line a kind', async (_, what, forge) => {
    const receipt = structuredClone(won);
    forge(receipt);
    expect(await wrong(receipt)).toEqual([]);
    expect(await open(receipt)).toEqual(ALL);
    expect<string[]>(ALL).toContain(`published ${what}`);
  });

  test.each<[string, (receipt: Json) => void]>([
    [
      'a guard of half',
      (receipt) => {
        receipt.guardPercent = 50;
      },
    ],
    [
      'another currency',
      (receipt) => {
        receipt.currency = 'USD';
      },
    ],
    [
      'the rule of before',
      (receipt) => {
        receipt.rule = 1;
      },
    ],
    [
      'a haircut of 2 %',
      (receipt) =>
        relock(receipt, (locked) => {
          locked.haircut = 0.02;
        }),
    ],
    [
      'a row of another number',
      (receipt) => {
        receipt.ledger[0].id -= 1;
      },
    ],
    [
      'a lock in another commit',
      (receipt) => {
        receipt.chain.lock.batch += 1;
      },
    ],
    [
      'an outcome that the house does not have',
      (receipt) => {
        receipt.status = 'locked';
        receipt.chain.bet.batch -= 1;
      },
    ],
  ])('with the receipt of the house: %s', async (_, forge) => {
    const receipt = structuredClone(won);
    forge(receipt);
    const log = { commits: [], receipt: won };
    expect(await wrong(receipt, { log })).toContain('published bet');
    expect((await verifyReceipt(won, { log })).filter(({ open }) => open).map(({ check }) => check)).toEqual(
      ALL.slice(0, 4),
    );
  });

  test('a receipt from before the bet was closed, and one with balances, are those of the house', async () => {
    const early = structuredClone(won);
    Object.assign(early, { status: 'locked', payout: 0, closedAt: null, closedTick: null, after: null });
    early.ledger.length = 1;
    Object.assign(early.chain, { tick: null, closing: null });
    early.ledger[0].balanceAfter = 5;
    expect(
      (await verifyReceipt(early, { log: { commits: [], receipt: won } })).find(
        ({ check }) => check === 'published bet',
      ),
    ).toMatchObject({ ok: true });
    expect(
      (await verifyReceipt(won, { log: { commits: [], receipt: null } })).find(
        ({ check }) => check === 'published bet',
      ),
    ).toMatchObject({ ok: false, open: true });
  });
});

describe('against the published log', () => {
  const log = (over: Partial<NonNullable<VerifyOptions['log']>> = {}): VerifyOptions => ({
    log: { commits: [], ...over },
  });

  test('what was learned, of both quotes', async () => {
    const learned = [structuredClone(won.shown.learned)];
    expect(await wrong(won, log({ learned }))).toEqual([]);
    expect(await wrong(won, log({ learned: [] }))).toEqual(['published model']);
    learned[0].buckets[1].halfWidth /= 2;
    expect(await wrong(won, log({ learned }))).toEqual(['published model']);
  });

  test('a head that was noted', async () => {
    const { head } = won.chain;
    expect(await wrong(won, log({ commits: [head] }))).toEqual([]);
    expect(await wrong(won, log({ commits: [{ ...head, hash: 'f'.repeat(64) }] }))).toEqual([
      'published chain',
    ]);
  });

  test('ticks, all of them', async () => {
    const { chain, ticks, shown, locked } = won;
    const commits = Object.values(chain).filter((link) => link !== null) as (typeof chain.head)[];
    const all = [shown.tick, locked.tick, ...ticks];
    expect(await wrong(won, log({ commits, ticks: all }))).toEqual([]);
    expect(await wrong(won, log({ commits, ticks: all.slice(0, -1) }))).toEqual(['published ticks']);
    expect(await wrong(won, log({ commits: commits.slice(1), ticks: all }))).toEqual(['published chain']);
    const other = all.map((tick, index) => (index === 9 ? { ...tick, at: tick.at + 1 } : tick));
    expect(await wrong(won, log({ commits, ticks: other }))).toEqual(['published ticks']);
  });
});
