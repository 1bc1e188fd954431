import { Html } from '@elysiajs/html';
import type { Multiplier } from '../../server/game/money.ts';
import { LOCKED_MULTIPLIER_MIN } from '../../server/game/formula.ts';
import { cellText } from '../amount.ts';

/**
 * From the multiplier that was tapped to the one that it became, `2.16 ↓2.03`: the arrow stands in the style
 * sheet, and a word for it in the text for those who listen. One number where a cell would show both alike.
 * `static/tap/badge.js` writes the same.
 */
export function MultiplierChange({ from, to }: { from: Multiplier; to: Multiplier | null }): JSX.Element {
  const [before, after] = [cellText(from), multiplierText(to)];
  if (before === after) return <small safe>{`${after}×`}</small>;
  return (
    <small class="change">
      <i safe>{before}</i>{' '}
      {to !== null && to > from ? (
        <span class="higher">
          <span class="unseen">up to </span>
          <i safe>{after}</i>
        </span>
      ) : (
        <span class="lower">
          <span class="unseen">down to </span>
          <i safe>{after}</i>
        </span>
      )}
    </small>
  );
}

/** As a cell shows it; below the lowest at which a bet is locked there is none. */
export const multiplierText = (value: Multiplier | null): string =>
  value === null ? `<${cellText(LOCKED_MULTIPLIER_MIN)}` : cellText(value);
