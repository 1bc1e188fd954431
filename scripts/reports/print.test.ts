import { expect, test } from 'bun:test';
import { EXIT } from '../command-line/exit-codes.ts';
import { CommandFailure } from '../command-line/failure.ts';
import { print } from './print.ts';
import type { Sheet } from './sheet.ts';

const SHEET: Sheet<number> = { columns: ['n'], lines: (n) => [[String(n)]], json: (n) => ({ n }) };

async function printed(json: boolean, pages: readonly (readonly number[] | Error)[], readersEnd = Infinity) {
  const parts: string[] = [];
  const shell = { answer: async (part: string) => parts.push(part) < readersEnd };
  async function* read() {
    for (const page of pages) {
      if (page instanceof Error) throw page;
      yield page;
    }
  }
  const outcome = await print({ sheet: SHEET, head: { of: 'all' }, pages: read() }, json, shell).catch(
    ({ code }: CommandFailure) => ({ thrown: code }),
  );
  return { text: parts.join(''), parts: parts.length, outcome };
}

const AWAY = new CommandFailure('archive_unreachable', 'It is away.', EXIT.undecided);

test('a list of nothing is a whole file', async () => {
  expect((await printed(false, [[], []])).text).toBe('n\r\n');
  expect(JSON.parse((await printed(true, [[], []])).text)).toEqual({ of: 'all', rows: [] });
});

test('what fails before there is a row prints nothing', async () => {
  for (const json of [true, false])
    expect(await printed(json, [[], AWAY])).toEqual({
      text: '',
      parts: 0,
      outcome: { thrown: 'archive_unreachable' },
    });
});

test('what fails later ends JSON with the error: it is JSON, and nobody takes it for all', async () => {
  const { text, outcome } = await printed(true, [[1, 2], AWAY]);
  expect(JSON.parse(text)).toEqual({
    of: 'all',
    rows: [{ n: 1 }, { n: 2 }],
    error: { code: 'archive_unreachable', message: 'It is away.' },
  });
  expect(outcome).toMatchObject({ exit: EXIT.undecided, trouble: { code: 'archive_unreachable' } });
  expect((await printed(false, [[1, 2], AWAY])).outcome).toMatchObject({ exit: EXIT.undecided });
});

test('nothing more is read once nobody reads', async () =>
  expect(await printed(true, [[1], [2], [3]], 2)).toMatchObject({ parts: 2, outcome: { exit: EXIT.ok } }));
