import type { Config } from '../config.ts';
import { refusals } from '../http/pages/refusal.tsx';
import type { StaticFiles } from '../http/pages/static.ts';
import { limitKeys, LOCAL_PEER } from '../identity/client-address.ts';
import { Cookies } from '../identity/cookies.ts';
import { isOwnAddress, provenanceOf } from '../identity/origin.ts';
import type { Log } from '../upkeep/log.ts';
import { Turns } from '../upkeep/turns.ts';
import type { SharedState } from './shared-state.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

interface Parts {
  readonly config: Config;
  readonly shared: SharedState;
  readonly files: StaticFiles;
  readonly now: () => number;
  readonly log: Log;
}

/** What every listener needs to know callers by, and how much anybody may ask of this process. */
export const frontOf = ({ config, shared, files, now, log }: Parts) => ({
  cookies: new Cookies(config.publicOrigin),
  origins: {
    cameFrom: provenanceOf(config.publicOrigin),
    isOwnAddress: isOwnAddress(config.publicOrigin),
  },
  addressOf: addressOf(config),
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
  refuse: refusals(files),
  files,
  now,
  log,
});
export type Front = ReturnType<typeof frontOf>;

/**
 * The name under which limits count a caller. Without an address on a port it has gone already, and nothing
 * that it forwarded is believed.
 */
function addressOf({ trustedProxies, listenSocket }: Config) {
  const keyOf = limitKeys(trustedProxies);
  return (peer: string | null, headers: Headers): string =>
    peer === null && listenSocket === null ? LOCAL_PEER : keyOf(peer, headers);
}
