import { Html } from '@elysiajs/html';
import type { Micros } from '../../server/game/money.ts';
import { stakeText } from '../amount.ts';

/** The preset that is pressed until the trader has chosen: the third, or the last of fewer. */
export const stakeAtFirst = (stakes: readonly Micros[]): Micros => stakes[Math.min(2, stakes.length - 1)]!;

export function Stakes({ stakes }: { stakes: readonly Micros[] }): JSX.Element {
  return (
    <div class="stakes" role="group" aria-label="Stake">
      {stakes.map((stake, i) => (
        <button
          type="button"
          data-stake={String(stake)}
          aria-pressed={stake === stakeAtFirst(stakes) ? 'true' : 'false'}
          aria-keyshortcuts={String(i + 1)}
          safe
        >
          {stakeText(stake)}
        </button>
      ))}
    </div>
  );
}
