import { Html } from '@elysiajs/html';
import { RECEIPT_CHECKS } from '../../server/ports/receipt-checks.ts';
import type { Receipt } from '../../server/ports/receipt.ts';
import { CHECK_WORDS } from './check-words.ts';

/**
 * The verifier, run by the reader's own browser: what it checks in plain words, where it shows what passes
 * and what fails, and the file for those who check it elsewhere. Without a script it is a list to read.
 */
export function CheckHere({ receipt, origin }: { receipt: Receipt; origin: string }): JSX.Element {
  const { betId, cell, currency, stake, status, payout } = receipt;
  const file = `/api/v1/bets/${betId}/receipt`;
  return (
    <section
      class="card check"
      data-check={file}
      data-bet-id={betId}
      data-cell={cell}
      data-currency={currency}
      data-stake={String(stake)}
      data-status={status}
      data-payout={String(payout)}
    >
      <h2>Check it here</h2>
      <p>
        The browser computes this bet again – multiplier, outcome, payout, signature – and compares it with
        what the house publishes to everybody.
      </p>
      <div class="actions">
        <button type="button" class="button" data-begin="true" disabled>
          Check this receipt
        </button>
        <a class="button plain" href={file} download={`tapgrid-bet-${betId}.json`}>
          Download the file
        </a>
      </div>
      <noscript>
        <p class="quiet">Checking here needs JavaScript. The file and the command below check the same.</p>
      </noscript>
      <p class="verdict-line" role="status"></p>
      <details class="steps">
        <summary>What is checked</summary>
        <ol>
          {RECEIPT_CHECKS.map((check) => (
            <li data-step={check}>
              <span safe>{CHECK_WORDS[check]}</span>
              <small></small>
            </li>
          ))}
        </ol>
      </details>
      <details class="elsewhere">
        <summary>Check a file that you kept, or without this page</summary>
        <p>
          <label>
            A receipt that you saved before:{' '}
            <input type="file" accept="application/json,.json" data-file="true" disabled />
          </label>
        </p>
        <p>
          The verifier in this page came from the house, like the page itself. Where you do not want to rely
          on that, run the same code from a release that you have checked:
        </p>
        <pre safe>{`tapgrid verify-receipt tapgrid-bet-${betId}.json --against ${origin}`}</pre>
      </details>
    </section>
  );
}
