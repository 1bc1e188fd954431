import type { AnyElysia } from 'elysia';
import type { Config } from '../config.ts';
import { defaultWindow } from '../game/boards.ts';
import { createApp } from '../http/app.ts';
import type { HouseRules } from '../http/deps.ts';
import type { PagesDeps } from '../http/pages/deps.ts';
import { pages } from '../http/pages/pages.ts';
import type { Traffic } from '../http/traffic.ts';
import { fitToShow } from '../identity/name-filter.ts';
import { BlockedAddresses } from '../identity/blocked-addresses.ts';
import type { LiveDeps } from '../live/deps.ts';
import { liveHub } from '../live/socket.ts';
import type { ArchiveDesk } from '../ports/archived.ts';
import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
import { receiptDesk } from '../receipt/receipt.ts';
import type { CardDesk } from '../http/cards/card-desk.ts';
import type { Front } from './front.ts';
import { openIdentity } from './identity.ts';
import type { Opened } from './opened.ts';
import type { SharedState } from './shared-state.ts';

interface Parts {
  readonly config: Config;
  readonly house: House;
  readonly books: Books;
  readonly shared: SharedState;
  readonly archive: ArchiveDesk;
  readonly cards: CardDesk;
  readonly front: Front;
}

/**
 * What strangers meet: who is who, pages, API and sockets. Of what moves it knows the house alone, and of the
 * books what can be read.
 */
export function openEdgeSide({ config, house, books, shared, archive, cards, front }: Parts, opened: Opened) {
  const blocked = new BlockedAddresses(house.blockedRanges());
  house.events.on('blockedRanges', (ranges) => blocked.replace(ranges));
  const { sessions, login, comeback, onEnd } = openIdentity({ config, house, books, shared }, opened);
  const edge = {
    ...front,
    house,
    books,
    receiptOf: receiptDesk(books),
    archive,
    sessions,
    isBlocked: blocked.has,
    rules: rulesOf(config),
    isFitToShow: fitToShow(config.namesReserved),
    showOthers: config.showOthers,
    terms: config,
    origin: config.publicOrigin,
  };
  const { hub, plugin: live } = liveHub(edge);
  opened.add('hub', hub, (one) => one.stop());
  onEnd((end) => hub.endSessions(end));
  const lookAtToday = (accountId: string) => hub.today(accountId);
  const site = pages({
    ...edge,
    chainIds: config.chainIds,
    securityContact: config.securityContact,
    grant: config.practiceGrantMicros,
    scope: { stakeMax: config.keyStakeMicrosMax, dailyCap: config.keyDailyCapMicros },
    sessionBalanceOf: (session) => hub.sessionBalanceOf(session),
    lookAtToday,
    cards,
  });
  const draining = () => hub.draining;
  return {
    hub,
    /** What looks at this edge from outside. */
    watched: { ...edge, sockets: () => hub.size, draining },
    /** The whole public side. @param others are mounted beside pages and sockets. */
    app: (traffic: Traffic, others: readonly AnyElysia[] = []) =>
      createApp(
        { ...edge, draining, login, comeback, lookAtToday, plugins: [live, site, ...others] },
        traffic,
      ),
  };
}

/** What API, sockets and pages each say that they need to know, and nothing else. */
const rulesOf = (config: Config): HouseRules & LiveDeps['rules'] & PagesDeps['rules'] => ({
  stakes: config.stakesMicros,
  windows: config.windows,
  windowMs: defaultWindow(config.windows),
  betsPerCellMax: config.betsPerCellMax,
  holdMs: config.holdMs,
  quoteTtlMs: config.quoteTtlMs,
  deadlineMsMax: config.deadlineMsMax,
  tapsPerSignatureMax: config.tapsPerSignatureMax,
  maxGapMs: config.maxGapMs,
  guardPercent: config.guardPercent,
  practiceGrant: config.practiceGrantMicros,
});
