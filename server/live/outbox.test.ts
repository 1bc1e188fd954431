import { expect, test } from 'bun:test';
import type { Bet } from '../game/bet.ts';
import { micros } from '../game/money.ts';
import type { Session } from '../game/session.ts';
import type { Tick } from '../game/tick.ts';
import type { BetUpdate } from '../ports/events.ts';
import { Broadcaster } from './broadcaster.ts';
import { Outbox } from './outbox.ts';
import { Connection } from './connection.ts';
import { Connections } from './connections.ts';

/** Two programs, and what their sockets were written: each list is one write. */
function open() {
  const outbox = new Outbox();
  const connections = new Connections();
  const writes: Record<string, string[][]> = {};
  for (const accountId of ['ada', 'bob']) {
    let corked: string[] | null = null;
    const written: string[][] = (writes[accountId] = []);
    const name = (frame: string): string => {
      const { bet, type } = JSON.parse(frame) as { bet?: Bet; type: string };
      return bet?.status ?? type;
    };
    const rawSocket = {
      send: (frame: string) => (corked === null ? written.push([name(frame)]) : corked.push(name(frame))),
      cork: (work: () => void) => {
        corked = [];
        work();
        written.push(corked);
        corked = null;
      },
      getBufferedAmount: () => 0,
      subscribe: () => {},
      unsubscribe: () => {},
      ping: () => {},
      close: () => {},
    };
    connections.add(
      new Connection(
        {
          kind: 'stream',
          session: { accountId } as Session,
          address: 'somewhere',
          isGuest: false,
          board: 5000,
        },
        rawSocket,
        outbox,
        0,
      ),
    );
  }
  const broadcaster = new Broadcaster(
    [5000],
    () => {},
    () => outbox.release(),
    connections,
    {
      account: () => null,
      betsOnCell: () => [],
      bets: () => ({ rows: [], cursor: null }),
      revision: () => null,
      revisionFrom: () => null,
      rangeOf: () => null,
    },
    undefined as never,
    undefined as never,
  );
  const [ada] = [...connections.ofAccount('ada')] as [Connection];
  return { broadcaster, ada, writes };
}

const update = (accountId: string, status: Bet['status']): BetUpdate => ({
  bet: {
    id: 'bet',
    accountId,
    cell: { startMs: 0, windowMs: 1, low: 0, high: 1 },
    stake: 1,
    shown: 200,
    locked: 200,
    status,
    payout: 0,
    placedAt: 0,
    closedAt: null,
    voidReason: null,
  } as Bet,
  balance: micros(0),
});
const others = (count: number): BetUpdate[] =>
  new Array<BetUpdate>(count).fill(update('who is not here', 'locked'));
const tick = { seq: 1, at: 1, price: 1 } as Tick;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a few locks are told in the turn in which they are committed', async () => {
  const { broadcaster, writes } = open();
  broadcaster.onBets([
    update('ada', 'locked'),
    update('bob', 'locked'),
    update('ada', 'locked'),
    ...others(60),
  ]);
  await turn();
  expect(writes).toEqual({ ada: [['locked', 'locked']], bob: [['locked']] });
});

test('many locks wait for the next price, and what else is said meanwhile takes them along in order', async () => {
  const { broadcaster, ada, writes } = open();
  broadcaster.onBets([update('ada', 'locked'), update('bob', 'locked'), ...others(62)]);
  await turn();
  expect(writes).toEqual({ ada: [], bob: [] });
  broadcaster.onBets([update('ada', 'won')]);
  await turn();
  expect(writes).toEqual({ ada: [['locked', 'won']], bob: [] });
  broadcaster.onTick(tick);
  await turn();
  expect(writes).toEqual({ ada: [['locked', 'won']], bob: [['locked']] });
  broadcaster.onBets([update('ada', 'locked'), ...others(63)]);
  ada.send('{"type":"error"}');
  broadcaster.onTick(tick);
  await turn();
  expect(writes['ada']!.slice(1)).toEqual([['locked', 'error']]);
});

test('a bet that was given back is told at once however many locks come with it', async () => {
  const { broadcaster, writes } = open();
  broadcaster.onBets([
    update('ada', 'locked'),
    update('ada', 'void'),
    update('bob', 'locked'),
    ...others(80),
  ]);
  await turn();
  expect(writes).toEqual({ ada: [['locked', 'void']], bob: [] });
});

test('without a price they wait for a moment only', async () => {
  const { broadcaster, writes } = open();
  broadcaster.onBets([update('bob', 'locked'), ...others(80)]);
  for (let tries = 0; writes['bob']!.length === 0 && tries < 200; tries++) await Bun.sleep(10);
  expect(writes['bob']).toEqual([['locked']]);
});

test('who closes is told first', async () => {
  const { broadcaster, ada, writes } = open();
  broadcaster.onBets([update('ada', 'locked'), ...others(80)]);
  ada.close(1012, 'restarting');
  broadcaster.onTick(tick);
  await turn();
  expect(writes['ada']).toEqual([['locked']]);
});
