import { expect, test } from 'bun:test';
import { modelOf } from './cores-model.ts';

const AT = {
  perSecond: 5_000,
  accepted: 1,
  engineMicros: 80,
  engineLoopMicros: 25,
  edgeMicros: 70,
  edgeLoopMicros: 30,
  callsPerFrame: 5,
  p50Ms: 1,
  p99Ms: 5,
  oneProcessP50Ms: 1,
  oneProcessP99Ms: 5,
};

test('more cores help until one thread is full', () =>
  expect(modelOf([AT]).map(({ cores, edges, perSecond, limit }) => [cores, edges, perSecond, limit])).toEqual(
    [
      [1, 1, 6_667, 'processor'],
      [2, 1, 13_333, 'processor'],
      [4, 3, 18_182, 'writer'],
      [8, 7, 18_182, 'writer'],
    ],
  ));

test('one edge is full before more cores are', () =>
  expect(modelOf([{ ...AT, edgeMicros: 100, edgeLoopMicros: 95 }])[1]).toMatchObject({
    perSecond: 10_526,
    limit: 'edge loop',
  }));

test('what a rate takes of all cores is by its own figures', () => {
  const slow = { ...AT, perSecond: 1_000, engineMicros: 120, edgeMicros: 80 };
  expect(modelOf([slow, AT])[1]!.shares).toEqual([
    { perSecond: 1_000, share: 0.1 },
    { perSecond: 5_000, share: 0.38 },
  ]);
});
