import { Type } from '@sinclair/typebox';
import { rejection } from '../../game/rejection.ts';
import { CellText } from '../../ports/signed-taps.ts';
import {
  amount,
  BetStatus,
  cents,
  Code,
  count,
  ErrorShape,
  hundredths,
  HeadlineShape,
  MaintenanceShape,
  orNull,
  PauseReason,
  time,
  VoidReason,
} from '../shape.ts';
import { RestrictionShape } from './account.ts';
import { bets } from './bets.ts';
import { CROWD_EXAMPLE, CROWD_FIELDS } from './crowd.ts';
import { taps } from './taps.ts';

const seq = count('Public messages are numbered without gaps; after a gap, request a snapshot');
const revision = orNull(count('Of the grid; null in all parts of a change except the last'));
const gridFields = {
  type: Type.Literal('grid'),
  seq,
  revision,
  at: time('When it was priced'),
  pause: PauseReason,
};

const TAPS_BODY = taps.body!;
const TAPS_ANSWER = taps.answers[200]!;
const BET_EXAMPLE = (
  bets.answers[200]!.example as { readonly bets: readonly Readonly<Record<string, unknown>>[] }
).bets[0]!;
const { nonce } = TAPS_BODY.example as { readonly nonce: string };

const BetShape = Type.Object({
  id: Type.String(),
  cell: CellText,
  stake: amount('Stake'),
  multiplier: hundredths('As shown'),
  lockedMultiplier: orNull(hundredths('As locked')),
  status: BetStatus,
  payout: amount('What came back'),
  placedAt: time('When it was durable'),
  closedAt: orNull(time('When it was closed')),
  reason: VoidReason,
});

const betExample = Object.fromEntries(
  Object.keys(BetShape.properties).map((name) => [name, BET_EXAMPLE[name]]),
);

export const STREAM_SENT = {
  taps: {
    about: 'An order as for `POST /api/v1/taps`, with `"type": "taps"`. The answer follows the commit.',
    schema: Type.Composite([Type.Object({ type: Type.Literal('taps') }), TAPS_BODY.schema as never]),
    example: { type: 'taps', ...(TAPS_BODY.example as object) },
  },
  snapshot: {
    about: 'Requests the whole grid again.',
    schema: Type.Object({ type: Type.Literal('snapshot') }),
    example: { type: 'snapshot' },
  },
  board: {
    about:
      'Changes to another board, by its name or the length of its columns in ms; hello and its whole grid ' +
      'follow, and from then on its changes in place of those of the board before. A stream begins with ' +
      'the board that `?board=` names, else with the default one.',
    schema: Type.Object({
      type: Type.Literal('board'),
      board: Type.String({ maxLength: 16, description: 'As in `GET /api/v1/grid`' }),
    }),
    example: { type: 'board', board: 'quick' },
  },
} as const;

export const STREAM_RECEIVED = {
  hello: {
    about:
      'The first message, also of a snapshot and after a change of boards. `accountId` is null without a ' +
      'session.',
    schema: Type.Object({
      type: Type.Literal('hello'),
      seq,
      windowMs: count('Length of a column of this board, ms'),
      simulated: Type.Boolean(),
      accountId: orNull(Type.String()),
    }),
    example: {
      type: 'hello',
      seq: 5120,
      windowMs: 5000,
      simulated: false,
      accountId: '0190a5c2-6b1e-7c3a-9d57-3f6f0a1b2c3d',
    },
  },
  maintenance: {
    about:
      'The operator announced or cancelled a maintenance, or it starts or ends; also sent after hello if ' +
      'there is one. The same as in `GET /api/v1/grid`. Not numbered.',
    schema: Type.Object({ type: Type.Literal('maintenance'), maintenance: MaintenanceShape }),
    example: {
      type: 'maintenance',
      maintenance: {
        from: 1_781_485_200_000,
        until: 1_781_486_400_000,
        reason: 'new disks',
        running: false,
      },
    },
  },
  headline: {
    about:
      'An entry of the news calendar comes near, its terms begin to apply, or it is over (null); also sent ' +
      'after hello if there is one. The same as in `GET /api/v1/grid`. Not numbered.',
    schema: Type.Object({ type: Type.Literal('headline'), headline: HeadlineShape }),
    example: {
      type: 'headline',
      headline: {
        at: 1_781_485_500_000,
        name: 'US consumer prices',
        from: 1_781_485_200_000,
        until: 1_781_486_400_000,
        running: false,
      },
    },
  },
  restriction: {
    about:
      'The operator blocked, unblocked or limited your account; also sent after hello if something is ' +
      'set. The same as in `GET /api/v1/account`. Not numbered.',
    schema: Type.Object({
      type: Type.Literal('restriction'),
      ...RestrictionShape.properties,
    }),
    example: {
      type: 'restriction',
      blocked: true,
      stakeMax: null,
      dailyStake: 200_000_000,
      openPayout: null,
      holdMs: null,
    },
  },
  crowd: {
    about:
      'What others do changed: wins, how many people have the board open, wanted cells. Once a second at ' +
      'most; also sent after hello. The same as `GET /api/v1/crowd`. Not numbered.',
    schema: Type.Object({ type: Type.Literal('crowd'), ...CROWD_FIELDS }),
    example: { type: 'crowd', ...CROWD_EXAMPLE },
  },
  heartbeat: {
    about:
      'Sent while there are no ticks, so that you can tell a quiet connection from a dead one. Not numbered.',
    schema: Type.Object({ type: Type.Literal('heartbeat'), at: time('On the server') }),
    example: { type: 'heartbeat', at: 1_781_481_601_000 },
  },
  tick: {
    about: 'The newest price, changed or not.',
    schema: Type.Object({
      type: Type.Literal('tick'),
      seq,
      at: time('When it was made'),
      price: cents('Price'),
    }),
    example: { type: 'tick', seq: 5121, at: 1_781_481_600_100, price: 7_604_185 },
  },
  grid: {
    about:
      'Changes of the grid. `changes` is row, multiplier, row, multiplier…; 0: no bets taken. When `low` ' +
      'has moved, rows that are not listed keep the multiplier of their price. ' +
      'A new column comes with all its rows.',
    schema: Type.Object({
      ...gridFields,
      full: Type.Literal(false),
      columns: Type.Array(
        Type.Object({
          start: time('Opening of the window'),
          band: count('Height of a row, cents'),
          low: cents('Lower end of row 0'),
          changes: Type.Array(count('Row or multiplier')),
        }),
      ),
    }),
    example: {
      type: 'grid',
      full: false,
      seq: 5122,
      revision: 48_214,
      at: 1_781_481_600_200,
      pause: null,
      columns: [{ start: 1_781_481_610_000, band: 1000, low: 7_602_000, changes: [0, 231, 3, 0] }],
    },
  },
  'grid, full': {
    about: 'The whole grid, after hello and on request; in several parts if it is large.',
    schema: Type.Object({
      ...gridFields,
      full: Type.Literal(true),
      columns: Type.Array(
        Type.Object({
          start: time('Opening of the window'),
          band: count('Height of a row, cents'),
          low: cents('Lower end of row 0'),
          locked: Type.Boolean(),
          multipliers: Type.Array(orNull(hundredths('Null: no bets taken'))),
        }),
      ),
    }),
    example: {
      type: 'grid',
      full: true,
      seq: 5120,
      revision: 48_213,
      at: 1_781_481_600_000,
      pause: null,
      columns: [
        {
          start: 1_781_481_610_000,
          band: 1000,
          low: 7_602_000,
          locked: false,
          multipliers: [235, 142, null, 188],
        },
      ],
    },
  },
  bet: {
    about: 'One of your bets was placed, locked or closed; sent after the commit. Not numbered.',
    schema: Type.Object({ type: Type.Literal('bet'), bet: BetShape, balance: amount('Balance after it') }),
    example: { type: 'bet', bet: betExample, balance: 10_001_900_000 },
  },
  answer: {
    about: 'The answer to an order, by its nonce: results as in `POST /api/v1/taps`, one per tap.',
    schema: Type.Composite([
      Type.Object({ type: Type.Literal('answer'), nonce: Type.String() }),
      TAPS_ANSWER.schema as never,
    ]),
    example: { type: 'answer', nonce, ...(TAPS_ANSWER.example as object) },
  },
  'answer, refused': {
    about:
      'The whole order was refused: code and message are next to the nonce, without `results` or `error`. ' +
      '`retryAfterMs` is as in the API.',
    schema: Type.Object({
      type: Type.Literal('answer'),
      nonce: Type.String(),
      code: Code,
      message: Type.String(),
      retryAfterMs: Type.Optional(Type.Number()),
    }),
    example: { type: 'answer', nonce, code: 'busy', message: rejection('busy').message, retryAfterMs: 1000 },
  },
  error: {
    about:
      'An unreadable message, or an order with too many taps, with the error that HTTP would return; ' +
      '`nonce` if it was an order with one. After three unreadable messages in a row the socket is ' +
      'closed with 4400.',
    schema: Type.Object({
      type: Type.Literal('error'),
      nonce: Type.Optional(Type.String()),
      ...ErrorShape.properties,
    }),
    example: {
      type: 'error',
      nonce,
      error: {
        code: 'bad_request',
        message: 'Field taps.0.stake: expected micro-dollars, whole cents within what may be staked.',
        field: 'taps.0.stake',
      },
    },
  },
} as const;
