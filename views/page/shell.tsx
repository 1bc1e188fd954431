import { Html } from '@elysiajs/html';
import type { Health } from '../../server/ports/events.ts';
import { IDS } from '../ids.ts';
import { Banners, type FeedNotice } from '../notice/banner.tsx';
import { People } from '../others/people.tsx';
import { AccountSheet } from '../session/account.tsx';
import { AwaySheet } from '../session/away.tsx';
import { Reminder } from '../session/reminder.tsx';
import { SigninSheet, type Scope } from '../session/signin.tsx';
import { PAGE_COLOURS } from './colours.ts';
import { Tabs, type Section } from './tabs.tsx';
import { Balance, type SessionBalance } from '../wallet/balance.tsx';
import type { OwnLimits } from '../../server/game/own-limits.ts';
import type { HeadlineNotice } from '../../server/game/headline.ts';
import type { Announced } from '../../server/game/maintenance.ts';
import type { Micros } from '../../server/game/money.ts';
import { UNRESTRICTED, type Restriction } from '../../server/game/restriction.ts';

export type Theme = 'auto' | 'dark' | 'light';

/** What every page needs to know about who looks at it and on what ground. */
export interface Visit {
  readonly theme: Theme;
  readonly feed: FeedNotice;
  readonly health: Health;
  readonly maintenance: Announced | null;
  readonly headline: HeadlineNotice | null;
  /** Who have the board open; null where nothing of others is shown. */
  readonly people: number | null;
  /** The address that signed texts name. */
  readonly origin: string;
  /** The page was opened at another address than that one: it shows prices, and cannot be played. */
  readonly elsewhere: boolean;
  /** Chains from which a wallet may sign in. */
  readonly chainIds: readonly number[];
  readonly grant: Micros;
  readonly scope: Scope;
  /** Null for a visitor who has not signed in. */
  readonly trader: {
    readonly sessionId: string;
    readonly sessionBalance: SessionBalance;
    readonly address: string | null;
    readonly limits: OwnLimits;
    readonly restriction: Restriction;
    /** Under which others see a practice account; null for who has not agreed to be shown. */
    readonly publicName: string | null;
  } | null;
  /** `app.css` → the address under which its present content may be kept for ever. */
  readonly asset: (path: string) => string;
}

export interface ShellProps {
  readonly visit: Visit;
  readonly title: string;
  readonly section: Section;
  /** Address of the socket that the board keeps; the other pages are plain documents. */
  readonly live?: string;
  readonly openCount?: number;
  /** Where it has a picture of its own. */
  readonly card?: LinkCard;
  /** What few pages need: a style sheet, and a module, by name, such as `receipt`. */
  readonly sheet?: string;
  readonly module?: string;
  readonly children: JSX.Element;
}

/** What networks show where somebody posts a link to the page. Paths begin with a slash. */
export interface LinkCard {
  readonly title: string;
  readonly about: string;
  readonly path: string;
  readonly image: string;
  readonly imageAbout: string;
  readonly width: number;
  readonly height: number;
}

/**
 * No styles by script, no evaluation, no history of its own: what htmx may not do under the content policy is
 * switched off.
 */
const HTMX_CONFIG = JSON.stringify({
  includeIndicatorCSS: false,
  history: false,
  extensions: 'ws',
  // One module decides when to reconnect and notices dead connections: static/live/link.js.
  ws: { reconnect: false, pauseOnBackground: false, maxOutgoingMessagesQueueSize: 0 },
});

export function Shell({
  visit,
  title,
  section,
  live,
  openCount,
  card,
  sheet,
  module,
  children,
}: ShellProps): JSX.Element {
  const { asset, trader } = visit;
  const entry = live ? 'board.js' : 'page.js';
  return (
    <>
      {'<!doctype html>'}
      <html lang="en" data-theme={visit.theme}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
          <meta name="color-scheme" content={visit.theme === 'auto' ? 'dark light' : visit.theme} />
          <ThemeColour theme={visit.theme} />
          <LinkCardTags origin={visit.origin} card={card ?? cardOf(title, asset('card.png'))} />
          <meta name="htmx-config" content={HTMX_CONFIG} />
          <title safe>{`${title} · Tapgrid`}</title>
          <link rel="icon" href={asset('icon.svg')} type="image/svg+xml" />
          <link rel="apple-touch-icon" href={asset('icon-apple.png')} />
          <link rel="manifest" href="/manifest.webmanifest" />
          <link rel="stylesheet" href={asset('app.css')} />
          {sheet && <link rel="stylesheet" href={asset(`${sheet}.css`)} />}
          {/* Before htmx: scripts run in this order, and the first frame must find someone who listens. */}
          <script src={asset(entry)} type="module"></script>
          {module && <script src={asset(`${module}.js`)} type="module"></script>}
          <script src={asset('vendor/htmx.min.js')} defer></script>
          {live && <script src={asset('vendor/hx-ws.min.js')} defer></script>}
        </head>
        <body
          class={live ? 'live' : 'document'}
          data-origin={visit.origin}
          data-elsewhere={visit.elsewhere ? 'true' : undefined}
          data-session={trader?.sessionId}
          data-currency={trader?.sessionBalance.currency}
          data-played={trader ? String(trader.sessionBalance.sinceMs) : undefined}
          data-chains={visit.chainIds.join(' ')}
        >
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <Bar visit={visit} section={section} live={live !== undefined} />
          <Banners
            feed={visit.feed}
            health={visit.health}
            maintenance={visit.maintenance}
            headline={visit.headline}
            restriction={trader?.restriction ?? UNRESTRICTED}
            pausedUntil={trader?.limits.pausedUntil ?? null}
            playAt={visit.origin}
            elsewhere={visit.elsewhere}
          />
          {children}
          <Tabs section={section} openCount={openCount ?? 0} showOthers={visit.people !== null} />
          <SigninSheet grant={visit.grant} scope={visit.scope} />
          {trader?.sessionBalance.currency === 'PLAY' && <AwaySheet />}
          {/* The page of its own has the same fields; a radio of one name is pressed once in a document. */}
          {trader && section !== 'account' && (
            <AccountSheet
              limits={trader.limits}
              restriction={trader.restriction}
              address={trader.address}
              publicName={nameFormOf(visit)}
              isSpent={trader.sessionBalance.isSpent}
              theme={visit.theme}
            />
          )}
          {trader && <Reminder sessionBalance={trader.sessionBalance} />}
          <section id={IDS.toast} class="toast" aria-label="Notice" hidden></section>
          <p id={IDS.said} class="unseen" aria-live="polite"></p>
          {live && <div id={IDS.live} hx-ws:connect={live} hx-swap="none" hidden></div>}
        </body>
      </html>
    </>
  );
}

const ABOUT = 'Tap the price bands that BTC will touch.';

const cardOf = (title: string, image: string): LinkCard => ({
  title: `${title} · Tapgrid`,
  about: ABOUT,
  path: '/',
  image,
  imageAbout: 'A price line runs into a grid of multipliers',
  width: 1200,
  height: 630,
});

function LinkCardTags({ origin, card }: { origin: string; card: LinkCard }): JSX.Element {
  return (
    <>
      <meta name="description" content={card.about} />
      <meta property="og:site_name" content="Tapgrid" />
      <meta property="og:title" content={card.title} />
      <meta property="og:description" content={card.about} />
      <meta property="og:type" content="website" />
      <meta property="og:url" content={origin + card.path} />
      <meta property="og:image" content={origin + card.image} />
      <meta property="og:image:width" content={String(card.width)} />
      <meta property="og:image:height" content={String(card.height)} />
      <meta property="og:image:alt" content={card.imageAbout} />
      <meta name="twitter:card" content="summary_large_image" />
    </>
  );
}

/** An attribute of `meta` that the types of the views do not know. */
const when = (scheme: 'dark' | 'light') => ({ media: `(prefers-color-scheme: ${scheme})` });

/** What a phone paints around the page. */
function ThemeColour({ theme }: { theme: Theme }): JSX.Element {
  if (theme !== 'auto') return <meta name="theme-color" content={PAGE_COLOURS[theme]} />;
  return (
    <>
      <meta name="theme-color" content={PAGE_COLOURS.dark} {...when('dark')} />
      <meta name="theme-color" content={PAGE_COLOURS.light} {...when('light')} />
    </>
  );
}

/** What the form of a public name begins with; null where there is none to choose. */
export const nameFormOf = ({ people, trader }: Visit): { readonly name: string | null } | null =>
  people !== null && trader?.sessionBalance.currency === 'PLAY' ? { name: trader.publicName } : null;

const PLACES: readonly (readonly [Section, string, string])[] = [
  ['board', '/', 'Board'],
  ['history', '/history', 'History'],
  ['statement', '/statement', 'Statement'],
  ['leaderboard', '/leaderboard', 'Leaderboard'],
  ['fairness', '/fairness', 'Fairness'],
  ['rules', '/rules', 'How it works'],
];

function Bar({ visit, section, live }: { visit: Visit; section: Section; live: boolean }): JSX.Element {
  const { trader, people } = visit;
  const places = PLACES.filter(([name]) => name !== 'leaderboard' || people !== null);
  return (
    <header class={['bar', people !== null && 'crowded']}>
      <a class="brand" href="/">
        tap<i>grid</i>
      </a>
      {trader?.sessionBalance.currency === 'PLAY' && <span class="tag">practice</span>}
      <nav class="places" aria-label="Pages">
        {places.map(([name, href, label]) => (
          <a href={href} aria-current={name === section ? 'page' : undefined} safe>
            {label}
          </a>
        ))}
      </nav>
      <span class="spring"></span>
      <span class="dot" title="connection"></span>
      {live && people !== null && <People people={people} />}
      {trader ? (
        <>
          <Balance sessionBalance={trader.sessionBalance} />
          <a class="icon" href="/account" data-sheet={IDS.account} aria-label="Account and settings">
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M3 6h14M3 14h14" />
              <circle cx="8" cy="6" r="2.2" />
              <circle cx="13" cy="14" r="2.2" />
            </svg>
          </a>
        </>
      ) : (
        <>
          <a class="quiet sign-in" href="/signin" data-sheet={IDS.signin}>
            Sign in
          </a>
          <a class="button small" href="/signin" data-sheet={IDS.signin}>
            Try it
          </a>
        </>
      )}
    </header>
  );
}
