import { Html } from '@elysiajs/html';
import type { DayStep } from '../../server/game/day-of-play.ts';
import { formatDollars, micros } from '../../server/game/money.ts';
import type { Today } from '../../server/ports/today.ts';

const WIDTH = 288;
const HEIGHT = 76;
/** Room for the line's own width, and for the dot at its end. */
const PAD = 5;

/**
 * The balance from the start of the day to now, one step for each bet. Money that came in or went out counts
 * as if it had been there all day, so what moves the curve is play alone.
 */
export function BalanceCurve({ today }: { today: Today }): JSX.Element {
  const { steps, net, balance } = today;
  const newest = steps.at(-1);
  if (newest === undefined) return '';
  const start = micros(balance - net);
  const { x, y, zero } = scaleOf(steps, newest.bets);
  const line = steps.map(({ bets, net }) => `L${fixed(x(bets))} ${fixed(y(net))}`).join('');
  const [endX, endY] = [fixed(x(newest.bets)), fixed(y(newest.net))];
  return (
    <figure class={['curve', net > 0 ? 'gain' : 'drop']}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Balance today: from ${formatDollars(start)} to ${formatDollars(balance)}`}
      >
        <path class="under" d={`M${PAD} ${zero}${line}L${endX} ${zero}Z`} />
        <path class="zero" d={`M${PAD} ${zero}H${WIDTH - PAD}`} />
        <path class="line" d={`M${PAD} ${zero}${line}`} />
        <circle cx={endX} cy={endY} r="4" />
      </svg>
      <figcaption>
        <span safe>{`from ${formatDollars(start)}`}</span>
        <span safe>{`now ${formatDollars(balance)}`}</span>
      </figcaption>
    </figure>
  );
}

function scaleOf(steps: readonly DayStep[], bets: number) {
  const nets = [0, ...steps.map(({ net }) => net)];
  const [low, high] = [Math.min(...nets), Math.max(...nets)];
  const x = (at: number): number => PAD + (at / bets) * (WIDTH - 2 * PAD);
  const y = (net: number): number => PAD + ((high - net) / (high - low || 1)) * (HEIGHT - 2 * PAD);
  return { x, y, zero: fixed(y(0)) };
}

const fixed = (value: number): string => value.toFixed(1);
