import { Html } from '@elysiajs/html';
import { formatExactDollars, type Micros } from '../../server/game/money.ts';
import { nameOfDeed, type OperatorOrder } from '../../server/game/operator.ts';
import type { OperatorAction } from '../../server/ports/operator.ts';
import { dayTime, span } from '../clock.ts';
import { Pager } from '../page/list.tsx';

/** The whole log of what operators did by hand, newest first. */
export function OpsLog({
  actions,
  cursor,
}: {
  actions: readonly OperatorAction[];
  cursor: string | null;
}): JSX.Element {
  return (
    <main id="main" class="page">
      <header class="title">
        <h1>Done by hand</h1>
      </header>
      <p class="quiet">Part of the ledger chain: a row that was changed or taken away would break it.</p>
      <section class="card">
        <ActionList actions={actions} at={null} />
      </section>
      <Pager path="/ops/log" cursor={cursor} />
    </main>
  );
}

/** @param at now, for times as spans; null writes them out. */
export function ActionList({
  actions,
  at,
}: {
  actions: readonly OperatorAction[];
  at: number | null;
}): JSX.Element {
  if (actions.length === 0) return <p class="quiet">Nothing yet.</p>;
  return (
    <ol class="actions">
      {actions.map((action) => (
        <li>
          <b safe>{deedText(action)}</b> <span safe>{action.reason}</span>
          <small
            safe
          >{`#${action.seq} · ${action.operator}${action.approvedBy === null ? '' : `, approved by ${action.approvedBy}`} · ${at === null ? `${dayTime(action.at)} UTC` : span(at - action.at)} · ${stateText(action)}`}</small>
        </li>
      ))}
    </ol>
  );
}

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
        `${formatExactDollars(Number(amount) as Micros)} for ${target}`
      );
    }
    case 'revoke-sessions':
      return `Sessions of ${target} ended${detail === 'all' ? '' : `: ${detail}`}`;
    case 'void-window':
      return `Window of ${dayTime(Number(target))} UTC called off`;
    case 'block':
      return `Account ${target} blocked`;
    case 'unblock':
      return `Account ${target} unblocked`;
    case 'limit-account':
      return `Limits of ${target}: ${restrictionWords(detail)}`;
    case 'publish-terms':
      return 'Terms published';
  }
}

/** What somebody wants to be done, in the same words. */
export const orderText = ({ deed }: OperatorOrder): string =>
  deedText({ what: deed.what, ...nameOfDeed(deed) });

/** `open stake=5000000 day=none` → `open, stake $5.00, day none`. */
export const restrictionWords = (text: string): string =>
  text
    .replace(/ (?=\w+=)/g, ', ')
    .replace(/=(\d+)/g, (_, most) => ` ${formatExactDollars(Number(most) as Micros)}`)
    .replaceAll('=', ' ');

/** What was before and after: balances as money, the rest in its own words. */
export const stateText = ({ what, before, after }: OperatorAction): string =>
  what === 'publish-terms'
    ? 'at /api/v1/terms'
    : what === 'transfer'
      ? `${formatExactDollars(Number(before) as Micros)} → ${formatExactDollars(Number(after) as Micros)}`
      : `${restrictionWords(before)} → ${restrictionWords(after)}`;
