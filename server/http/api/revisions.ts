import { Type } from '@sinclair/typebox';
import type { GridRevision } from '../../game/revision.ts';
import { DriftShape } from '../../ports/receipt-shape.ts';
import { endpoint } from '../endpoint.ts';
import { NO_STORE, ok, publicFor } from '../reply.ts';
import { cents, count, hundredths, PauseReason, time } from '../shape.ts';

const PAGE_REVISIONS_MAX = 100;
/** Revisions are never changed: a page of them may be kept. */
const CACHE_SECONDS = 300;

const factor = (description: string) => Type.Number({ description });
const RevisionShape = Type.Object({
  revision: count('Counts up from 1'),
  at: time('When it was made'),
  tickSeq: count('The tick it is based on'),
  model: Type.Union([Type.Literal(1), Type.Literal(2)], { description: 'Version of the odds model' }),
  spot: cents('Price of that tick'),
  v10: factor('Variance per second at a 10 s lag, bp²'),
  vf: factor('Its fast component, bp² per second'),
  cw: factor('Share of v10 that counts inside a window'),
  scaleBp: Type.Optional(factor("Model 2: scale of the price's moves, bp per √s")),
  drift: Type.Optional(DriftShape),
  learned: Type.Optional(count('Model 2: the block of the shadow book that it had learned up to')),
  edge: factor('0.05 is 5 %'),
  margin: factor('Added to the probability'),
  capHundredths: hundredths('Highest multiplier'),
  headline: Type.Optional(time('The entry of the news calendar that widened the edge')),
  tickMs: count('Time between two ticks, ms'),
  columns: Type.Array(
    Type.Object({
      start: time('Opening'),
      windowMs: count('Length, ms'),
      band: count('Height of a row, cents'),
      low: count('Lower end of the lowest row, cents'),
      haircut: factor('Share taken off its multipliers'),
    }),
  ),
  pause: PauseReason,
});

export const revisions = endpoint({
  method: 'GET',
  path: '/api/v1/revisions',
  title: 'Read grid revisions',
  about:
    `Everything a revision of the grid depended on, by number: \`from\` ≤ revision ≤ \`to\`, ` +
    `at most ${PAGE_REVISIONS_MAX}; without \`from\` the newest ones. ` +
    'From it you can recompute every multiplier shown or locked at that time.',
  access: 'open',
  query: Type.Object({
    from: Type.Optional(count('the number of a revision')),
    to: Type.Optional(count('the number of a revision')),
  }),
  answers: {
    200: {
      about: 'Revisions, oldest first; those that do not exist or are no longer kept are left out',
      schema: Type.Object({ revisions: Type.Array(RevisionShape) }),
      example: {
        revisions: [
          {
            revision: 48_213,
            at: 1_781_481_600_000,
            tickSeq: 96_427,
            model: 1,
            spot: 7_604_185,
            v10: 0.61,
            vf: 0.02,
            cw: 0.65,
            edge: 0.05,
            margin: 0.004,
            capHundredths: 2500,
            tickMs: 100,
            columns: [{ start: 1_781_481_610_000, windowMs: 5000, band: 1000, low: 7_596_000, haircut: 0 }],
            pause: null,
          },
        ],
      },
    },
  },
  refusals: [],
  run: ({ deps, query }) => {
    const newest = deps.house.board()?.revision.revision ?? 0;
    const from = query.from ?? Math.max(1, (query.to ?? newest) - PAGE_REVISIONS_MAX + 1);
    const to = query.to ?? (query.from === undefined ? newest : from);
    const last = Math.min(to, from + PAGE_REVISIONS_MAX - 1);
    const found: GridRevision[] = [];
    for (let number = from; number <= last; number++) {
      const revision = deps.books.revision(number);
      if (revision !== null) found.push(revision);
    }
    return ok(
      { revisions: found.map(toJson) },
      (query.from ?? query.to) !== undefined && found.length === last - from + 1
        ? publicFor(CACHE_SECONDS)
        : NO_STORE,
    );
  },
});

function toJson({ revision, at, tickSeq, inputs, columns, pause, headline }: GridRevision) {
  const { model, spot, v10, vf, cw, edge, margin, capHundredths, tickMs } = inputs;
  return {
    revision,
    at,
    tickSeq,
    model,
    spot,
    v10,
    vf,
    cw,
    edge,
    margin,
    capHundredths,
    ...(headline !== undefined && { headline }),
    tickMs,
    ...(inputs.model === 2
      ? { scaleBp: inputs.scaleBp, drift: inputs.drift, learned: inputs.learned.version }
      : {}),
    columns: columns.map(({ start, windowMs, band, low, haircut }) => ({
      start,
      windowMs,
      band,
      low,
      haircut,
    })),
    pause,
  };
}
