import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { Boards } from './boards.js';

interface Option {
  readonly dataset: { readonly board: string; readonly window: string };
  readonly marks: Map<string, string>;
}

const page = globalThis as unknown as Record<string, unknown>;
const names = ['document', 'history', 'location'] as const;
const before = names.map((name) => page[name]);
let options: Option[];
beforeAll(() => {
  page['document'] = {
    getElementById: () => ({ setAttribute() {}, removeAttribute() {}, addEventListener() {} }),
    querySelectorAll: () => options,
    addEventListener() {},
    cookie: '',
  };
  page['history'] = { replaceState() {} };
  page['location'] = { hash: '' };
});
afterAll(() => names.forEach((name, i) => (page[name] = before[i])));
beforeEach(() => {
  options = (
    [
      ['quick', 2000],
      ['normal', 5000],
      ['long', 15_000],
    ] as const
  ).map(([board, windowMs]) => {
    const marks = new Map<string, string>();
    return {
      dataset: { board, window: String(windowMs) },
      marks,
      querySelector: () => ({ textContent: board }),
      setAttribute: (name: string, value: string) => marks.set(name, value),
      removeAttribute: (name: string) => marks.delete(name),
    };
  });
});

/** The boards of a page that shows windows of 5 s, and what it sends while its line stands. */
function open() {
  const sent: (string | undefined)[] = [];
  const link = {
    stands: true,
    address: '/live',
    send({ board }: { board?: string }) {
      if (link.stands) sent.push(board);
      return link.stands;
    },
  };
  const cells = { windowMs: 5000 };
  const boards = new Boards({ cells, link, changed() {}, say() {} } as never);
  const choose = (name: string) =>
    boards.choose(options.find(({ dataset }) => dataset.board === name) as never);
  /** A snapshot of the board that was asked for last has come. */
  const arrives = (windowMs: number) => {
    cells.windowMs = windowMs;
    boards.settled(true);
  };
  return { boards, link, sent, choose, arrives };
}

const chosen = () =>
  options.filter(({ marks }) => marks.get('aria-checked') === 'true').map(({ dataset }) => dataset.board);

test('one change is under way at a time, and the last that was chosen wins', () => {
  const { boards, sent, choose, arrives, link } = open();
  for (const name of ['quick', 'long', 'quick', 'long', 'long']) choose(name);
  expect(sent).toEqual(['quick']);
  expect([boards.changing, chosen(), link.address]).toEqual([true, ['long'], '/live?board=long']);
  arrives(2000);
  expect(sent).toEqual(['quick', 'long']);
  arrives(15_000);
  expect([boards.changing, sent.length]).toEqual([false, 2]);
});

test('what is chosen while the line is down is what the next one begins with', () => {
  const { boards, sent, choose, arrives, link } = open();
  link.stands = false;
  boards.lost();
  choose('quick');
  expect([sent, link.address]).toEqual([[], '/live?board=quick']);
  link.stands = true;
  arrives(2000);
  expect([boards.changing, sent]).toEqual([false, []]);
});

test('a line that was being opened brings the board of before, and then the other is asked for', () => {
  const { sent, choose, arrives, link } = open();
  link.stands = false;
  choose('quick');
  link.stands = true;
  arrives(5000);
  expect(sent).toEqual(['quick']);
});

test('a house that has no board yet is not asked again and again', () => {
  const { boards, sent, choose } = open();
  choose('quick');
  for (let i = 0; i < 50; i++) boards.settled(false);
  expect(sent).toEqual(['quick']);
});
