import { Html } from '@elysiajs/html';
import { IDS } from '../ids.ts';

/** The trader's guard, on the board: where it is set, or what it is for those without an account. */
export function Guard({ percent, signedIn }: { percent: number; signedIn: boolean }): JSX.Element {
  return (
    <a
      id={IDS.guard}
      class="guard"
      href={signedIn ? '/account' : '/rules#guard'}
      data-sheet={signedIn ? IDS.account : undefined}
      data-part={signedIn ? 'guardPercent' : undefined}
      data-percent={String(percent)}
      title={
        `If the number falls below ${percent} % of what you tapped before it is locked, ` +
        'your stake comes back.'
      }
      safe
    >
      {`guard ${percent} %`}
    </a>
  );
}
