import { Html } from '@elysiajs/html';
import { EDGE, FAST_MARKET_EDGE, MARGIN, MULTIPLIER_MAX, MULTIPLIER_MIN } from '../../server/game/formula.ts';
import { UNPROVEN_MARGINS } from '../../server/game/learned/sale.ts';
import { WIDEST_MARGINS } from '../../server/game/quote-terms.ts';
import { HEADLINE_EDGE, type Headline } from '../../server/game/headline.ts';
import { ACCOUNT_HOLD_MS_MAX } from '../../server/game/restriction.ts';
import { formatMultiplier } from '../../server/game/money.ts';
import { boardAddress, boardTitle, secondsText } from '../board/boards.tsx';
import { namedBoards } from '../../server/game/boards.ts';
import { CellsKept, type AllCellsProps } from './all-cells.tsx';
import { NewsRules } from './news-rules.tsx';

export interface RulesProps {
  /** Lengths of the windows of each board, ms, ascending. */
  readonly windows: readonly number[];
  readonly betsPerCellMax: number;
  readonly holdMs: number;
  readonly maxGapMs: number;
  readonly guardPercent: number;
  readonly cells: AllCellsProps;
  /** Of the news calendar, what is not over. */
  readonly headlines?: readonly Headline[];
}

/** In one piece: a line may break before it, not within. */
const formula = (edge: number, margin: number): string =>
  `1 / (${(1 + edge).toFixed(2)} × P + ${margin.toFixed(3)})`.replaceAll(' ', '\u00a0');

/** From where on all ranges are closed at present; empty where the longest shots are for sale. */
function closedFromText({ buckets }: Pick<AllCellsProps, 'buckets'>): string {
  const open = buckets.findLastIndex(({ earned }) => earned !== 'closed');
  const first = buckets[open + 1];
  return first === undefined ? '' : `at present none from ${first.from / 100}× on do, `;
}

/** `2 s, 5 s or 15 s` */
const or = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;

/** Which boards there are, with a link to each. */
function BoardsRule({ windows }: Pick<RulesProps, 'windows'>): JSX.Element {
  const boards = namedBoards(windows);
  return (
    <p id="boards-rule">
      <span
        safe
      >{`There are ${boards.length} boards, which differ only in the length of their windows: `}</span>
      {boards.map((board, i) => (
        <>
          {i > 0 && ', '}
          <a href={boardAddress(board)} safe>
            {/^\d/.test(board.name)
              ? secondsText(board.windowMs)
              : `${boardTitle(board.name)} with ${secondsText(board.windowMs)}`}
          </a>
        </>
      ))}
      . One price, one set of rules and one balance are behind all of them; bets on a board that you do not
      look at go on as they are.
    </p>
  );
}

export function RulesPage({
  windows,
  betsPerCellMax,
  holdMs,
  maxGapMs,
  guardPercent,
  cells,
  headlines = [],
}: RulesProps): JSX.Element {
  return (
    <main id="main" class="page prose">
      <h1>How it works</h1>
      <p class="lead">
        Tap a box on the chart. If the BTC price touches that box, you are paid the multiplier shown in it.
      </p>

      <h2>The board</h2>
      <p safe>
        {'The line is the price of BTC, ten times a second. Every column ahead of it is a window of ' +
          `${or(windows.map(secondsText))}, every row a price band. A box, or cell, is one band during ` +
          'one window; the number in it is what one dollar becomes, your stake included: $10 on 2.35 ' +
          'pays $23.50.'}
      </p>
      {windows.length > 1 && <BoardsRule windows={windows} />}
      <p safe>
        {'The current window and the next one are locked: you can tap windows that open at least ' +
          `${windows.length > 1 ? 'a whole window' : secondsText(windows[0]!)} from now. ` +
          'The time above each column counts down to its opening; ' +
          'the thin line under the first one shows how long you can still tap that column. ' +
          (betsPerCellMax === 1
            ? 'You can have one bet per cell.'
            : `You can have up to ${betsPerCellMax} bets on a cell: tap it again to add your stake, ` +
              'as a bet with a multiplier and a receipt of its own.')}
      </p>

      <h2>When a bet wins</h2>
      <ul>
        <li>
          The price is in the band when the window opens, or it moves into or across the band while the window
          is open. Both ends of the band count.
        </li>
        <li>
          It wins at that moment and is paid at once: stake × locked multiplier, rounded down to a millionth
          of a dollar.
        </li>
        <li>It loses when the window ends without the price touching the band.</li>
      </ul>

      <h2>Placed, then locked</h2>
      <p>
        <span safe>
          {holdMs === 0
            ? 'Your tap is filled at the multiplier you saw, or refused if it has moved too far.'
            : 'When your tap is placed, your stake is taken and the bet is safely recorded. ' +
              `${secondsText(holdMs)} later it is locked at the multiplier of that moment, ` +
              'better or worse than the one you saw. On average this costs you nothing. ' +
              'It keeps out those who see other exchanges a split second earlier, ' +
              'which would make everyone’s odds worse. '}
        </span>
        {holdMs > 0 && (
          <>
            How far exchanges run ahead is measured, and the <a href="/fairness">fairness page</a> shows it.
            Real money is accepted only once that is known.
          </>
        )}
      </p>
      {holdMs > 0 && (
        <p id="hold" safe>
          {'The house looks at how the chance of each bet changes in the seconds after its lock. An ' +
            'account that gains in these seconds beyond chance knows the price earlier or better than the ' +
            'board. The house may then hold its taps longer, up to ' +
            `${ACCOUNT_HOLD_MS_MAX / 1000}\u00a0s, or limit its stakes. Its trader sees that on every ` +
            'page and in the account, each of their bets says when it is locked, and the change is ' +
            'recorded with its reason. Nothing that is placed already changes.'}
        </p>
      )}
      {holdMs > 0 && (
        <p id="guard" safe>
          {`Your guard: if the multiplier has dropped below ${guardPercent}\u00a0% of what you saw, ` +
            `the bet is not locked and your stake comes back. You can set your guard between 50\u00a0% and ` +
            `95\u00a0% in the settings.`}
        </p>
      )}

      <h2>When your stake comes back</h2>
      <ul>
        <li safe>
          {`A gap: prices were missing for more than ${secondsText(maxGapMs)} in your window and no ` +
            'touch was recorded. That covers failed feeds and a stopped server.'}
        </li>
        <li>Moved: the multiplier fell below your guard before it was locked.</li>
        <li>No quote: there was no new multiplier between your tap and the opening of the window.</li>
        <li>Cancelled: the house cancels a window by hand, for everyone at once, and records the reason.</li>
      </ul>
      <p>
        Refusals and refunds are counted by reason on the <a href="/fairness">fairness page</a>.
      </p>

      <h2>The house edge</h2>
      <p safe>
        {'Every multiplier follows from the probability that the price touches the band, P: ' +
          `the multiplier is ${formula(EDGE, MARGIN)}. On average traders get back less than they stake, ` +
          'and less still on long shots. Whether the odds keep their word is measured: all cells of a ' +
          'board are decided like bets, tapped or not. A range of multipliers that is proven pays what it ' +
          'promises to within 5 points. One that is not proven yet, as all are in a new house, has wider ' +
          `margins: in ordinary times down to ${formula(UNPROVEN_MARGINS.edge, UNPROVEN_MARGINS.margin)}, ` +
          'the less is known of it the wider. One that pays too much, or of which too little is known, is ' +
          'closed: it takes no bets.'}
      </p>
      <CellsKept {...cells} />
      <p safe>
        {`Cells below ${formatMultiplier(MULTIPLIER_MIN)}× or above ${formatMultiplier(MULTIPLIER_MAX)}× ` +
          `never take bets, ${closedFromText(cells)}and neither do cells that cannot be priced fairly. ` +
          `When prices jump, the edge grows by ${FAST_MARKET_EDGE * 100} points for a while, or taps ` +
          `pause for a moment; around expected news it is ${HEADLINE_EDGE * 100} points wider, and 1 ` +
          'point wider in the first half hour, while volatility is not yet known. Together that is never ' +
          'less than ' +
          `${formula(WIDEST_MARGINS.edge, WIDEST_MARGINS.margin)}; only where a column is nearly sold out ` +
          'is up to 10\u00a0% taken off. Every receipt shows what made its multiplier.'}
      </p>

      <NewsRules headlines={headlines} />

      <h2>The price</h2>
      <p>
        The price is the median of several exchanges. Each tick is recorded before it decides a bet, with a
        hash that chains it to the previous one, and every closed bet has a receipt that shows the ticks that
        decided it and how its multiplier was computed. You can check it without trusting us.
      </p>
      <p>
        When no exchange can be reached, or a recording is playing, the page says so in yellow: prices are
        then simulated or recorded, and bets are play money only.
      </p>

      <h2>Your own limits</h2>
      <p>
        Over many bets you lose money on average: the house has an edge on every cell, and no system beats it.
        Set a <a href="/account">daily loss limit</a>: taps that could take you past it are refused until the
        next day. If it stops being fun, stop.
      </p>

      <h2>Tapping</h2>
      <p>
        Tap a cell, or swipe across several to tap them all at once when you lift; leave the board to drop
        them. The settings switch swipes off. A finger that only bounces does not tap twice. <kbd>½</kbd> and{' '}
        <kbd>2×</kbd> halve and double the stake, <kbd>…</kbd> takes any amount to the cent. The round arrow
        shows your last taps again, at the same distance from the price and from now; press it once more to
        place them as one order.
      </p>

      <h2>Looking around</h2>
      <p>
        Move two fingers on the board to see columns further ahead and rows further away, apart or together to
        make it larger or smaller; they never place a bet. One finger moves it on the price scale and on the
        times above the columns. With a mouse, use the wheel, and the wheel with <kbd>Ctrl</kbd> for the size.
      </p>

      <h2>On a keyboard</h2>
      <p>
        <kbd>Tab</kbd> reaches the board, the arrow keys move across it, <kbd>Enter</kbd> taps, <kbd>1</kbd>{' '}
        to <kbd>6</kbd> choose the stake, <kbd>R</kbd> repeats your last taps, <kbd>Esc</kbd> leaves.{' '}
        <kbd>+</kbd> and <kbd>−</kbd> make it larger and smaller, <kbd>0</kbd> as it was; <kbd>Page up</kbd>{' '}
        and <kbd>Page down</kbd> move it, with <kbd>Shift</kbd> along the time, and <kbd>Home</kbd> brings the
        price back.
      </p>
      <p>
        <a class="button" href="/">
          To the board
        </a>
      </p>
    </main>
  );
}
