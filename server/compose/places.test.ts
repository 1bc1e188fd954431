import { describe, expect, test } from 'bun:test';
import { edgesOf, opsOrigins } from './places.ts';

const publicOrigin = 'https://taps.example';

describe('operators’ pages are used from', () => {
  test.each([
    ['the house’s own origin, of one process', { role: 'house', opsListen: '127.0.0.1:9465' } as const, []],
    [
      'the same, of an engine behind a proxy',
      { role: 'engine', opsListen: '/run/tapgrid/ops.sock' } as const,
      [],
    ],
    ['the same, where nothing is set', { role: 'engine', opsListen: null } as const, []],
    [
      'the port of this machine too, of an engine that shows them there',
      { role: 'engine', opsListen: '127.0.0.1:9465' } as const,
      ['http://localhost:9465', 'http://127.0.0.1:9465', 'http://[::1]:9465'],
    ],
  ])('%s', (_, config, more) =>
    expect(opsOrigins({ ...config, publicOrigin })).toEqual([publicOrigin, ...more]),
  );
});

test('auto leaves one core to the engine, and there is always an edge', () => {
  expect([1, 2, 8].map((cores) => edgesOf({ edges: 'auto' }, cores))).toEqual([1, 1, 7]);
  expect(edgesOf({ edges: 0 }, 8)).toBe(0);
});
