import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { houseEdge } from '../../server/game/house-edge.ts';
import { formatMultiplier } from '../../server/game/money.ts';
import type { Receipt } from '../../server/ports/receipt.ts';
import { smallText } from '../amount.ts';

/** What the house expected to gain by the bet when it was locked; by its own model, and it says so. */
export function HouseEdgeSentence({ bet, locked }: { bet: Bet; locked: Receipt['locked'] }): JSX.Element {
  if (bet.locked === null || locked === null)
    return (
      <p class="edge" safe>
        {bet.status === 'void'
          ? 'The stake came back before the bet was locked, so the house had no edge on it.'
          : "The house's edge on this bet will be known when it is locked."}
      </p>
    );
  const { amount, share, fairMultiplier } = houseEdge(bet.stake, locked.probability, bet.locked);
  const size = `${smallText(amount)} (${Math.abs(share * 100).toFixed(1)} % of the stake)`;
  const whose = amount < 0 ? "The trader's edge" : "The house's edge";
  const verb = bet.status === 'void' ? 'would have been' : bet.status === 'locked' ? 'is' : 'was';
  return (
    <p class="edge">
      <b safe>{`${whose} on this bet ${verb} ${size}`}</b>
      <span safe>
        {`${bet.status === 'void' ? '; the stake came back' : ''}. That is by the house's own odds model: ` +
          'when the bet was locked, the model gave the touch a chance of ' +
          `${(locked.probability * 100).toFixed(1)} %. At that chance a multiplier of ` +
          `${fairText(fairMultiplier)} would favour nobody; this bet had ${formatMultiplier(bet.locked)}×. `}
      </span>
      <a href="/fairness">What bets really returned</a>
    </p>
  );
}

const fairText = (hundredths: number): string =>
  Number.isFinite(hundredths) ? `${(hundredths / 100).toFixed(2)}×` : 'any height';
