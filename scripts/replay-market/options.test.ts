import { describe, expect, test } from 'bun:test';
import { readOptions } from './options.ts';

const ok = (...args: string[]) => {
  const read = readOptions(args);
  if (!('ok' in read)) throw new Error(JSON.stringify(read));
  return read.ok;
};

describe('options of the replay', () => {
  test('a file alone plays all traders, with the lock on and off', () => {
    const { traders, locks, holdMs, ledger, stage, limitMinutes } = ok('a.csv.gz');
    expect(traders.map(({ name, leadMs }) => [name, leadMs])).toEqual([
      ['random', 0],
      ['momentum', 0],
      ['contrarian', 0],
      ['sniper:0.2', 200],
      ['sniper:0.5', 500],
      ['sniper:1', 1000],
    ]);
    expect({ locks, holdMs, ledger, stage, limitMinutes }).toEqual({
      locks: ['on', 'off'],
      holdMs: 400,
      ledger: 'full',
      stage: 'calibrated',
      limitMinutes: null,
    });
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
      '--stage',
      'first-weeks',
      '--watch-frozen',
      '--scale-price',
      '100',
      '--limit-minutes',
      '1.5',
      '--ledger',
      'none',
      '--seed',
      '7',
      '--json',
      'a.json',
      '--report',
      'a.md',
    );
    expect(options).toEqual({
      file: 'a.csv',
      traders: [{ name: 'sniper:2.5', kind: 'sniper', leadMs: 2500 }],
      locks: ['on'],
      holdMs: 250,
      tapsPerSecond: 0.5,
      tapFrom: 'start',
      stage: 'first-weeks',
      watchFrozen: true,
      scalePrice: 100,
      limitMinutes: 1.5,
      ledger: 'none',
      seed: 7,
      json: 'a.json',
      report: 'a.md',
    });
  });

  const BAD: readonly (readonly [words: string, ...args: string[]])[] = [
    ['the recording is missing'],
    ['one recording at a time', 'a.csv', 'b.csv'],
    ['--lock is on or off or both', 'a.csv', '--lock', 'maybe'],
    ['--hold is a whole number from 1 to 4000', 'a.csv', '--hold', '0'],
    ['--hold is a whole number from 1 to 4000', 'a.csv', '--hold', '1.5'],
    ['--taps-per-second is a number from 0.01 to 200', 'a.csv', '--taps-per-second', '1e3'],
    ['--limit-minutes is a number from 0.1 to 1000000', 'a.csv', '--limit-minutes', 'NaN'],
    ['--scale-price is a number from 0.001 to 100000', 'a.csv', '--scale-price', '0'],
    ['--seed is a whole number from 0 to 4294967295', 'a.csv', '--seed', '4294967296'],
    ['--stage is calibrated or first-weeks', 'a.csv', '--stage', ''],
    ['--tap-from is warm or start', 'a.csv', '--tap-from', 'never'],
    ['"sniper:0" is not a trader', 'a.csv', '--traders', 'random,sniper:0'],
    ['"sniper:11" is not a trader', 'a.csv', '--traders', 'sniper:11'],
    ['"" is not a trader', 'a.csv', '--traders', ''],
    ['each once', 'a.csv', '--traders', 'random,random'],
    ['ends in .html or .md', 'a.csv', '--report', 'a.pdf'],
    ['--nonsense', 'a.csv', '--nonsense'],
  ];
  test.each(BAD)('refused with "%s": %j %j %j', (words, ...args) => {
    const read = readOptions(args);
    expect('error' in read ? read.error : JSON.stringify(read)).toContain(words);
  });
});
