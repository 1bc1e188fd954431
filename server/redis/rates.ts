import type { Limiter, LocalLimiter, RateRule, RateVerdict } from '../ports/rates.ts';
import { KEYS } from './channels.ts';
import type { RedisLink } from './link.ts';

/**
 * The bucket is a hash of tokens and the time at which they were counted, by Redis' own clock, so that
 * processes whose clocks differ share it. It is full again after one window and may vanish then.
 */
const TAKE = `
local limit, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(kept[1]) or limit
local at = tonumber(kept[2]) or now
tokens = math.min(limit, tokens + math.max(0, now - at) * limit / window)
local ok = 0
if tokens >= cost then
  tokens = tokens - cost
  ok = 1
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%d', now))
redis.call('PEXPIRE', KEYS[1], window)
return {ok, tostring(tokens)}`;
const TAKE_SHA = new Bun.CryptoHasher('sha1').update(TAKE).digest('hex');

/**
 * A limit that all processes share. This process counts for itself as if it were alone: what it refuses is
 * refused without asking, and when Redis goes, its own buckets are as full as its own callers left them.
 * Several processes then allow as many times the limit as there are of them.
 */
export class SharedRates implements Limiter {
  constructor(
    private readonly link: RedisLink,
    private readonly name: string,
    private readonly rule: RateRule,
    private readonly local: LocalLimiter,
  ) {}

  take(key: string, now: number, cost = 1): RateVerdict | Promise<RateVerdict> {
    const here = this.local.take(key, now, cost);
    return here.ok && this.link.away === null ? this.#shared(key, cost, here) : here;
  }

  async #shared(key: string, cost: number, here: RateVerdict): Promise<RateVerdict> {
    const { limit, windowMs } = this.rule;
    const words = [KEYS.rate(this.name, key), limit, windowMs, cost] as const;
    const taken = await this.link.ask((redis) =>
      redis
        .evalsha(TAKE_SHA, 1, ...words)
        .catch((error: Error) =>
          error.message.startsWith('NOSCRIPT') ? redis.eval(TAKE, 1, ...words) : Promise.reject(error),
        ),
    );
    if (taken === null) return here;
    const [okFlag, tokensText] = taken.ok as [number, string];
    const [ok, tokens] = [okFlag === 1, Number(tokensText)];
    const msFor = (missing: number) => Math.max(0, Math.ceil((missing * windowMs) / limit));
    return {
      ok,
      limit,
      windowMs,
      remaining: Math.floor(tokens),
      resetMs: msFor(limit - tokens),
      retryAfterMs: ok ? 0 : msFor(Math.min(cost, limit) - tokens),
    };
  }
}
