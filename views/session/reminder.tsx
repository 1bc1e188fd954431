import { Html } from '@elysiajs/html';
import { signedText } from '../amount.ts';
import { IDS } from '../ids.ts';
import type { SessionBalance } from '../wallet/balance.tsx';

/**
 * Comes up as often as the traders asked for: how long they have been at it, and what it brought. Shown by
 * `static/session/played.js`.
 */
export function Reminder({ sessionBalance }: { sessionBalance: SessionBalance }): JSX.Element {
  return (
    <dialog id={IDS.reminder} class="sheet reminder" aria-label="Time and result of this session">
      <h2>Your reminder</h2>
      <p class="figure">
        <span data-played="true"></span>
      </p>
      <p>
        since you signed in. Your result so far:{' '}
        <b data-net="true" safe>
          {signedText(sessionBalance.net)}
        </b>
      </p>
      <div class="pair">
        <a class="button plain" href="/account/pause?length=day">
          Take a break
        </a>
        <button type="button" class="button" data-close="true">
          Continue
        </button>
      </div>
    </dialog>
  );
}
