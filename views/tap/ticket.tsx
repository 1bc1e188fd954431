import { Html } from '@elysiajs/html';
import type { Micros } from '../../server/game/money.ts';
import { stakeText } from '../amount.ts';
import { IDS } from '../ids.ts';
import { Guard } from './guard.tsx';

export interface TicketProps {
  readonly stake: Micros;
  readonly guardPercent: number | null;
  readonly signedIn: boolean;
}

/**
 * What a tap would pay, above the stakes, and the guard. The page's own module writes it for the cell under
 * the pointer; until then it says how payouts work.
 */
export function Ticket({ stake, guardPercent, signedIn }: TicketProps): JSX.Element {
  return (
    <p id={IDS.ticket} class="ticket">
      <span aria-hidden="true">A cell touched in its window pays</span>{' '}
      <b aria-hidden="true" safe>{`${stakeText(stake)} × its number`}</b>
      {guardPercent !== null && <Guard percent={guardPercent} signedIn={signedIn} />}
    </p>
  );
}
