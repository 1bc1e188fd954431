import { Type } from '@sinclair/typebox';
import { LEAD_ENDS } from '../game/learned/cell-class.ts';
import {
  earnedBy,
  keptBy,
  shownHalfWidth,
  type BlocksKept,
  type EarnedBucket,
} from '../game/learned/earned.ts';
import { CLOSED_BECAUSE, closedBecause, GATE_BUCKETS, TRUSTS } from '../game/learned/gate.ts';
import { BLOCK_MS } from '../game/learned/learner.ts';
import { indexOfBoard } from '../game/learned/learned-after.ts';
import { evidenceOf, offerOf } from '../game/learned/shadow-sums.ts';
import { defaultWindow, namedBoards } from '../game/boards.ts';
import { present } from '../game/present.ts';
import type { ShadowReturns } from '../game/learned/shadow-watch.ts';
import type { Books } from '../ports/books.ts';
import { count, hundredths, orNull, time } from './shape.ts';

const BLOCKS_PER_HOUR = 3_600_000 / BLOCK_MS;
const HOURS_OF_DAY = 24;

const share = (description: string) => Type.Number({ description: `${description}, a share of a stake` });
const Figures = {
  cells: count('Cells'),
  quoted: orNull(share('Mean of multiplier × probability')),
  realised: orNull(share('Mean of multiplier × touched')),
  d: orNull(share('Realised less quoted')),
  h: orNull(
    share(
      'Half width of the 95 % interval of d, by blocks of five minutes; null by less than two hours of them',
    ),
  ),
};

/** Of one board. */
const BOARD_CELLS = {
  windowMs: orNull(count('Length of its columns, ms; null before the first block')),
  from: orNull(time('Beginning of the oldest block')),
  to: orNull(time('End of the newest')),
  all: Type.Object(Figures),
  buckets: Type.Array(
    Type.Object({
      from: hundredths('Multiplier at least'),
      to: hundredths('Multiplier below'),
      ...Figures,
      earned: Type.Union(
        TRUSTS.map((trust) => Type.Literal(trust)),
        { description: 'What all cells that ordinary margins would put here have earned in seven days' },
      ),
      closedBecause: orNull(
        Type.Union(
          CLOSED_BECAUSE.map((reason) => Type.Literal(reason)),
          { description: 'Why it takes no bets, if it takes none' },
        ),
      ),
      evidence: Type.Object(Figures, {
        description: 'Of those cells, on offer or not, by ordinary margins',
      }),
    }),
  ),
  leads: Type.Array(Type.Object({ belowMs: orNull(count('Lead below')), ...Figures })),
  hours: Type.Array(Type.Object({ hour: count('Hour of the day, UTC'), ...Figures }), {
    description: 'Hours that have cells',
  }),
};

export const AllCellsShape = Type.Object(
  {
    ...BOARD_CELLS,
    boards: Type.Array(
      Type.Object({ ...BOARD_CELLS, name: Type.String({ description: 'As in `GET /api/v1/grid`' }) }),
      { description: 'The same of each board, by length of their columns' },
    ),
  },
  {
    description:
      'All cells on offer in the last seven days, sold or not, by the shadow book: of the default board, ' +
      'and of each in `boards`.',
  },
);

const NOTHING = { cells: 0, quoted: null, realised: null, d: null, h: null } as const;

function figures(kept: BlocksKept | undefined) {
  if (kept === undefined) return NOTHING;
  const { cells, quoted, realised, d } = kept;
  return { cells, quoted, realised, d, h: shownHalfWidth(kept) };
}

export type AllCellsFigures = ReturnType<typeof figuresOf>;

/** The newest figures: the books give the same blocks until there is another one. */
const known = new WeakMap<readonly ShadowReturns[], Map<boolean, AllCellsFigures>>();

/**
 * What all cells on offer quoted and paid.
 * @param simulated of which kind of prices.
 */
export function allCellsOf(books: Pick<Books, 'shadowReturns'>, simulated: boolean): AllCellsFigures {
  const blocks = books.shadowReturns();
  const found = known.get(blocks)?.get(simulated);
  if (found !== undefined) return found;
  const figures = figuresOf(blocks.filter((block) => block.simulated === simulated));
  known.set(blocks, (known.get(blocks) ?? new Map()).set(simulated, figures));
  return figures;
}

/** The boards are those of the newest block. */
function figuresOf(blocks: readonly ShadowReturns[]) {
  const windows = blocks.at(-1)?.windows ?? [];
  const boards = namedBoards(windows).map((board) => ({
    ...board,
    ...boardFigures(blocks, windows, board.windowMs),
  }));
  const usual = boards.find(({ windowMs }) => windowMs === defaultWindow(windows));
  const { name: _, ...figures } = usual ?? { name: '', windowMs: null, ...boardFigures([], [], 0) };
  return { ...figures, boards };
}

/** What of a block is about one board; null where it has none of that. */
function ofBoard(
  { block, windows, evidence, offers }: ShadowReturns,
  boards: readonly number[],
  windowMs: number,
) {
  const board = indexOfBoard(windows, windowMs, boards.length === 1);
  return board < 0
    ? []
    : [
        {
          block,
          evidence: evidenceOf(evidence, board),
          sums: offers.filter(({ key }) => offerOf(key).board === board),
        },
      ];
}

function boardFigures(all: readonly ShadowReturns[], windows: readonly number[], windowMs: number) {
  const blocks = all.flatMap((block) => ofBoard(block, windows, windowMs));
  const offers = blocks;
  const earned = earnedBy(blocks, BLOCK_MS);
  const buckets = keptBy(offers, ({ key }) => offerOf(key).bucket);
  const leads = keptBy(offers, ({ key }) => offerOf(key).lead);
  const hours = keptBy(offers, (_, block) => Math.floor(block / BLOCKS_PER_HOUR) % HOURS_OF_DAY);
  const [first, last] = [blocks[0], blocks.at(-1)];
  return {
    from: first === undefined ? null : first.block * BLOCK_MS,
    to: last === undefined ? null : (last.block + 1) * BLOCK_MS,
    all: figures(keptBy(offers, () => 'all').get('all')),
    buckets: GATE_BUCKETS.map(({ from, to }, bucket) => ({
      from,
      to,
      ...figures(buckets.get(bucket)),
      ...judgementOf(present(earned[bucket], 'bucket')),
    })),
    leads: LEAD_ENDS.map((end, lead) => ({
      belowMs: end === Infinity ? null : end,
      ...figures(leads.get(lead)),
    })),
    hours: [...hours]
      .sort(([one], [other]) => one - other)
      .map(([hour, kept]) => ({ hour, ...figures(kept) })),
  };
}

const judgementOf = ({ trust, evidence }: EarnedBucket) => ({
  earned: trust,
  closedBecause: trust === 'closed' ? closedBecause(evidence) : null,
  evidence: figures(evidence ?? undefined),
});
