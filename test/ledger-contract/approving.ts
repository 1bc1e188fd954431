import { describe, expect, test } from 'bun:test';
import { dollars, type Micros } from '../../server/game/money.ts';
import type { OperatorDeed, OperatorOrder } from '../../server/game/operator.ts';
import type { Operation, OperationResult } from '../../server/ports/ledger.ts';
import { WAITING_MS_MAX, type OperatorAction } from '../../server/ports/operator.ts';
import { byHand, NOON, opening, type Desk } from './scenario.ts';

const DAY = 86_400_000;
const AT = NOON + 200;

const credit = (
  amount: number,
  entry: 'deposit' | 'withdrawal' | 'adjustment' = 'deposit',
): OperatorDeed => ({
  what: 'transfer',
  accountId: 'ada',
  entry,
  amount: dollars(amount),
});
/** Ann's order, alone up to 100 dollars, all together up to 150. */
const move = (id: string, amount: number, over: Partial<OperatorOrder> = {}, at = AT): Operation => ({
  ...(byHand(id, credit(amount), over) as Extract<Operation, { kind: 'operate' }>),
  at,
  alone: { each: dollars(100), all: dollars(150) },
  mayWait: true,
});
const approve = (id: string, by = 'Bea', at = AT): Operation => ({ kind: 'approve-order', id, by, at });
const dismiss = (id: string, order: string): Operation => byHand(id, { what: 'dismiss', order });

const byWhom = ({ operator, approvedBy }: OperatorAction): string[] => [
  `by ${operator}`,
  `with ${approvedBy}`,
];
const heard = (result: OperationResult | undefined): string =>
  result?.kind === 'not-operated'
    ? result.refused
    : result?.kind === 'operated'
      ? [result.replayed ? 'replayed' : 'done', ...byWhom(result.action)].join(' ')
      : String(result?.kind);

type Row = readonly [event: string, operation: Operation, heard: string, balance: number];

const WAITS = 'approval_needed';
const COURSES: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  {
    title: 'what is large waits for another person, and is carried out once',
    rows: [
      ['just below', move('a', 99), 'done by Ann with null', 1099],
      ['asked for', move('b', 100), WAITS, 1099],
      ['asked for again', move('b', 100), WAITS, 1099],
      ['its id for another amount', move('b', 101), 'id_reused', 1099],
      ['its id by another person', move('b', 100, { operator: 'Cy' }), 'id_reused', 1099],
      ['the same person', approve('b', 'Ann'), 'same_person', 1099],
      ['the same person in other letters', approve('b', ' ann'), 'same_person', 1099],
      ['what nobody asked for', approve('x'), 'not_waiting', 1099],
      ['what was done alone', approve('a'), 'not_waiting', 1099],
      ['another person', approve('b'), 'done by Ann with Bea', 1199],
      ['again', approve('b'), 'replayed by Ann with Bea', 1199],
      ['a third person', approve('b', 'Cy'), 'not_waiting', 1199],
      ['the order again', move('b', 100), 'replayed by Ann with Bea', 1199],
    ],
  },
  {
    title: 'small amounts add up, in and out, for each operator and for all',
    rows: [
      ['60 in', move('a', 60), 'done by Ann with null', 1060],
      ['39 out', { ...move('b', 39), ...outward('b', 39) }, 'done by Ann with null', 1021],
      ['one more', move('c', 1), WAITS, 1021],
      ['under a name in other letters', move('d', 1, { operator: 'ANN' }), WAITS, 1021],
      ['another one', move('e', 50, { operator: 'Bea' }), 'done by Bea with null', 1071],
      ['but not together', move('f', 1, { operator: 'Cy' }), WAITS, 1071],
      ['what is approved', approve('c'), 'done by Ann with Bea', 1072],
      ['does not count', move('g', 0.5, { operator: 'Bea' }), 'done by Bea with null', 1072.5],
      ['a day later', move('h', 99, {}, AT + DAY), 'done by Ann with null', 1171.5],
    ],
  },
  {
    title: 'what the balance does not allow waits for nobody',
    rows: [
      ['more than there is', { ...move('a', 5000), ...outward('a', 5000) }, 'insufficient_balance', 1000],
      ['that waits for nobody', approve('a'), 'not_waiting', 1000],
      ['more than can be counted', move('b', 4.6e9), 'too_much', 1000],
      ['all that there is', { ...move('c', 1000), ...outward('c', 1000) }, WAITS, 1000],
      ['some of it meanwhile', { ...move('d', 50), ...outward('d', 50) }, 'done by Ann with null', 950],
      ['the same again', { ...move('c', 1000), ...outward('c', 1000) }, WAITS, 950],
      ['too late', approve('c'), 'insufficient_balance', 950],
    ],
  },
  {
    title: 'what waits is dismissed by anybody, or is too old after a day',
    rows: [
      ['asked for', move('a', 500), WAITS, 1000],
      ['dismissed', dismiss('d1', 'a'), 'done by Ann with null', 1000],
      ['too late', approve('a'), 'not_waiting', 1000],
      ['nor again', move('a', 500), 'dismissed', 1000],
      ['twice', dismiss('d2', 'a'), 'not_waiting', 1000],
      ['what was never there', dismiss('d3', 'x'), 'not_waiting', 1000],
      ['another', move('b', 500), WAITS, 1000],
      ['in time', approve('b', 'Bea', AT + WAITING_MS_MAX - 1), 'done by Ann with Bea', 1500],
      ['another', move('c', 500, {}, AT + DAY), WAITS, 1500],
      ['too old', approve('c', 'Bea', AT + DAY + WAITING_MS_MAX), 'not_waiting', 1500],
      ['asked for anew', move('c', 500, {}, AT + 2 * DAY), WAITS, 1500],
      ['in time', approve('c', 'Bea', AT + 2 * DAY + 1), 'done by Ann with Bea', 2000],
    ],
  },
];

function outward(id: string, amount: number): Pick<Extract<Operation, { kind: 'operate' }>, 'order'> {
  return {
    order: (byHand(id, credit(amount, 'withdrawal')) as Extract<Operation, { kind: 'operate' }>).order,
  };
}

export function approvingContract(desk: Desk): void {
  describe('lists the orders that need a second person', () => {
    for (const restarts of [false, true])
      for (const { title, rows } of COURSES)
        test(`${title}${restarts ? ' (with a restart before each event)' : ''}`, async () => {
          await desk.start();
          await desk.commit(...opening('ada'));
          for (const [event, operation, expected, balance] of rows) {
            if (restarts) await desk.reopen();
            const { results } = await desk.commit(operation);
            expect([event, heard(results[0]), desk.balance()]).toEqual([event, expected, balance]);
          }
        });

    test('whoever is nobody asks for nothing, and each currency counts for itself', async () => {
      await desk.start();
      const usd: Operation = {
        kind: 'open-account',
        accountId: 'cy',
        currency: 'USD',
        address: '0xC',
        grant: 0 as Micros,
        at: NOON,
      };
      await desk.commit(...opening('ada'), usd);
      const nobody = { ...move('a', 100), mayWait: false } as Operation;
      const before = await desk.commit(move('b', 99));
      expect(heard((await desk.commit(nobody)).results[0])).toBe('two_tokens_needed');
      expect((await desk.commit(nobody)).batch).toBe(before.batch);
      const toCy = byHand('c', { ...credit(99), accountId: 'cy' } as OperatorDeed);
      expect(heard((await desk.commit({ ...move('c', 99), ...toCy } as Operation)).results[0])).toStartWith(
        'done',
      );
    });

    test('so many wait, and no more', async () => {
      await desk.start();
      await desk.commit(...opening('ada'));
      const asked = Array.from({ length: 101 }, (_, index) => move(`m${index}`, 100));
      const { results } = await desk.commit(...asked);
      expect(results.map(heard)).toEqual([...new Array<string>(100).fill(WAITS), 'too_many_waiting']);
      await desk.commit(approve('m0'));
      expect(heard((await desk.commit(move('m100', 100))).results[0])).toBe(WAITS);
    });
  });
}
