import { IMPORT_HINT } from './recording.ts';
import { WALK_VOLATILITY_BP_MAX, WALK_VOLATILITY_BP_MIN } from './walk.ts';

/** Venues by what they quote BTC in. The two groups are never mixed: USDT is not a dollar. */
export const VENUES = {
  USD: ['coinbase', 'kraken', 'bitstamp'],
  USDT: ['binance', 'okx', 'bybit'],
} as const;

/** What `live` and `auto` are where no venue is named: one that is added above joins no house by itself. */
export const DEFAULT_VENUES: readonly VenueName[] = ['coinbase', 'kraken', 'bitstamp'];

export type VenueName = (typeof VENUES)[keyof typeof VENUES][number];

const SEED_LENGTH_MAX = 64;

export type FeedSpec =
  | { readonly kind: 'auto' }
  | { readonly kind: 'live'; readonly venues: readonly VenueName[] }
  | { readonly kind: 'replay'; readonly file: string; readonly loop: boolean }
  | { readonly kind: 'walk'; readonly seed: string; readonly volatilityBp?: number };

/**
 * `auto` | `live` | `live:<venue>,<venue>…` | `replay:<file>` | `replay:<file>?loop` | `walk:<seed>` |
 * `walk:<seed>:<bp per √s>`.
 * @returns `error`: a message for the author of the configuration
 */
export function parseFeedSpec(text: string): { readonly ok: FeedSpec } | { readonly error: string } {
  const [kind, rest] = splitOnce(text, ':');
  if (kind === 'auto' && rest === null) return { ok: { kind } };
  if (kind === 'live') return rest === null ? { ok: { kind, venues: DEFAULT_VENUES } } : liveSpec(rest);
  if (kind === 'replay' && rest !== null) return replaySpec(rest);
  if (kind === 'walk' && rest !== null) return walkSpec(rest);
  return {
    error:
      `"${text}" is not a feed; expected auto, live, live:<venue>,<venue>, ` +
      'replay:<file>, replay:<file>?loop or walk:<seed>',
  };
}

function liveSpec(list: string): ReturnType<typeof parseFeedSpec> {
  const venues = list.split(',').map((name) => name.trim());
  const known: readonly string[] = [...VENUES.USD, ...VENUES.USDT];
  const stranger = venues.find((name) => !known.includes(name));
  if (stranger !== undefined) return { error: `"${stranger}" is not a venue; expected ${known.join(', ')}` };
  if (new Set(venues).size < venues.length) return { error: `a venue appears twice in "${list}"` };
  const isDollar = (name: string): boolean => (VENUES.USD as readonly string[]).includes(name);
  if (venues.some(isDollar) && !venues.every(isDollar))
    return {
      error:
        `"${list}" mixes venues that quote USD (${VENUES.USD.join(', ')}) with venues that quote USDT ` +
        `(${VENUES.USDT.join(', ')})`,
    };
  return { ok: { kind: 'live', venues: venues as VenueName[] } };
}

function replaySpec(rest: string): ReturnType<typeof parseFeedSpec> {
  const loop = rest.endsWith('?loop');
  const file = loop ? rest.slice(0, -'?loop'.length) : rest;
  return /\.csv(\.gz)?$/.test(file)
    ? { ok: { kind: 'replay', file, loop } }
    : { error: `"${file}" does not end in .csv or .csv.gz. ${IMPORT_HINT}.` };
}

function walkSpec(rest: string): ReturnType<typeof parseFeedSpec> {
  const [seed, bp] = splitOnce(rest, ':');
  if (!/^[\w.-]+$/.test(seed) || seed.length > SEED_LENGTH_MAX)
    return {
      error: `expected a seed of 1 to ${SEED_LENGTH_MAX} letters, digits, dots, dashes or underscores`,
    };
  if (bp === null) return { ok: { kind: 'walk', seed } };
  const volatilityBp = /^\d+(\.\d+)?$/.test(bp) ? Number(bp) : NaN;
  if (!(volatilityBp >= WALK_VOLATILITY_BP_MIN && volatilityBp <= WALK_VOLATILITY_BP_MAX))
    return {
      error:
        `expected a walk's volatility from ${WALK_VOLATILITY_BP_MIN} to ${WALK_VOLATILITY_BP_MAX} bp ` +
        `per √s, not "${bp}"`,
    };
  return { ok: { kind: 'walk', seed, volatilityBp } };
}

function splitOnce(text: string, mark: string): [string, string | null] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
