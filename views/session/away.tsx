import { Html } from '@elysiajs/html';
import { IDS } from '../ids.ts';

/**
 * What became of the bets of a practice account until its key brought it back; the page's own module says it.
 */
export function AwaySheet(): JSX.Element {
  return (
    <dialog id={IDS.away} class="sheet" aria-label="While you were away">
      <form method="dialog">
        <button type="submit" class="close" aria-label="Close">
          ×
        </button>
      </form>
      <div class="signin">
        <h1>While you were away</h1>
        <p data-away="true"></p>
        <p class="quiet">
          <a href="/history">History</a> has each of them with its receipt.
        </p>
        <form method="dialog">
          <button type="submit" class="button wide">
            Continue
          </button>
        </form>
      </div>
    </dialog>
  );
}
