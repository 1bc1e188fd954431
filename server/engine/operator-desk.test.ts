import { expect, test } from 'bun:test';
import type { OperatorOrder } from '../game/operator.ts';
import { dollars } from '../game/money.ts';
import type { Operation } from '../ports/ledger.ts';
import { OperatorDesk, type OperatorDeskParts } from './operator-desk.ts';

const WHO = { name: 'ada', proven: true };
const nothing = () => {};

function desk(mayDeposit: boolean) {
  const committed: Operation[] = [];
  const parts: OperatorDeskParts = {
    alone: { one: dollars(1), all: dollars(1) } as never,
    now: () => 0,
    commit: async (operation) => {
      committed.push(operation);
      return { kind: 'not-operated', refused: 'not_found' };
    },
    isForSale: () => false,
    mayDeposit: () => mayDeposit,
    mayBeDecided: () => false,
    maintenanceFrom: (now) => now,
    ...{ onHalt: nothing, onCallingOff: nothing, onCalledOff: nothing, onRevoked: nothing },
    ...{ onTransferred: nothing, onMaintenance: nothing, onCalendar: nothing, onRanges: nothing },
    ...{ onRestricted: nothing, onUnnamed: nothing },
  };
  return { committed, operator: new OperatorDesk(parts) };
}

const transfer = (entry: 'deposit' | 'withdrawal' | 'adjustment') =>
  ({
    id: 'bank-1',
    reason: 'bank transfer',
    deed: { what: 'transfer', accountId: 'account', entry, amount: dollars(10) },
  }) as unknown as OperatorOrder;

test('no deposit before it is known how long a hold has to be; what leaves, and a correction, is booked', async () => {
  const { committed, operator } = desk(false);
  expect(await operator.act(transfer('deposit'), WHO)).toMatchObject({ refused: 'head_start_unmeasured' });
  expect(committed).toEqual([]);
  for (const entry of ['withdrawal', 'adjustment'] as const)
    expect(await operator.act(transfer(entry), WHO)).toMatchObject({ refused: 'not_found' });
  expect(committed).toHaveLength(2);
});

test('a deposit reaches the ledger once it is known', async () => {
  const { committed, operator } = desk(true);
  await operator.act(transfer('deposit'), WHO);
  expect(committed).toHaveLength(1);
});
