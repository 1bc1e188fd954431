import { ARCHIVE } from './config/archive.ts';
import { BACKUP } from './config/backup.ts';
import { BOARD } from './config/board.ts';
import { BREAKER } from './config/breaker.ts';
import { BANKROLL } from './config/bankroll.ts';
import { IDENTITY } from './config/identity.ts';
import { LIMITS } from './config/limits.ts';
import { OPERATOR } from './config/operator.ts';
import { OTHERS } from './config/others.ts';
import { PRICES } from './config/prices.ts';
import { SERVER } from './config/server.ts';
import { TAPS } from './config/taps.ts';

/** The keys by the heading under which documents list them. */
export const CONFIG_GROUPS = {
  Server: SERVER,
  Prices: PRICES,
  Board: BOARD,
  Taps: TAPS,
  House: BANKROLL,
  Identity: IDENTITY,
  'Circuit breaker': BREAKER,
  Limits: LIMITS,
  Others: OTHERS,
  Backup: BACKUP,
  Operator: OPERATOR,
  Archive: ARCHIVE,
} as const;

/** Every key, by the name of its property in the configuration. */
export const CONFIG_KEYS = {
  ...SERVER,
  ...PRICES,
  ...BOARD,
  ...TAPS,
  ...BANKROLL,
  ...IDENTITY,
  ...BREAKER,
  ...LIMITS,
  ...OTHERS,
  ...BACKUP,
  ...OPERATOR,
  ...ARCHIVE,
} as const;
