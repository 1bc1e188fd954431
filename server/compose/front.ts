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
  /** Processes that callers are spread over, and that count each for itself unless Redis counts for all. */
  readonly processes: number;
  /** Whether callers come through a unix socket, where a proxy alone knows their addresses. */
  readonly behindSocket: boolean;
}

/** What every listener needs to know callers by, and how much anybody may ask of this process. */
export const frontOf = ({ config, shared, files, now, log, processes, behindSocket }: Parts) => ({
  cookies: new Cookies(config.publicOrigin),
  origins: {
    cameFrom: provenanceOf(config.publicOrigin),
    isOwnAddress: isOwnAddress(config.publicOrigin),
  },
  addressOf: addressOf(config, behindSocket),
  limits: {
    requests: shared.rates('requests', {
      limit: shareOf(config.requestsPerSecondMax * 2, config, processes),
      windowMs: 2 * SECOND_MS,
    }),
    practice: shared.rates('practice', {
      limit: shareOf(config.practicePerHourMax, config, processes),
      windowMs: HOUR_MS,
    }),
    taps: shared.rates('taps', {
      // One signature's taps must pass at all.
      limit: Math.max(config.tapsPerSignatureMax, shareOf(config.tapsPerSecondMax * 2, config, processes)),
      windowMs: 2 * SECOND_MS,
    }),
    names: shared.rates('names', {
      limit: shareOf(config.namesPerHourMax, config, processes),
      windowMs: HOUR_MS,
    }),
    socketsMax: Math.ceil(config.socketsMax / processes),
    socketsPerAddressMax: Math.ceil(config.socketsPerAddressMax / processes),
  },
  turns: new Turns(),
  refuse: refusals(files),
  files,
  now,
  log,
});
export type Front = ReturnType<typeof frontOf>;

/** With Redis all processes count together, so each has the whole limit. */
const shareOf = (limit: number, { redisUrl }: Pick<Config, 'redisUrl'>, processes: number): number =>
  redisUrl === null ? Math.ceil(limit / processes) : limit;

/**
 * The name under which limits count a caller. Without an address on a port it has gone already, and nothing
 * that it forwarded is believed.
 */
function addressOf({ trustedProxies }: Config, behindSocket: boolean) {
  const keyOf = limitKeys(trustedProxies);
  return (peer: string | null, headers: Headers): string =>
    peer === null && !behindSocket ? LOCAL_PEER : keyOf(peer, headers);
}
