import type { Config } from '../config.ts';
import type { StoreOptions } from '../store/store.ts';

const PERCENT = 0.01;

/** How this configuration opens the books. @param at now, UTC epoch ms. */
export const storeOptions = (config: Config, at: number): StoreOptions => ({
  dataDir: config.dataDir,
  caps: {
    cellShare: config.exposureCellPercent * PERCENT,
    columnShare: config.exposureColumnPercent * PERCENT,
    totalShare: config.exposureTotalPercent * PERCENT,
    accountShare: config.exposureAccountPercent * PERCENT,
    openBetsMax: config.openBetsMax,
  },
  bankrolls: { PLAY: config.playBankrollMicros, USD: config.usdBankrollMicros },
  at,
});
