import type { VenueName } from '../../server/feed/spec.ts';
import { binance } from './protocols/binance.ts';
import { bitstamp } from './protocols/bitstamp.ts';
import { bybit } from './protocols/bybit.ts';
import { coinbase } from './protocols/coinbase.ts';
import { kraken } from './protocols/kraken.ts';
import { okx } from './protocols/okx.ts';
import type { Protocol } from './protocols/protocol.ts';

/** How each venue speaks. */
export const PROTOCOLS: Readonly<Record<VenueName, Protocol>> = {
  coinbase,
  kraken,
  bitstamp,
  binance,
  okx,
  bybit,
};
