import { expect, test } from 'bun:test';
import type { CellId } from '../game/grid.ts';
import { dollars, micros, multiplier } from '../game/money.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { Operation } from '../ports/ledger.ts';
import type { Refusal } from '../ports/refusals.ts';
import {
  ACCOUNT_ROWS_PER_DAY_MAX,
  ACCOUNT_ROWS_PER_SECOND_MAX,
  COUNTING_ROWS_MAX,
  RefusalDesk,
  REFUSALS_KEPT_DAYS,
  ROWS_PER_DAY_MAX,
  ROWS_PER_SECOND_MAX,
} from './refusal-desk.ts';

const NOON = Date.UTC(2026, 5, 15, 12);
const DAY_MS = 86_400_000;
const tap = { cell: '1.2.3.4' as CellId, stake: dollars(1), multiplier: multiplier(235), revision: 7 };
const HALTED: OrderAnswer = { code: 'halted' };
const rejected = (code: 'column_locked' | 'quote_expired') => ({ status: 'rejected', code }) as const;

function open() {
  const written: Extract<Operation, { kind: 'record-refusals' }>[] = [];
  const desk = new RefusalDesk((operation) => void written.push(operation as (typeof written)[number]));
  const answer = (accountId: string, given: OrderAnswer, at = NOON, nonce = 'nonce', taps = [tap]) =>
    desk.answered({ requestId: 'r', accountId, sessionId: 's', order: { nonce, taps }, answer: given }, at);
  const rows = (): Refusal[] => written.flatMap(({ refusals }) => refusals);
  return { desk, written, answer, rows, orders: () => rows().reduce((sum, { orders }) => sum + orders, 0) };
}

test('what was refused is written once a second, with what was tapped, and nothing is written for nothing', () => {
  const { desk, written, answer } = open();
  desk.step(NOON - 5_000, true);
  expect(written).toEqual([]);
  answer('ada', HALTED);
  desk.step(NOON + 100, true);
  answer('ada', { replayed: false, balance: null, results: [rejected('column_locked')] }, NOON + 200);
  for (let at = NOON + 200; at < NOON + 1_100; at += 100) desk.step(at, true);
  expect(written.length).toBe(1);
  desk.step(NOON + 1_100, true);
  const row = { accountId: 'ada', sessionId: 's', nonce: 'nonce', requestId: 'r', orders: 1 };
  expect(written).toEqual([
    {
      kind: 'record-refusals',
      keptFrom: NOON + 100 - REFUSALS_KEPT_DAYS * DAY_MS,
      refusals: [{ at: NOON, ...row, code: 'halted', taps: [{ ...tap, code: null }] }],
    },
    {
      kind: 'record-refusals',
      keptFrom: NOON + 1_100 - REFUSALS_KEPT_DAYS * DAY_MS,
      refusals: [{ at: NOON + 200, ...row, code: 'column_locked', taps: [{ ...tap, code: null }] }],
    },
  ]);
});

test('each tap has its own reason; an order that left a bet, or was told of before, leaves no second row', () => {
  const { desk, answer, rows } = open();
  const accepted = {
    status: 'accepted',
    betId: 'b',
    multiplier: tap.multiplier,
    lockAt: NOON,
    balance: micros(1),
  } as const;
  const results = [rejected('column_locked'), rejected('quote_expired')];
  answer('ada', { replayed: false, balance: null, results }, NOON, 'both', [tap, tap]);
  answer('ada', { replayed: true, balance: null, results }, NOON, 'again', [tap, tap]);
  answer('ada', { replayed: false, balance: micros(1), results: [accepted, results[0]!] }, NOON, 'part', [
    tap,
    tap,
  ]);
  answer('ada', { code: 'unknown' }, NOON, 'unknown');
  desk.end(NOON);
  expect(rows().map(({ nonce, code, taps }) => [nonce, code, taps.map((one) => one.code)])).toEqual([
    ['both', 'column_locked', [null, 'quote_expired']],
    ['unknown', 'unknown', [null]],
  ]);
});

test('a flood of one account leaves a bounded number of rows and a count, and takes no row from others', () => {
  const { desk, answer, rows, orders } = open();
  for (let order = 0; order < 3_000; order++) answer('flood', HALTED);
  answer('ada', HALTED);
  desk.step(NOON, true);
  const of = (accountId: string | null) => rows().filter((row) => row.accountId === accountId);
  expect(of('flood').length).toBe(ACCOUNT_ROWS_PER_SECOND_MAX + 1);
  expect(of('flood').at(-1)).toMatchObject({ nonce: null, orders: 3_000 - ACCOUNT_ROWS_PER_SECOND_MAX });
  expect(of('ada')).toMatchObject([{ nonce: 'nonce', orders: 1 }]);
  expect(orders()).toBe(3_001);
});

test('what was only counted is written once a minute', () => {
  const { desk, written, answer } = open();
  const counting = () => written.flatMap(({ refusals }) => refusals).filter(({ nonce }) => nonce === null);
  for (let at = NOON; at < NOON + 180_000; at += 1_000) {
    for (let order = 0; order <= ACCOUNT_ROWS_PER_SECOND_MAX; order++) answer('flood', HALTED, at);
    desk.step(at, true);
  }
  desk.end(NOON + 180_000);
  expect(counting().map(({ at, orders }) => [at - NOON, orders])).toEqual([
    [0, 1],
    [60_000, 60],
    [120_000, 60],
    [179_000, 59],
  ]);
});

test('a flood of many accounts is counted to the last order, by account and then by code alone', () => {
  const { desk, answer, rows, orders } = open();
  for (let order = 0; order < 1_000; order++) answer(`account ${order}`, HALTED);
  desk.step(NOON, true);
  expect(rows().filter(({ nonce }) => nonce !== null).length).toBe(ROWS_PER_SECOND_MAX);
  const counting = rows().filter(({ nonce }) => nonce === null);
  expect(counting.length).toBe(COUNTING_ROWS_MAX + 1);
  expect(counting.at(-1)).toMatchObject({ accountId: null, sessionId: null, code: 'halted', orders: 800 });
  expect(orders()).toBe(1_000);
});

test('of a day so many rows of an account and of all are kept; the next day begins anew', () => {
  const { desk, answer, rows } = open();
  const second = (accounts: readonly string[], each: number, at: number) => {
    for (const accountId of accounts)
      for (let order = 0; order < each; order++) answer(accountId, HALTED, at);
    desk.step(at, true);
  };
  const kept = () => rows().filter(({ nonce }) => nonce !== null).length;
  for (let at = NOON, s = 0; s < 300; s++, at += 1_000) second(['ada'], ACCOUNT_ROWS_PER_SECOND_MAX, at);
  expect(kept()).toBe(ACCOUNT_ROWS_PER_DAY_MAX);
  const many = Array.from({ length: ROWS_PER_SECOND_MAX }, (_, index) => `account ${index}`);
  for (let s = 0; s < ROWS_PER_DAY_MAX / ROWS_PER_SECOND_MAX; s++) second(many, 1, NOON + 1e6 + s * 1_000);
  expect(kept()).toBe(ROWS_PER_DAY_MAX);
  second(['ada'], 1, NOON + DAY_MS);
  expect(kept()).toBe(ROWS_PER_DAY_MAX + 1);
});

test('while only ticks and settlements may be written nothing is, and what waits stays bounded', () => {
  const { desk, written, answer, rows, orders } = open();
  for (let at = NOON; at < NOON + 60_000; at += 100) {
    for (let order = 0; order < 50; order++) answer(`account ${order}`, { code: 'busy' }, at);
    desk.step(at, false);
  }
  expect(written).toEqual([]);
  desk.step(NOON + 60_000, true);
  expect(rows().length).toBeLessThanOrEqual(ROWS_PER_SECOND_MAX + COUNTING_ROWS_MAX + 1);
  expect(orders()).toBe(600 * 50);
});
