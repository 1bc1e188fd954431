import { nameOfDeed, sameName, type OperatorDeed } from '../../game/operator.ts';
import type { History } from '../../ports/history.ts';
import { WAITING_MS_MAX } from '../../ports/operator.ts';
import type { ActionRow } from '../../store/rows/action.ts';
import type { Findings } from './findings.ts';

const ACTIONS_PER_PAGE = 500;

/**
 * Holds what a second person approved against what was asked for: somebody else asked for just that, within a
 * day, and nobody dismissed it. Before requests were written down names alone told of an approval.
 */
export class ApprovedActions {
  readonly #requests = new Map<string, ActionRow>();
  #areAsked = false;

  /** @param last number of the last action before the part that is walked. */
  constructor(
    private readonly findings: Findings,
    history: Pick<History, 'actionsAfter'>,
    last: number,
  ) {
    for (let seq = 0; seq < last; ) {
      const page = history.actionsAfter(seq, ACTIONS_PER_PAGE).filter((action) => action.seq <= last);
      for (const action of page) this.#learn(action);
      seq = page.at(-1)?.seq ?? last;
    }
  }

  take(actions: readonly ActionRow[]): void {
    for (const action of actions) {
      this.#learn(action);
      if (action.approvedBy === null || !this.#areAsked) continue;
      const request = this.#requests.get(action.id);
      if (request === undefined || !asksFor(request, action))
        this.findings.add(
          'operator_actions',
          `action ${action.seq}`,
          `was approved by ${action.approvedBy}, but nobody else requested it`,
        );
      this.#requests.delete(action.id);
    }
  }

  #learn(action: ActionRow): void {
    if (action.what === 'request') this.#requests.set(action.target, action);
    if (action.what === 'dismiss') this.#requests.delete(action.target);
    this.#areAsked ||= action.what === 'request';
  }
}

function asksFor(
  request: ActionRow,
  { at, operator, approvedBy, what, target, detail, reason }: ActionRow,
): boolean {
  const asked = deedIn(request.detail);
  return (
    asked !== null &&
    request.operator === operator &&
    !sameName(operator, approvedBy!) &&
    request.reason === reason &&
    asked.what === what &&
    asked.target === target &&
    asked.detail === detail &&
    at - request.at < WAITING_MS_MAX
  );
}

/** Null where a row holds no deed. */
function deedIn(
  text: string,
): { readonly what: string; readonly target: string; readonly detail: string } | null {
  try {
    const deed = JSON.parse(text) as OperatorDeed;
    return { what: deed.what, ...nameOfDeed(deed) };
  } catch {
    return null;
  }
}
