import { formatDollars } from '../../server/game/money.ts';
import type { GapReport } from '../../server/store/gap-refunds.ts';
import type {
  AccountFound,
  OperatorAction,
  SessionFound,
  WaitingOrder,
} from '../../server/ports/operator.ts';
import { isUnrestricted, restrictionText, type Restriction } from '../../server/game/restriction.ts';
import { deedText, orderText, restrictionWords, stateText } from '../../views/ops/deed.ts';

const day = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19);

export const accountsText = (accounts: readonly AccountFound[]): string =>
  accounts.length === 0
    ? 'No such account.\n'
    : accounts
        .map(
          ({ id, currency, address, balance, openStake, openBets, sessions, openedAt, restriction }) =>
            `${id}  ${currency}  ${formatDollars(balance)}  ${openBets} open bets with ` +
            `${formatDollars(openStake)}  ${sessions} sessions  since ` +
            `${day(openedAt)}${address === null ? '  practice' : `  ${address}`}` +
            `${isUnrestricted(restriction) ? '' : `  ${restrictionSummary(restriction)}`}\n`,
        )
        .join('');

/** What is set, such as `blocked, stake $5.00`. */
const restrictionSummary = (restriction: Restriction): string =>
  restrictionWords(restrictionText(restriction))
    .split(', ')
    .filter((part) => part !== 'open' && !part.endsWith(' none'))
    .join(', ');

export const restrictedText = (
  accounts: readonly (readonly [accountId: string, restriction: Restriction])[],
): string =>
  accounts.map(([id, restriction]) => `${id}  ${restrictionSummary(restriction)}\n`).join('') ||
  'No account is blocked or limited.\n';

const share = (refunds: number, closed: number): string =>
  `${closed === 0 ? '0.0' : ((100 * refunds) / closed).toFixed(1)} %`;

export const gapsText = ({ closed, refunds, accounts }: GapReport): string =>
  `All accounts: ${refunds} of ${closed} closed bets refunded because of gaps, ` +
  `${share(refunds, closed)}.\n` +
  accounts
    .map(
      (one) =>
        `${one.accountId}  ${one.currency}  ${one.refunds} of ${one.closed}, ` +
        `${share(one.refunds, one.closed)}  ${formatDollars(one.returned)} refunded  ` +
        `${formatDollars(one.result)} from its other bets\n`,
    )
    .join('');

export const sessionsText = (sessions: readonly SessionFound[]): string =>
  sessions.length === 0
    ? 'No sessions.\n'
    : sessions
        .map(
          ({ id, createdAt, seenAt, expiresAt, endedAt }) =>
            `${id}  from ${day(createdAt)}  seen ${day(seenAt)}  ` +
            `${endedAt === null ? `until ${day(expiresAt)}` : `ended ${day(endedAt)}`}\n`,
        )
        .join('');

export const waitingText = (waiting: readonly WaitingOrder[]): string =>
  waiting
    .map(
      ({ order, since, until }) =>
        `${order.id}  ${day(since)}  until ${day(until)}  ${order.operator}  ${orderText(order)}  ` +
        `${order.reason}\n`,
    )
    .join('') || 'No orders are waiting.\n';

export const actionText = (action: OperatorAction): string =>
  `#${action.seq}  ${day(action.at)}  ` +
  `${action.operator}${action.approvedBy === null ? '' : ` with ${action.approvedBy}`}  ` +
  `${deedText(action)}  (${stateText(action)})  ${action.reason}  [${action.id}]\n`;
