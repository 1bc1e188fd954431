import { optional, text, url, urlMap, whole } from '../config-value.ts';
import { key } from '../config-key.ts';

const FEED_SHAPE =
  /^(auto|live(:[a-z][a-z0-9]{1,19}(, *[a-z][a-z0-9]{1,19}){0,15})?|replay:[^?\0]{1,1000}(\?loop)?|walk:[\w.-]{1,64}(:\d{1,3}(\.\d{1,3})?)?)$/;

/** Where prices come from, and when they count. */
export const PRICES = {
  feed: key(
    'FEED',
    text(
      'auto, live, live:<venues, separated by commas>, replay:<file>, replay:<file>?loop or walk:<seed>',
      FEED_SHAPE,
    ),
    'auto',
    'replay:ticks.csv.gz?loop',
    'Source of prices; auto tries the exchanges, and warns loudly if it falls back to simulated prices.',
  ),
  feedUrls: key(
    'FEED_URLS',
    urlMap('ws:', 'wss:'),
    '',
    'kraken=ws://127.0.0.1:9000',
    'Other addresses for the named venues.',
  ),
  httpsProxy: {
    ...key(
      'HTTPS_PROXY',
      optional(url('http:', 'https:')),
      '',
      'http://proxy.example:3128',
      'HTTP proxy (CONNECT) to reach the exchanges; addresses on this machine are reached directly.',
      true,
    ),
    anyCase: true,
  },
  noProxy: {
    ...key(
      'NO_PROXY',
      text('hosts, separated by commas', /^[\x20-\x7e]{0,2000}$/),
      '',
      'intern.example,10.0.0.7',
      'Hosts to reach without HTTPS_PROXY; * for all of them.',
    ),
    anyCase: true,
  },
  tickMs: key('TICK_MS', whole('ms', 20, 1000), '100', '100', 'Time between two oracle ticks.'),
  quorum: key(
    'QUORUM',
    whole('venues', 1, 6),
    '2',
    '3',
    'Venues that must agree for a tick; replay and walk are a single venue and need one.',
  ),
  maxGapMs: key(
    'MAX_GAP_MS',
    whole('ms', 500, 60_000),
    '3000',
    '3000',
    'A longer gap between ticks voids the bets whose window it overlaps.',
  ),
} as const;
