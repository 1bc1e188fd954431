import { describe, expect, test } from 'bun:test';
import { readArguments } from '../command-line/arguments.ts';
import { replay } from '../commands/prices/replay.ts';
import { readOptions } from './options.ts';

const ok = (...args: string[]) => {
  const given = readArguments('replay', replay, args);
  if (given === 'help') throw new Error('help');
  return readOptions(
    given.words['recording']!,
    given.options as unknown as Parameters<typeof readOptions>[1],
  );
};

describe('options of the replay', () => {
  test('a file alone plays all traders, with the lock on and off', () => {
    const { traders, locks, holdMs, ledger, limitMinutes } = ok('a.csv.gz');
    expect(traders.map(({ name, leadMs }) => [name, leadMs])).toEqual([
      ['random', 0],
      ['momentum', 0],
      ['contrarian', 0],
      ['sniper:0.2', 200],
      ['sniper:0.5', 500],
      ['sniper:1', 1000],
    ]);
    expect({ locks, holdMs, ledger, limitMinutes }).toEqual({
      locks: ['on', 'off'],
      holdMs: 400,
      ledger: 'full',
      limitMinutes: null,
    });
  });

  test('all cells are looked at by everybody, with a hold that is longer than the longest lead', () => {
    const { traders, holdMs } = ok('a.csv.gz', '--all-cells');
    expect(traders.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['burst', 'near', 'far', 'sniper:1']),
    );
    expect(holdMs).toBe(1_100);
    expect(ok('a.csv.gz', '--all-cells', '--traders', 'random,sniper:0.2').holdMs).toBe(400);
    expect(ok('a.csv.gz', '--all-cells', '--hold', '250').holdMs).toBe(250);
  });

  test('each option is read', () => {
    const options = ok(
      'a.csv',
      '--traders',
      'sniper:2.5',
      '--lock',
      'on',
      '--hold',
      '250',
      '--taps-per-second',
      '0.5',
      '--tap-from',
      'start',
      '--watch-frozen',
      '--scale-price',
      '100',
      '--limit-minutes',
      '1.5',
      '--ledger',
      'none',
      '--seed',
      '7',
    );
    expect(options).toEqual({
      file: 'a.csv',
      traders: [{ name: 'sniper:2.5', kind: 'sniper', leadMs: 2500 }],
      locks: ['on'],
      holdMs: 250,
      tapsPerSecond: 0.5,
      tapFrom: 'start',
      watchFrozen: true,
      scalePrice: 100,
      limitMinutes: 1.5,
      ledger: 'none',
      seed: 7,
    });
  });

  const BAD: readonly (readonly [words: string, ...args: string[]])[] = [
    ['replay needs <recording>'],
    ['"b.csv" is one too many', 'a.csv', 'b.csv'],
    ['--lock must be one of: on, off, both, not maybe', 'a.csv', '--lock', 'maybe'],
    ['--hold must be a whole number from 1 to 20000', 'a.csv', '--hold', '0'],
    ['--hold must be a whole number from 1 to 20000', 'a.csv', '--hold', '1.5'],
    ['--taps-per-second must be a number from 0.01 to 200', 'a.csv', '--taps-per-second', '1e3'],
    ['--limit-minutes must be a number from 0.1 to 1000000', 'a.csv', '--limit-minutes', 'NaN'],
    ['--scale-price must be a number from 0.001 to 100000', 'a.csv', '--scale-price', '0'],
    ['--seed must be a whole number from 0 to 4294967295', 'a.csv', '--seed', '4294967296'],
    ['--tap-from must be warm or start', 'a.csv', '--tap-from', 'never'],
    ['"sniper:0" is not a trader', 'a.csv', '--traders', 'random,sniper:0'],
    ['"sniper:11" is not a trader', 'a.csv', '--traders', 'sniper:11'],
    ['"" is not a trader', 'a.csv', '--traders', 'random,'],
    ['each once', 'a.csv', '--traders', 'random,random'],
    ['--nonsense', 'a.csv', '--nonsense'],
  ];
  test.each(BAD)('refused with "%s": %j %j %j', (words, ...args) => {
    expect(() => ok(...args)).toThrow(words);
  });
});
