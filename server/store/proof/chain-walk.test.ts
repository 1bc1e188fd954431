import { describe, expect, test } from 'bun:test';
import type { BatchRow } from '../rows/batch.ts';
import { entryLine, type EntryRow } from '../rows/entry.ts';
import type { TickRow } from '../rows/tick.ts';
import { sentenceOf, type Break } from './break.ts';
import { ledgerBreaks, posted, tickBreaks } from './chain-walk.ts';
import { batchHash, GENESIS_HASH, tickHash } from './hash.ts';
import { RowsByBatch } from './rows-by-batch.ts';

/** Four commits, each with a movement and the ticks that are named. */
const TICKS_OF: readonly (readonly number[])[] = [[1, 2], [], [3], [4, 5]];

const entryOf = (batch: number): EntryRow => ({
  id: batch * 10,
  batch,
  accountId: 'ada',
  at: batch,
  kind: 'grant',
  amount: 1,
  balanceAfter: batch,
  version: batch,
  betId: null,
});

interface Part {
  readonly batches: readonly BatchRow[];
  readonly entries: readonly EntryRow[];
  readonly ticks: readonly TickRow[];
}

const WHOLE = chain();

function chain(): Part {
  const batches: BatchRow[] = [];
  const ticks: TickRow[] = [];
  for (const [index, seqs] of TICKS_OF.entries()) {
    const seq = index + 1;
    const before = batches.at(-1);
    const texts = seqs.map((tick) => ({ seq: tick, at: tick, price: 100, sources: 'walk=100' }));
    const head = before?.tickHash ?? GENESIS_HASH;
    const tickHead = texts.length === 0 ? head : tickHash(head, texts);
    ticks.push(
      ...texts.map((tick, at) => ({ ...tick, batch: seq, hash: at === texts.length - 1 ? tickHead : null })),
    );
    const previousHash = before?.hash ?? GENESIS_HASH;
    const hash = batchHash(seq, seq, previousHash, {
      bets: [],
      locks: [],
      entries: [entryLine(entryOf(seq))],
      revisions: [],
      shadow: [],
      actions: [],
      tickHash: tickHead,
    });
    batches.push({ seq, at: seq, previousHash, hash, tickHash: tickHead });
  }
  return { batches, entries: batches.map(({ seq }) => entryOf(seq)), ticks };
}

/** All that a walk gives, and what it comes to. */
function walked<End>(walk: Generator<Break, End>): { readonly heard: readonly string[]; readonly end: End } {
  const heard: string[] = [];
  for (;;) {
    const { done, value } = walk.next();
    if (done === true) return { heard, end: value };
    heard.push(sentenceOf(value));
  }
}

const none = <Row>(): RowsByBatch<Row> => new RowsByBatch<Row>([], () => 0);
const ledgerOf = ({ batches, entries }: Part, before = { seq: 0, hash: GENESIS_HASH }) =>
  walked(
    ledgerBreaks(before, {
      batches,
      bets: none(),
      locks: none(),
      entries: new RowsByBatch(
        posted(entries, () => null),
        ({ entry }) => entry.batch,
      ),
      revisions: none(),
      shadow: none(),
      actions: none(),
    }),
  );
const ticksOf = ({ batches, ticks }: Part) =>
  walked(
    tickBreaks(
      { hash: GENESIS_HASH, tick: { seq: 0, at: 0 } },
      batches,
      new RowsByBatch(ticks, ({ batch }) => batch),
    ),
  );

/** The whole with one row of a kind changed, or without it. */
const changed = <Kind extends keyof Part>(
  kind: Kind,
  number: number,
  over: Partial<Part[Kind][number]> | null,
): Part => ({
  ...WHOLE,
  [kind]: WHOLE[kind].flatMap((row, index) =>
    index !== number ? [row] : over === null ? [] : [{ ...row, ...over }],
  ),
});

describe('the walk of the ledger chain', () => {
  test('finds nothing in what was written, from the first link or from a later one, and ends with the last', () => {
    const last = WHOLE.batches.at(-1)!;
    expect(ledgerOf(WHOLE)).toEqual({ heard: [], end: last });
    const part = { ...WHOLE, batches: WHOLE.batches.slice(2), entries: WHOLE.entries.slice(2) };
    expect(ledgerOf(part, WHOLE.batches[1])).toEqual({ heard: [], end: last });
  });

  const HASH = /^batch 2 does not have the hash of its rows: ledger rows 20$/;
  const CASES: readonly (readonly [what: string, part: Part, heard: readonly RegExp[]])[] = [
    ['a changed row, once', changed('entries', 1, { amount: 2 }), [HASH]],
    [
      'a row that is gone',
      changed('entries', 1, null),
      [/^batch 2 does not have the hash of its rows: none are there$/],
    ],
    [
      'a row of another batch, from there on',
      changed('entries', 1, { batch: 1 }),
      [/^batch 1 .*: ledger rows 10 to 20$/, /^batch 2 .*: none are there$/],
    ],
    [
      'a row that stands behind one of a later batch',
      { ...WHOLE, entries: [0, 2, 1, 3].map((index) => WHOLE.entries[index]!) },
      [
        /^batch 2 does not have the hash/,
        /^batch 3 has a row that says it is of batch 2$/,
        /^batch 3 does not have the hash/,
      ],
    ],
    [
      'a replaced hash, and who names it',
      changed('batches', 1, { hash: 'f'.repeat(64) }),
      [
        HASH,
        /^batch 3 does not name the hash of batch 2$/,
        /^batch 3 does not have the hash of its rows: ledger rows 30$/,
      ],
    ],
    [
      'a batch that is gone',
      changed('batches', 1, null),
      [
        /^batch 3 has a row that says it is of batch 2$/,
        /^batch 3 follows batch 1$/,
        /^batch 3 does not name the hash of batch 1$/,
        /^batch 3 does not have the hash of its rows: ledger rows 20 to 30$/,
      ],
    ],
    [
      'rows without their batch at the end',
      changed('batches', 3, null),
      [/^ledger have rows of batch 4, after the last batch 3$/],
    ],
  ];
  test.each(CASES)('tells of %s', (_, part, heard) => {
    const { heard: found } = ledgerOf(part);
    expect(found).toEqual(heard.map((sentence) => expect.stringMatching(sentence)));
  });
});

describe('the walk of the tick chain', () => {
  test('finds nothing in what was written, and ends with the head', () =>
    expect(ticksOf(WHOLE)).toEqual({ heard: [], end: WHOLE.batches.at(-1)!.tickHash }));

  const UNNAMED = /^batch 1 does not name the head of the tick chain$/;
  const CASES: readonly (readonly [what: string, part: Part, heard: readonly RegExp[]])[] = [
    [
      'a changed price, once',
      changed('ticks', 0, { price: 101 }),
      [/^tick 2 does not have the hash of ticks 1 to 2$/, UNNAMED],
    ],
    [
      'sources that say the same in other letters',
      changed('ticks', 0, { sources: 'walk=0100' }),
      [/^tick 2 does not have the hash/, UNNAMED],
    ],
    [
      'a tick that is gone',
      changed('ticks', 0, null),
      [/^tick 2 follows tick 0$/, /^tick 2 does not have the hash of ticks 2 to 2$/, UNNAMED],
    ],
    ['a hash too many', changed('ticks', 0, { hash: 'ff' }), [/^tick 1 carries a hash and is not the last/]],
    [
      'a tick before its time',
      changed('ticks', 1, { at: 0 }),
      [/^tick 2 is earlier than tick 1$/, /^tick 2 does not have the hash/, UNNAMED],
    ],
    [
      'a tick of another batch',
      changed('ticks', 2, { batch: 2 }),
      [/^batch 2 does not name the head/, /^batch 3 does not name the head/],
    ],
    [
      'ticks without their batch at the end',
      changed('batches', 3, null),
      [/^ticks have rows of batch 4, after the last one$/],
    ],
  ];
  test.each(CASES)('tells of %s', (_, part, heard) => {
    const { heard: found } = ticksOf(part);
    expect(found).toEqual(heard.map((sentence) => expect.stringMatching(sentence)));
  });
});
