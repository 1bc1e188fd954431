import { formatExactDollars, micros } from '../../server/game/money.ts';
import { readMaintenance } from '../../server/game/maintenance.ts';
import { nameOfDeed, type OperatorDeed, type OperatorOrder } from '../../server/game/operator.ts';
import type { OperatorAction } from '../../server/ports/operator.ts';
import { dayMinute, dayTime } from '../clock.ts';

/* What operators do, in words: for the page, and for commands, which have no markup. */

/** What was done, in a few words. */
export function deedText({
  what,
  target,
  detail,
}: Pick<OperatorAction, 'what' | 'target' | 'detail'>): string {
  switch (what) {
    case 'halt':
      return 'Halt';
    case 'resume':
      return 'Resume';
    case 'transfer': {
      const [entry = '', amount = '0'] = detail.split(' ');
      return (
        `${entry.charAt(0).toUpperCase()}${entry.slice(1)} of ` +
        `${formatExactDollars(micros(Number(amount)))} for ${target}`
      );
    }
    case 'revoke-sessions':
      return `Sessions of ${target} ended${detail === 'all' ? '' : `: ${detail}`}`;
    case 'void-window':
      return `Window of ${dayTime(Number(target))} UTC voided`;
    case 'plan-maintenance':
      return `Maintenance from ${dayMinute(Number(target))} to ${dayMinute(Number(detail))} UTC announced`;
    case 'cancel-maintenance':
      return 'Maintenance cancelled';
    case 'change-calendar':
      return `News calendar: ${changeWords(detail)}`;
    case 'request':
      return `Approval requested: ${requestText(detail)}`;
    case 'dismiss':
      return `Order ${target} dismissed`;
    case 'block':
      return `Account ${target} blocked`;
    case 'unblock':
      return `Account ${target} unblocked`;
    case 'block-range':
      return `Addresses ${target} blocked`;
    case 'unblock-range':
      return `Addresses ${target} unblocked`;
    case 'limit-account':
      return `Limits of ${target}: ${restrictionWords(detail)}`;
    case 'remove-name':
      return `Public name of ${target} removed`;
    case 'publish-terms':
      return 'Terms published';
  }
}

/** The deed of a request, which stands as JSON in its row. */
function requestText(detail: string): string {
  try {
    const deed = JSON.parse(detail) as OperatorDeed;
    return deedText({ what: deed.what, ...nameOfDeed(deed) });
  } catch {
    return detail;
  }
}

/** `+1781481600000/300000/900000/US%20prices -1781481600000/Fed` → `+ US prices 14 Jun 12:00, − Fed …`. */
const changeWords = (detail: string): string =>
  detail
    .split(' ')
    .map((one) => {
      const [at, ...rest] = one.slice(1).split('/');
      const sign = one.startsWith('-') ? '−' : '+';
      return `${sign} ${decodeURIComponent(rest.at(-1) ?? '')} ${dayMinute(Number(at))}`;
    })
    .join(', ');

/** What an order requests, in the same words. */
export const orderText = ({ deed }: OperatorOrder): string =>
  deedText({ what: deed.what, ...nameOfDeed(deed) });

/** `open stake=5000000 day=none` → `open, stake $5.00, day none`. */
export const restrictionWords = (text: string): string =>
  text
    .replace(/ (?=\w+=)/g, ', ')
    .replace(/\bhold=(\d+)/, 'hold $1 ms')
    .replace(/=(\d+)/g, (_, most) => ` ${formatExactDollars(micros(Number(most)))}`)
    .replaceAll('=', ' ');

/** What was before and after: balances as money, the rest in its own words. */
export const stateText = ({ what, before, after }: OperatorAction): string =>
  what === 'publish-terms'
    ? 'at /api/v1/terms'
    : what === 'change-calendar'
      ? `${entriesOf(before)} → ${entriesOf(after)}`
      : what === 'transfer'
        ? `${formatExactDollars(micros(Number(before)))} → ${formatExactDollars(micros(Number(after)))}`
        : `${stateWords(before)} → ${stateWords(after)}`;

const entriesOf = (calendar: string): string => {
  const count = calendar === 'none' ? 0 : calendar.split(' ').length;
  return `${count} ${count === 1 ? 'entry' : 'entries'}`;
};

function stateWords(text: string): string {
  const maintenance = readMaintenance(text);
  return maintenance === null
    ? restrictionWords(text)
    : `${dayMinute(maintenance.from)} to ${dayMinute(maintenance.until)} UTC`;
}
