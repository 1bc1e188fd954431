import type { Config } from '../config.ts';
import { refusals } from '../http/pages/refusal.tsx';
import type { StaticFiles } from '../http/pages/static.ts';
import type { BlockedAddresses } from '../identity/blocked-addresses.ts';
import { limitKeys, LOCAL_PEER } from '../identity/client-address.ts';
import { isOwnAddress, provenanceOf } from '../identity/origin.ts';
import type { ArchiveDesk } from '../ports/archived.ts';
import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
import { receiptDesk } from '../receipt/receipt.ts';
import type { Log } from '../upkeep/log.ts';
import { Turns } from '../upkeep/turns.ts';
import type { openIdentity } from './identity.ts';
import type { SharedState } from './shared-state.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

interface Parts {
  readonly config: Config;
  readonly house: House;
  readonly books: Books;
  readonly shared: SharedState;
  readonly identity: ReturnType<typeof openIdentity>;
  readonly archive: ArchiveDesk;
  readonly blocked: BlockedAddresses;
  readonly files: StaticFiles;
  readonly now: () => number;
  readonly log: Log;
}

/** What pages, API and sockets have in common: whom they ask, how much anybody may, and by which rules. */
export const edgeOf = ({
  config,
  house,
  books,
  shared,
  identity,
  archive,
  blocked,
  files,
  now,
  log,
}: Parts) => ({
  house,
  books,
  receiptOf: receiptDesk(books),
  archive,
  sessions: identity.sessions,
  cookies: identity.cookies,
  origins: {
    cameFrom: provenanceOf(config.publicOrigin),
    isOwnAddress: isOwnAddress(config.publicOrigin),
  },
  addressOf: addressOf(config),
  isBlocked: blocked.has,
  limits: {
    requests: shared.rates('requests', {
      limit: config.requestsPerSecondMax * 2,
      windowMs: 2 * SECOND_MS,
    }),
    practice: shared.rates('practice', { limit: config.practicePerHourMax, windowMs: HOUR_MS }),
    taps: shared.rates('taps', { limit: config.tapsPerSecondMax * 2, windowMs: 2 * SECOND_MS }),
    socketsMax: config.socketsMax,
    socketsPerAddressMax: config.socketsPerAddressMax,
  },
  turns: new Turns(),
  rules: {
    stakes: config.stakesMicros,
    windowMs: config.windowMs,
    holdMs: config.holdMs,
    quoteTtlMs: config.quoteTtlMs,
    deadlineMsMax: config.deadlineMsMax,
    tapsPerSignatureMax: config.tapsPerSignatureMax,
    maxGapMs: config.maxGapMs,
    guardPercent: config.guardPercent,
    practiceGrant: config.practiceGrantMicros,
  },
  refuse: refusals(files),
  terms: config,
  origin: config.publicOrigin,
  now,
  log,
});

/**
 * The name under which limits count a caller. Without an address on a port it has gone already, and nothing
 * that it forwarded is believed.
 */
function addressOf({ trustedProxies, listenSocket }: Config) {
  const keyOf = limitKeys(trustedProxies);
  return (peer: string | null, headers: Headers): string =>
    peer === null && listenSocket === null ? LOCAL_PEER : keyOf(peer, headers);
}
