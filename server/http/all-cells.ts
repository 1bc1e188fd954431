import { Type } from '@sinclair/typebox';
import type { Kept } from '../game/learned/block-mean.ts';
import { LEAD_ENDS } from '../game/learned/cell-class.ts';
import { earnedBy, keptBy } from '../game/learned/earned.ts';
import { GATE_BUCKETS, TRUSTS } from '../game/learned/gate.ts';
import { BLOCK_MS } from '../game/learned/learner.ts';
import type { HttpDeps } from './deps.ts';
import { count, hundredths, orNull, time } from './shape.ts';

const BLOCKS_PER_HOUR = 3_600_000 / BLOCK_MS;
const HOURS_OF_DAY = 24;

const share = (description: string) => Type.Number({ description: `${description}, a share of a stake` });
const Figures = {
  cells: count('Cells'),
  quoted: orNull(share('Mean of multiplier × probability')),
  realised: orNull(share('Mean of multiplier × touched')),
  d: orNull(share('Realised less quoted')),
  h: orNull(share('Half width of the 95 % interval of d, by blocks of five minutes')),
};

export const AllCellsShape = Type.Object(
  {
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
      }),
    ),
    leads: Type.Array(Type.Object({ belowMs: orNull(count('Lead below')), ...Figures })),
    hours: Type.Array(Type.Object({ hour: count('Hour of the day, UTC'), ...Figures }), {
      description: 'Hours that have cells',
    }),
  },
  { description: 'All cells on offer in the last seven days, sold or not, by the shadow book.' },
);

const NOTHING = { cells: 0, quoted: null, realised: null, d: null, h: null } as const;
const figures = (kept: Kept | undefined) => kept ?? NOTHING;

/** What all cells on offer quoted and paid. */
export function allCellsOf({ house, books }: Pick<HttpDeps, 'house' | 'books'>) {
  const blocks = books.shadowReturns().filter(({ simulated }) => simulated === house.simulated);
  const offers = blocks.map(({ block, offers: sums }) => ({ block, sums }));
  const earned = earnedBy(blocks, BLOCK_MS);
  const buckets = keptBy(offers, ({ key }) => Math.floor(key / LEAD_ENDS.length));
  const leads = keptBy(offers, ({ key }) => key % LEAD_ENDS.length);
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
      earned: earned[bucket]!.trust,
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
