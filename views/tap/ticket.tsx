import { Html } from '@elysiajs/html';
import type { Micros } from '../../server/game/money.ts';
import { stakeText } from '../amount.ts';
import { IDS } from '../ids.ts';

/** What a tap would pay, above the stakes. The page's own module writes it for the cell under the pointer; until then it says how payouts work. */
export function Ticket({ stake }: { stake: Micros }): JSX.Element {
  return (
    <p id={IDS.ticket} class="ticket" aria-hidden="true">
      <span>Touched by the price, a cell pays</span> <b safe>{`${stakeText(stake)} × its number`}</b>
    </p>
  );
}
