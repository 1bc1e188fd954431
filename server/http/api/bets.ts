import { Type } from '@sinclair/typebox';
import type { Bet } from '../../game/bet.ts';
import { cellId } from '../../game/grid.ts';
import { RULE_VERSIONS } from '../../game/path.ts';
import { archivedOf, ArchivedShape } from './archive.ts';
import { endpoint } from '../endpoint.ts';
import { ok } from '../reply.ts';
import {
  amount,
  BetStatus,
  Currency,
  Cursor,
  hundredths,
  NextCursor,
  oneOf,
  orNull,
  PageSize,
  time,
  VoidReason,
} from '../shape.ts';

const PAGE_BETS = 50;
const PAGE_BETS_MAX = 200;

const BetShape = Type.Object({
  id: Type.String(),
  cell: Type.String(),
  currency: Currency,
  simulated: Type.Boolean({ description: 'Placed while prices were recorded or synthetic' }),
  rule: Type.Union(
    RULE_VERSIONS.map((version) => Type.Literal(version)),
    { description: 'Version of the touch rule it was placed under' },
  ),
  stake: amount('Stake'),
  multiplier: hundredths('As shown'),
  lockedMultiplier: orNull(hundredths('As locked; null before')),
  guardPercent: Type.Number({
    description: 'Lowest multiplier to lock at, in percent of the shown one',
  }),
  status: BetStatus,
  reason: VoidReason,
  payout: amount('Amount returned, including the stake'),
  placedAt: time('When it was durable'),
  lockAt: time('The first revision from this time on locks it'),
  closedAt: orNull(time('When it was closed')),
});

export const bets = endpoint({
  method: 'GET',
  path: '/api/v1/bets',
  title: 'List your bets',
  about:
    'Open (placed, locked) or closed (won, lost, void) bets, newest first. ' +
    'If `archived` is not null, older closed bets are in the archive; request them with `POST ' +
    '/api/v1/archive`.',
  access: 'session',
  query: Type.Object({
    status: Type.Optional(oneOf(['open', 'closed'], 'open or closed', 'open')),
    cursor: Type.Optional(Cursor),
    limit: Type.Optional(PageSize(PAGE_BETS_MAX)),
  }),
  answers: {
    200: {
      about: 'A page of bets',
      schema: Type.Object({ bets: Type.Array(BetShape), cursor: NextCursor, archived: ArchivedShape }),
      example: {
        bets: [
          {
            id: '0190a5c2-7000-7000-8000-000000000001',
            cell: '1781481610000.5000.7602000.7603000',
            currency: 'PLAY',
            simulated: false,
            rule: 2,
            stake: 5_000_000,
            multiplier: 235,
            lockedMultiplier: 238,
            guardPercent: 80,
            status: 'won',
            reason: null,
            payout: 11_900_000,
            placedAt: 1_781_481_600_400,
            lockAt: 1_781_481_600_800,
            closedAt: 1_781_481_612_300,
          },
        ],
        cursor: null,
        archived: null,
      },
    },
  },
  refusals: [],
  run: (call) => {
    const { deps, session, query } = call;
    const page = deps.books.bets(
      session.accountId,
      query.status ?? 'open',
      query.cursor ?? null,
      query.limit ?? PAGE_BETS,
    );
    return ok({ bets: page.rows.map(toJson), cursor: page.cursor, archived: archivedOf(call) });
  },
});

function toJson(bet: Bet) {
  const {
    id,
    cell,
    currency,
    simulated,
    rule,
    stake,
    shown,
    locked,
    guardPercent,
    status,
    voidReason,
    payout,
    placedAt,
    lockAt,
    closedAt,
  } = bet;
  return {
    id,
    cell: cellId(cell),
    currency,
    simulated,
    rule,
    stake,
    multiplier: shown,
    lockedMultiplier: locked,
    guardPercent,
    status,
    reason: voidReason,
    payout,
    placedAt,
    lockAt,
    closedAt,
  };
}
