import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { formatDollars, formatMultiplier, micros } from '../../server/game/money.ts';
import { bandText, stakeText } from '../amount.ts';
import { Moment } from '../moment.tsx';
import type { LinkCard } from '../page/shell.tsx';
import { CARD_HEIGHT, CARD_WIDTH, multiplierOf, tagsOf } from './share-card.tsx';

/** Where a win is shown to whoever has the link. */
const winPath = (betId: string): string => `/win/${betId}`;
const cardPath = (betId: string): string => `${winPath(betId)}/card.png`;

/** `8.40×: $10 → $84.00`, and that it was play money where it was. */
function winText(bet: Bet): string {
  const [stake, payout] = [stakeText(bet.stake), formatDollars(bet.payout)];
  const tags = tagsOf(bet);
  return (
    `${formatMultiplier(multiplierOf(bet))}×: ${stake} → ${payout}` +
    (tags.length > 0 ? ` (${tags.join(', ')})` : '')
  );
}

/** What networks show of a link to a win. */
export const winCard = (bet: Bet): LinkCard => ({
  title: winText(bet),
  about: `BTC touched ${bandText(bet.cell)} in its window. Anyone can check it at its receipt.`,
  path: winPath(bet.id),
  image: cardPath(bet.id),
  imageAbout: `${winText(bet)}. The price line meets the band ${bandText(bet.cell)}.`,
  width: CARD_WIDTH,
  height: CARD_HEIGHT,
});

/**
 * A press on it hands the link to the device, or copies it (`static/notice/share.js`); without scripts it
 * leads to the page that is shared.
 */
export function ShareLink({ bet, big }: { bet: Bet; big?: boolean }): JSX.Element {
  return (
    <a
      class={[big && 'button']}
      href={winPath(bet.id)}
      data-share={`I hit ${winText(bet)} on Tapgrid.`}
      title="Share a picture of this win; it does not say who you are"
    >
      {big ? 'Share this win' : 'share'}
    </a>
  );
}

/** @param own whether its trader looks at it */
export function WinPage({ bet, own }: { bet: Bet; own: boolean }): JSX.Element {
  const came = formatDollars(micros(bet.payout - bet.stake));
  return (
    <main id="main" class="page win">
      <h1 safe>{`Won ${came} at ${formatMultiplier(multiplierOf(bet))}×`}</h1>
      <img
        class="share-card"
        src={cardPath(bet.id)}
        width={String(CARD_WIDTH)}
        height={String(CARD_HEIGHT)}
        alt={winCard(bet).imageAbout}
      />
      <p class="lead">
        <span safe>{`BTC touched ${bandText(bet.cell)} `}</span>
        on <Moment at={bet.closedAt ?? bet.cell.startMs} as="full" />
        <span safe>{`, so a stake of ${stakeText(bet.stake)} paid ${formatDollars(bet.payout)}.`}</span>
      </p>
      {tagsOf(bet).length > 0 && (
        <p class="quiet">
          {bet.currency === 'PLAY' && <>It was play money: nobody won or lost real money. </>}
          {bet.simulated && <>Prices were simulated or recorded, not live.</>}
        </p>
      )}
      <p class="pair">
        <a class={['button', own && 'plain']} href={`/bets/${bet.id}`}>
          Check it at its receipt
        </a>
        {own ? (
          <ShareLink bet={bet} big />
        ) : (
          <a class="button plain" href="/">
            To the board
          </a>
        )}
      </p>
      {own && (
        <p class="quiet">
          Whoever has this link sees the picture and the receipt of this bet. Neither says who you are, and
          the page is not listed anywhere.
        </p>
      )}
    </main>
  );
}
