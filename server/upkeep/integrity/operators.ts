import { Value } from '@sinclair/typebox/value';
import type { BetRecord } from '../../ports/history.ts';
import { TermsShape } from '../../ports/terms-shape.ts';
import type { PostedEntry } from '../../store/proof/ledger-chain.ts';
import type { ActionRow } from '../../store/rows/action.ts';
import type { Findings } from './findings.ts';

/**
 * Holds what operators did by hand against the rows of the same commit: the money that they moved and the
 * windows that they called off.
 */
export class Operators {
  #last: number;

  /** @param last number of the last action before the part that is walked. */
  constructor(
    private readonly findings: Findings,
    last: number,
  ) {
    this.#last = last;
  }

  take(actions: readonly ActionRow[], entries: readonly PostedEntry<BetRecord>[]): void {
    for (const action of actions) {
      const place = `action ${action.seq}`;
      if (action.seq !== this.#last + 1)
        this.findings.add('operator_actions', place, `follows action ${this.#last}`);
      this.#last = action.seq;
      if (action.what === 'publish-terms' && !isTerms(action.detail))
        this.findings.add('operator_actions', place, 'publishes what are no terms');
      if (
        action.what === 'transfer' &&
        !entries.some(({ entry }) => entry.accountId === action.target && action.detail === detailOf(entry))
      ) {
        this.findings.add(
          'operator_actions',
          place,
          `moved nothing: there is no ${action.detail} for ${action.target} in batch ${action.batch}`,
        );
      }
    }
    const calledOff = new Set(
      actions.filter(({ what }) => what === 'void-window').map(({ target }) => target),
    );
    for (const { closed } of entries) {
      if (closed?.voidReason === 'operator' && !calledOff.has(`${closed.startMs}`))
        this.findings.add(
          'operator_actions',
          `bet ${closed.id}`,
          'was given back by hand, but nobody called its window off in that batch',
        );
    }
  }
}

function isTerms(text: string): boolean {
  try {
    return Value.Check(TermsShape, JSON.parse(text));
  } catch {
    return false;
  }
}

/** A withdrawal is ordered as a positive amount. */
const detailOf = ({ kind, amount }: { readonly kind: string; readonly amount: number }): string =>
  `${kind} ${kind === 'withdrawal' ? -amount : amount}`;
