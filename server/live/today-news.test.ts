import { expect, test } from 'bun:test';
import { dayOf } from '../game/day-of-play.ts';
import { dollars } from '../game/money.ts';
import type { BetUpdate } from '../ports/events.ts';
import type { Today } from '../ports/today.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { TodayNews } from './today-news.ts';

const NOON = Date.UTC(2026, 10, 30, 12);
const MIDNIGHT = Date.UTC(2026, 11, 1);

/** Sockets of Ada, a page and a program, and a page of Ben's; work that waits until it is let. */
function news({ looks = 1 } = {}) {
  const connections = new Connections();
  const sent: string[] = [];
  const add = (accountId: string, kind: 'page' | 'stream'): Connection => {
    const connection = {
      caller: { kind, session: { accountId } },
      tell: (frame: string) => void sent.push(`${kind} of ${accountId}: ${/\d+ bets/.exec(frame)}`),
    } as unknown as Connection;
    connections.add(connection);
    return connection;
  };
  add('ada', 'page');
  add('ada', 'stream');
  const ben = add('ben', 'page');
  const waiting: (() => void)[] = [];
  const clock = { now: NOON };
  const house = { full: false };
  let looked = 0;
  const look = (): Today => ({
    ...{ day: dayOf(clock.now), currency: 'PLAY', balance: dollars(9), net: dollars(0), staked: dollars(2) },
    ...{ paid: dollars(2), lost: 1, refunded: 0, streak: null, wonInARowMax: 1, best: null, steps: [] },
    won: ++looked,
    isWhole: looked >= looks,
  });
  const turns = {
    take: (_: string, work: () => unknown, refuse: () => unknown) =>
      house.full ? refuse() : void waiting.push(() => void work()),
  };
  const news = new TodayNews(look, connections, turns as never, () => clock.now);
  const closed = (accountId: string, status = 'won'): void =>
    news.onBets([{ bet: { accountId, status } } as unknown as BetUpdate]);
  return {
    ...{
      news,
      sent,
      clock,
      house,
      closed,
      connections,
      ben,
      looked: () => looked,
      pending: () => waiting.length,
    },
    work: () => waiting.splice(0).forEach((work) => work()),
  };
}

test('pages of an account get its day when a bet closed, once for all that closed until then', () => {
  const { closed, work, sent, looked, pending } = news();
  closed('ada', 'locked');
  closed('nobody');
  expect(pending()).toBe(0);
  closed('ada');
  closed('ada', 'lost');
  work();
  expect([sent, looked()]).toEqual([['page of ada: 2 bets'], 1]);
  closed('ada', 'void');
  work();
  expect(sent).toEqual(['page of ada: 2 bets', 'page of ada: 3 bets']);
});

test('a day that is not read to its end is looked at again, and sent once it is', async () => {
  const { closed, work, sent, looked, pending } = news({ looks: 3 });
  closed('ada');
  while (looked() < 3) {
    while (pending() === 0) await Bun.sleep(1);
    work();
    expect(sent.length).toBe(looked() < 3 ? 0 : 1);
  }
});

test('where there is no turn, the next bet brings it', () => {
  const { closed, house, work, sent } = news();
  house.full = true;
  closed('ada');
  work();
  expect(sent).toEqual([]);
  house.full = false;
  closed('ada');
  work();
  expect(sent).toEqual(['page of ada: 2 bets']);
});

test('at midnight everybody with a page gets a new day, whose page is gone by then nothing', () => {
  const { news: watch, clock, work, sent, connections, ben } = news();
  watch.watchMidnight();
  clock.now = MIDNIGHT - 1;
  watch.watchMidnight();
  work();
  expect(sent).toEqual([]);
  clock.now = MIDNIGHT;
  watch.watchMidnight();
  watch.watchMidnight();
  connections.remove(ben);
  work();
  expect(sent).toEqual(['page of ada: 2 bets']);
});
