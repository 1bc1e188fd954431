import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { formatDollars, formatMultiplier, type Multiplier } from '../../server/game/money.ts';
import type { PathPoint } from '../../server/game/path.ts';
import { bandText, stakeText } from '../amount.ts';
import { dayTime } from '../clock.ts';
import { CARD_COLOURS } from './share-colours.ts';
import { CardPicture } from './share-picture.tsx';

/** What networks show of a link. */
export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;

export interface ShareCardProps {
  /** A bet that was won. */
  readonly bet: Bet;
  /** From a window before its own to the tick that won it, or longer. */
  readonly ticks: readonly PathPoint[];
  /** Where it can be checked, as people read an address: `tapgrid.example`. */
  readonly host: string;
}

const { ground, panel, line, text, muted, amber, win, warn } = CARD_COLOURS;
const FONT = 'Inter';

/**
 * The picture of a win that its trader shares, as SVG: what it says stands in the receipt as well, and
 * nothing says whose it was. It uses attributes alone, because it is not drawn by a browser.
 */
export function ShareCard({ bet, ticks, host }: ShareCardProps): JSX.Element {
  const multiplier = `${formatMultiplier(multiplierOf(bet))}×`;
  const [staked, paid] = [stakeText(bet.stake), formatDollars(bet.payout)];
  const tags = tagsOf(bet);
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={String(CARD_WIDTH)}
      height={String(CARD_HEIGHT)}
      viewBox={`0 0 ${CARD_WIDTH} ${CARD_HEIGHT}`}
      font-family={FONT}
      role="img"
      aria-label={multiplier}
    >
      <defs>
        <radialGradient id="warmth" cx="0" cy="1" r="1">
          <stop offset="0" stop-color={amber} stop-opacity="0.2" />
          <stop offset="1" stop-color={amber} stop-opacity="0" />
        </radialGradient>
      </defs>
      <rect width="100%" height="100%" fill={ground} />
      <rect width="100%" height="100%" fill="url(#warmth)" />
      <CardPicture bet={bet} ticks={ticks} />
      <text x="64" y="100" font-size="42" font-weight="800" letter-spacing="-1" fill={text}>
        tap<tspan fill={amber}>grid</tspan>
      </text>
      <text
        x="58"
        y="290"
        font-size={String(fitting(multiplier, 168, 480))}
        font-weight="800"
        letter-spacing="-6"
        fill={text}
        safe
      >
        {multiplier}
      </text>
      <text x="64" y="372" font-size={String(fitting(`${staked} became ${paid}`, 54, 480))} font-weight="800">
        <tspan fill={muted} safe>{`${staked} became `}</tspan>
        <tspan fill={win} safe>
          {paid}
        </tspan>
      </text>
      <text x="64" y="432" font-size="26" font-weight="600" fill={text} safe>
        {`BTC touched ${bandText(bet.cell)}`}
      </text>
      <text x="64" y="468" font-size="22" fill={muted} safe>
        {`${dayTime(bet.closedAt ?? bet.cell.startMs)} UTC`}
      </text>
      {tags.map((tag, i) => (
        <Tag text={tag} x={64 + (tags[i - 1]?.length ?? 0) * 12 + (i > 0 ? 58 : 0)} />
      ))}
      <path d={`M64 556H${CARD_WIDTH - 64}`} stroke={line} stroke-width="2" />
      <text x="64" y="596" font-size="22" fill={muted}>
        Anyone can check it at its receipt
      </text>
      <text
        x={String(CARD_WIDTH - 64)}
        y="596"
        font-size="22"
        font-weight="600"
        fill={text}
        text-anchor="end"
        safe
      >
        {host}
      </text>
    </svg>
  );
}

export const multiplierOf = ({ locked, shown }: Bet): Multiplier => locked ?? shown;

/** What a win is not, so that nobody takes it for more than it is. */
export const tagsOf = ({ currency, simulated }: Bet): readonly string[] => [
  ...(currency === 'PLAY' ? ['play money'] : []),
  ...(simulated ? ['simulated prices'] : []),
];

function Tag({ text, x }: { text: string; x: number }): JSX.Element {
  const width = text.length * 12 + 40;
  return (
    <>
      <rect
        x={String(x)}
        y="494"
        width={String(width)}
        height="38"
        rx="19"
        fill={panel}
        stroke={warn}
        stroke-opacity="0.6"
        stroke-width="2"
      />
      <text
        x={String(x + width / 2)}
        y="520"
        font-size="21"
        font-weight="600"
        fill={warn}
        text-anchor="middle"
        safe
      >
        {text}
      </text>
    </>
  );
}

/** The letters of the font are about so wide, of their height. */
const LETTER = 0.62;
/** The size of letters at which a text is no wider than `width`. */
const fitting = (text: string, size: number, width: number): number =>
  Math.floor(Math.min(size, width / (text.length * LETTER)));
