import { Type, type Static } from '@sinclair/typebox';
import { boardNamed, namedBoards } from '../../game/boards.ts';
import { STAKE_STEP, stakeRange } from '../../game/stake.ts';
import type { HttpDeps } from '../deps.ts';
import { BoardQuery, unknownBoard } from '../board-query.ts';
import { endpoint } from '../endpoint.ts';
import { isUnchanged } from '../etag.ts';
import { Rendered } from '../rendered.ts';
import { ok } from '../reply.ts';
import {
  amount,
  cents,
  count,
  HeadlineShape,
  hundredths,
  MaintenanceShape,
  oneOf,
  orNull,
  PauseReason,
  time,
} from '../shape.ts';

const GridShape = Type.Object({
  revision: count('Number of this revision of the grid; taps name it'),
  at: time('When it was priced'),
  origin: Type.String({ description: 'Part of the text that taps sign, exactly as here' }),
  simulated: Type.Boolean({ description: 'Prices are recorded or synthetic: play money only' }),
  windowMs: count('Length of a column, ms'),
  boards: Type.Array(
    Type.Object({
      windowMs: count('Length of its columns, ms'),
      name: Type.String({ description: 'As `board` takes it' }),
    }),
    { description: 'All boards of the house, by length of their columns' },
  ),
  rows: count('Rows of a column'),
  tick: Type.Object({
    seq: count('Number of the tick'),
    at: time('When it was made'),
    price: cents('Price'),
  }),
  stakes: Type.Array(amount('A preset')),
  stakeMin: amount('The lowest stake'),
  stakeMax: amount('The highest stake'),
  stakeStep: amount('A stake that is no preset is a multiple of this'),
  betsPerCellMax: count('Bets of one account on one cell'),
  holdMs: count('From placing to locking, ms; 0: filled as shown'),
  quoteTtlMs: count('Greatest age of the revision that a tap names, ms'),
  deadlineMsMax: count("How far ahead a tap's deadline may be, ms"),
  tapsMax: count('Taps that may share one signature'),
  state: oneOf(['closed', 'degraded', 'open'], 'Of the circuit breaker; open: no taps'),
  pause: PauseReason,
  maintenance: MaintenanceShape,
  headline: HeadlineShape,
  columns: Type.Array(
    Type.Object(
      {
        start: time('Opening of the window'),
        band: count('Height of a row, cents'),
        low: cents('Lower end of row 0'),
        locked: Type.Boolean({ description: 'No longer takes taps' }),
        multipliers: Type.Array(orNull(hundredths('Multiplier; null: no bets taken'))),
      },
      { description: 'Row i is [low + i·band, low + (i+1)·band], both ends inside' },
    ),
  ),
});

const EXAMPLE = {
  revision: 48_213,
  at: 1_781_481_600_000,
  origin: 'https://taps.example',
  simulated: false,
  windowMs: 5000,
  boards: [
    { windowMs: 2000, name: 'quick' },
    { windowMs: 5000, name: 'normal' },
    { windowMs: 15_000, name: 'long' },
  ],
  rows: 4,
  tick: { seq: 96_427, at: 1_781_481_600_000, price: 7_604_185 },
  stakes: [1_000_000, 5_000_000, 10_000_000],
  stakeMin: 1_000_000,
  stakeMax: 10_000_000,
  stakeStep: 10_000,
  betsPerCellMax: 5,
  holdMs: 400,
  quoteTtlMs: 2000,
  deadlineMsMax: 30_000,
  tapsMax: 16,
  state: 'closed',
  pause: null,
  maintenance: null,
  headline: null,
  columns: [
    {
      start: 1_781_481_610_000,
      band: 1000,
      low: 7_602_000,
      locked: false,
      multipliers: [235, 142, null, 188],
    },
  ],
};

export const grid = endpoint({
  method: 'GET',
  path: '/api/v1/grid',
  title: 'Read the grid',
  about:
    'All columns and multipliers of one board at the newest revision: of the one that `board` names, ' +
    'else of the one whose columns are nearest to five seconds. With `If-None-Match` the response is 304 ' +
    'while nothing has changed.',
  access: 'open',
  query: Type.Object({ board: Type.Optional(BoardQuery) }),
  answers: {
    200: { about: 'The grid', schema: GridShape, example: EXAMPLE },
    304: { about: 'Unchanged since the given ETag', schema: Type.Null(), example: null },
  },
  refusals: ['unknown_board', 'halted'],
  run: ({ deps, headers, query }) => {
    const named = query.board === undefined ? null : boardNamed(deps.rules.windows, query.board);
    if (query.board !== undefined && named === null) return unknownBoard(deps.rules.windows);
    const board = deps.house.board(named?.windowMs);
    if (board === null)
      return {
        code: 'halted',
        message: 'No price yet; the grid opens with the first one.',
        retryAfterMs: 1000,
      };
    const { state } = deps.house.health();
    const maintenance = deps.house.maintenance();
    const planned = maintenance === null ? '' : `-${maintenance.from}-${maintenance.until}`;
    const headline = deps.house.calendar().notice;
    const news = headline === null ? '' : `-${headline.at}-${headline.running}`;
    const etag = `W/"${board.revision.revision}-${board.windowMs}-${state}${planned}${news}"`;
    const caching = { etag, 'cache-control': 'no-cache' };
    return isUnchanged(headers, etag)
      ? new Response(null, { status: 304, headers: caching })
      : ok(renderedOf(deps, board, { state, maintenance, headline }), caching);
  },
});

type Board = NonNullable<ReturnType<HttpDeps['house']['board']>>;

type Around = Pick<Static<typeof GridShape>, 'state' | 'maintenance' | 'headline'>;

const RENDERED = new WeakMap<Board, Around & { readonly rendered: Rendered }>();

/** The same for everybody, so it is written once for each board; with the board it is forgotten. */
function renderedOf(deps: HttpDeps, board: Board, around: Around): Rendered {
  const known = RENDERED.get(board);
  const isKnown =
    known?.state === around.state &&
    known.maintenance === around.maintenance &&
    known.headline === around.headline;
  if (isKnown) return known.rendered;
  const rendered = new Rendered(JSON.stringify(toJson(deps, board, around)));
  RENDERED.set(board, { ...around, rendered });
  return rendered;
}

function toJson({ house, rules, origin }: HttpDeps, board: Board, { state, maintenance, headline }: Around) {
  const { revision, tick, windowMs, rows } = board;
  const { min, max } = stakeRange(rules.stakes);
  return {
    revision: revision.revision,
    at: revision.at,
    origin,
    simulated: house.simulated,
    windowMs,
    boards: namedBoards(rules.windows),
    rows,
    tick: { seq: tick.seq, at: tick.at, price: tick.price },
    stakes: rules.stakes,
    stakeMin: min,
    stakeMax: max,
    stakeStep: STAKE_STEP,
    betsPerCellMax: rules.betsPerCellMax,
    holdMs: rules.holdMs,
    quoteTtlMs: rules.quoteTtlMs,
    deadlineMsMax: rules.deadlineMsMax,
    tapsMax: rules.tapsPerSignatureMax,
    state,
    pause: revision.pause,
    maintenance,
    headline,
    columns: board.columns.map(({ start, band, low, locked, multipliers }) => ({
      start,
      band,
      low,
      locked,
      multipliers,
    })),
  };
}
