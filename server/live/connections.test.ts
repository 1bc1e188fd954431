import { expect, test } from 'bun:test';
import type { Session } from '../game/session.ts';
import type { Connection, SocketCaller } from './connection.ts';
import { Connections } from './connections.ts';

const open = (caller: Partial<SocketCaller>): Connection =>
  ({
    caller: { kind: 'page', session: null, address: '192.0.2.1', isGuest: false, ...caller },
  }) as Connection;
const session = (accountId: string) => ({ accountId }) as Session;

test('people are counted once, however many pages they have open; programs and pages of other sites are none', () => {
  const connections = new Connections();
  const rows: readonly (readonly [Partial<SocketCaller>, number])[] = [
    [{}, 1],
    [{}, 1],
    [{ address: '192.0.2.2' }, 2],
    [{ session: session('ada') }, 3],
    [{ session: session('ada'), address: '192.0.2.9' }, 3],
    [{ session: session('bob') }, 4],
    [{ kind: 'stream', session: session('eve') }, 4],
    [{ kind: 'stream', address: '192.0.2.3' }, 4],
    [{ isGuest: true, address: '192.0.2.4' }, 4],
  ];
  const all = rows.map(([caller, people]) => {
    const connection = open(caller);
    connections.add(connection);
    expect([caller, connections.people]).toEqual([caller, people]);
    return connection;
  });
  const left = all.map((connection) => {
    expect(connections.remove(connection)).toBe(true);
    connections.remove(connection);
    return connections.people;
  });
  expect(left).toEqual([4, 3, 2, 2, 1, 0, 0, 0, 0]);
});
