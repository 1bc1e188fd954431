import { Html } from '@elysiajs/html';
import type { Micros } from '../../server/game/money.ts';
import type { StakeRange } from '../../server/game/stake.ts';
import { stakeText } from '../amount.ts';
import { IDS } from '../ids.ts';

/** The preset that is pressed until the trader has chosen: the third, or the last of fewer. */
export const stakeAtFirst = (stakes: readonly Micros[]): Micros => stakes[Math.min(2, stakes.length - 1)]!;

/** @param range what house and account allow besides the presets; nothing where both ends are one. */
export function Stakes({ stakes, range }: { stakes: readonly Micros[]; range: StakeRange }): JSX.Element {
  const ranges = range.min < range.max;
  return (
    <div
      id={IDS.stakes}
      class={['stakes', ranges && 'ranging']}
      role="group"
      aria-label="Stake"
      data-min={String(range.min)}
      data-max={String(range.max)}
    >
      {ranges && (
        <button type="button" class="times" data-times="0.5" aria-label="½, half the stake">
          ½
        </button>
      )}
      <div class="presets">
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
      {ranges && (
        <>
          <button type="button" data-own="true" aria-pressed="false" aria-label="Another stake">
            …
          </button>
          <button type="button" class="times" data-times="2" aria-label="2×, double the stake">
            2×
          </button>
        </>
      )}
    </div>
  );
}

/** Where a trader types a stake. */
export function OwnStakeSheet({ range }: { range: StakeRange }): JSX.Element {
  return (
    <dialog id={IDS.ownStake} class="sheet" aria-label="Your stake">
      <form method="dialog">
        <button type="submit" class="close" aria-label="Close">
          ×
        </button>
      </form>
      <div class="signin">
        <form class="signin own-stake">
          <h1>Your stake</h1>
          <p class="field">
            <label>
              <span class="unseen">Dollars</span>
              <input name="stake" inputmode="decimal" autocomplete="off" enterkeyhint="done" maxlength="12" />
            </label>
            <button type="button" class="button plain" data-most="true">
              Max
            </button>
          </p>
          <p class="warning" role="alert"></p>
          <p class="quiet" safe>
            {`From ${stakeText(range.min)} to ${stakeText(range.max)}, to the cent.`}
          </p>
          <button type="submit" class="button wide">
            Use this stake
          </button>
        </form>
      </div>
    </dialog>
  );
}

/** Taps the last pattern again; nothing before there was one. */
export function RepeatButton(): JSX.Element {
  return (
    <button
      id={IDS.repeat}
      type="button"
      class="repeat"
      aria-label="Repeat your last taps"
      aria-keyshortcuts="r"
      aria-pressed="false"
      disabled
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d="M15.5 8A6 6 0 1 0 16 11.5M15.8 3.5V8h-4.5" />
      </svg>
    </button>
  );
}
