import { expect, test } from 'bun:test';
import { dollars } from '../game/money.ts';
import type { OperatorOrder } from '../game/operator.ts';
import { WaitingOrders, WAITING_MS_MAX, WAITING_ORDERS_MAX } from './waiting-orders.ts';

const order = (id: string, amount = 5_000): OperatorOrder => ({
  id,
  operator: 'Ann',
  approvedBy: null,
  reason: 'a transfer',
  deed: { what: 'transfer', accountId: 'x', entry: 'deposit', amount: dollars(amount) },
});

test('an order waits as it was given first, and the same again is the same', () => {
  const waiting = new WaitingOrders();
  expect([
    waiting.add(order('a'), 0),
    waiting.add(order('a'), 1),
    waiting.add(order('a', 50_000), 2),
  ]).toEqual([true, true, false]);
  expect(waiting.all(3)).toEqual([{ order: order('a'), since: 0 }]);
  expect([waiting.find('a', 3)?.order, waiting.find('b', 3)]).toEqual([order('a'), null]);
  waiting.drop('a');
  expect(waiting.all(3)).toEqual([]);
});

test('it does not wait for ever, and not too many do', () => {
  const waiting = new WaitingOrders();
  for (let i = 0; i < WAITING_ORDERS_MAX; i++) expect(waiting.add(order(`${i}`), i)).toBe(true);
  expect(waiting.add(order('late'), 1_000)).toBe(false);
  expect(waiting.find('0', WAITING_MS_MAX + 1)).toBeNull();
  expect(waiting.add(order('late'), WAITING_MS_MAX + 1)).toBe(true);
});
