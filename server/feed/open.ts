import { randomUUID } from 'node:crypto';
import type { Cents } from '../game/price.ts';
import type { TickSource } from '../game/tick.ts';
import { AutoFeed } from './auto.ts';
import { systemClock, type Clock } from './clock.ts';
import { CONSENSUS_DEFAULTS, consensusOf } from './consensus.ts';
import type { Feed, VenueNews } from './feed.ts';
import { ADAPTERS, LiveFeed } from './live.ts';
import { complaintOf, qualityOf } from './recording-quality.ts';
import { readRecording } from './recording.ts';
import { ReplayFeed } from './replay.ts';
import type { SocketLimits } from './socket.ts';
import { DEFAULT_VENUES, parseFeedSpec, type VenueName } from './spec.ts';
import type { VenueLimits } from './venue.ts';
import { WalkFeed } from './walk.ts';

export interface FeedOptions {
  readonly clock?: Clock;
  /** Uniform in [0, 1), for the jitter of reconnects. */
  readonly random?: () => number;
  /**
   * Venues that must agree; 2 unless told. Recorded and synthetic prices have one venue and a quorum of 1.
   */
  readonly quorum?: number;
  /** ws:// or wss:// addresses instead of the venues' own. */
  readonly urls?: Readonly<Partial<Record<VenueName, string>>>;
  readonly venueLimits?: Partial<VenueLimits>;
  readonly socketLimits?: Partial<SocketLimits>;
  /** Of a recording that begins again: time between two rounds, ms. */
  readonly seamMs?: number;
  /** Where a walk continues after a restart. */
  readonly startPrice?: Cents;
  /** Of `auto`: seed of the walk that takes over, a random one unless told. */
  readonly fallbackSeed?: string;
  /** Of `auto`: the walk's volatility in bp per √s. */
  readonly fallbackVolatilityBp?: number;
  readonly fallbackAfterMs?: number;
  /** Of `auto`: told in words when the exchanges made no price and simulated prices take over. */
  readonly onFallback?: (reason: string) => void;
  /** Told of each exchange's going and coming. */
  readonly onVenue?: (news: VenueNews) => void;
  /** The proxy between this machine and a venue's address; undefined for none. */
  readonly proxyOf?: (url: string) => string | undefined;
}

/** `warning`: a sentence for the operator about a feed that can be played only in parts. */
export type FeedResult =
  | { readonly ok: Feed; readonly warning?: string }
  | { readonly error: { readonly code: string; readonly message: string } };

/**
 * Builds the feed that a specification names (see {@link parseFeedSpec}); it does nothing before its start. A
 * recording is read here, whole.
 */
export function openFeed(text: string, options: FeedOptions = {}): FeedResult {
  const parsed = parseFeedSpec(text);
  if ('error' in parsed) return refused('feed_bad_spec', parsed.error);
  const spec = parsed.ok;
  const clock = options.clock ?? systemClock;
  const walk = (seed: string, volatilityBp?: number): Feed =>
    new WalkFeed({ seed, volatilityBp, startPrice: options.startPrice, now: () => clock.now() });
  switch (spec.kind) {
    case 'walk':
      return { ok: walk(spec.seed, spec.volatilityBp) };
    case 'replay': {
      const recording = readRecording(spec.file);
      if ('error' in recording) return recording;
      const complaint = complaintOf(recording.ok.file, qualityOf(recording.ok));
      if (complaint?.unplayable) return refused('replay_too_coarse', complaint.message);
      return {
        ok: new ReplayFeed(recording.ok, { loop: spec.loop, seamMs: options.seamMs, now: () => clock.now() }),
        warning: complaint?.message,
      };
    }
    case 'live':
      return openLive(spec.venues, clock, options);
    case 'auto': {
      const live = openLive(DEFAULT_VENUES, clock, options);
      if ('error' in live) return live;
      const {
        fallbackAfterMs,
        fallbackSeed = randomUUID(),
        fallbackVolatilityBp,
        onFallback = () => {},
      } = options;
      const agree = (sources: readonly TickSource[]) =>
        consensusOf(sources, { ...CONSENSUS_DEFAULTS, quorum: live.ok.quorum }) !== null;
      return {
        ok: new AutoFeed({
          live: live.ok,
          walk: walk(fallbackSeed, fallbackVolatilityBp),
          clock,
          fallbackAfterMs,
          agree,
          onFallback,
        }),
      };
    }
  }
}

function openLive(venues: readonly VenueName[], clock: Clock, options: FeedOptions): FeedResult {
  const quorum = options.quorum ?? CONSENSUS_DEFAULTS.quorum;
  if (!Number.isInteger(quorum) || quorum < 1)
    return refused('feed_bad_quorum', 'the quorum must be a whole number of at least 1');
  if (quorum > venues.length)
    return refused('feed_bad_quorum', `a quorum of ${quorum} is impossible with only ${venues.join(', ')}`);
  for (const [venue, url] of Object.entries(options.urls ?? {})) {
    if (!Object.hasOwn(ADAPTERS, venue))
      return refused(
        'feed_bad_url',
        `"${venue}" is not a venue; expected ${Object.keys(ADAPTERS).join(', ')}`,
      );
    if (!/^wss?:$/.test(URL.parse(url)?.protocol ?? ''))
      return refused('feed_bad_url', `the address of ${venue} is not a ws:// or wss:// address`);
  }
  const { random = Math.random, urls, venueLimits: limits, socketLimits, onVenue, proxyOf } = options;
  return {
    ok: new LiveFeed(venues, { clock, random, quorum, urls, limits, socketLimits, onVenue, proxyOf }),
  };
}

const refused = (code: string, message: string): FeedResult => ({ error: { code, message } });
