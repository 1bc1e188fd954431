import { describe, expect, test } from 'bun:test';
import { MESSAGE_LENGTH_MAX, opened, sealed, Sequence } from './envelope.ts';

test('what was sealed is opened', () => {
  const envelope = { run: 'a', seq: 3, data: { price: 7_600_000, 'key"': 'ü\n' } };
  expect(opened(sealed(envelope))).toEqual(envelope);
});

test.each([
  '',
  'x',
  'null',
  '[]',
  '7',
  '{"run":1,"seq":1}',
  '{"run":"a","seq":0}',
  '{"run":"a","seq":1.5}',
  '{"run":"a","seq":"1"}',
  '{"run":"a"}',
  '{"run":"a","seq":1',
  `"${'x'.repeat(MESSAGE_LENGTH_MAX)}"`,
])('%.40s is no message of ours', (text) => expect(opened(text)).toBeNull());

describe('a sequence', () => {
  const rows: readonly [name: string, heard: readonly [run: string, seq: number][], last: string][] = [
    ['begins at 1', [['a', 1]], 'next'],
    [
      'goes on',
      [
        ['a', 1],
        ['a', 2],
      ],
      'next',
    ],
    ['begun in the middle has missed the beginning', [['a', 5]], 'gap'],
    [
      'with a hole',
      [
        ['a', 1],
        ['a', 3],
      ],
      'gap',
    ],
    [
      'after a hole goes on',
      [
        ['a', 1],
        ['a', 3],
        ['a', 4],
      ],
      'next',
    ],
    [
      'twice',
      [
        ['a', 1],
        ['a', 2],
        ['a', 2],
      ],
      'old',
    ],
    [
      'late',
      [
        ['a', 1],
        ['a', 3],
        ['a', 2],
      ],
      'old',
    ],
    [
      'of a sender that began anew',
      [
        ['a', 7],
        ['b', 1],
      ],
      'next',
    ],
    [
      'of two senders',
      [
        ['a', 1],
        ['b', 1],
        ['a', 2],
      ],
      'next',
    ],
  ];
  test.each(rows)('%s', (_, heard, last) => {
    const sequence = new Sequence();
    expect(heard.map(([run, seq]) => sequence.hear({ run, seq })).at(-1)).toBe(last as 'next');
  });

  test('forgets senders that have not been heard for long', () => {
    const sequence = new Sequence();
    for (let run = 0; run < 100; run++) sequence.hear({ run: `${run}`, seq: 1 });
    expect([sequence.hear({ run: '0', seq: 2 }), sequence.hear({ run: '99', seq: 2 })]).toEqual([
      'gap',
      'next',
    ]);
  });
});
