import { Html } from '@elysiajs/html';
import type { OperatorAction } from '../../server/ports/operator.ts';
import { dayTime, span } from '../clock.ts';
import { Pager } from '../page/list.tsx';
import { deedText, stateText } from './deed.ts';

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
        <h1>Operator log</h1>
      </header>
      <p class="quiet">Part of the ledger chain: changing or removing a row would break it.</p>
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
          <small safe>
            {`#${action.seq} · ` +
              `${action.operator}${action.approvedBy === null ? '' : `, approved by ${action.approvedBy}`} ` +
              `· ${at === null ? `${dayTime(action.at)} UTC` : span(at - action.at)} · ${stateText(action)}`}
          </small>
        </li>
      ))}
    </ol>
  );
}
