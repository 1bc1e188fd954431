import { randomUUID } from 'node:crypto';
import { Engine } from '../../server/engine/engine.ts';
import type { EngineOptions } from '../../server/engine/engine-parts.ts';
import { CONSENSUS_DEFAULTS, consensusOf } from '../../server/feed/consensus.ts';
import type { Feed } from '../../server/feed/feed.ts';
import { MULTIPLIER_MAX } from '../../server/game/formula.ts';
import { dollars } from '../../server/game/money.ts';
import type { Session } from '../../server/game/session.ts';
import { NonceBook } from '../../server/identity/nonces.ts';
import type { OrderAnswer } from '../../server/ports/house.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import { OPTIONS } from '../simulation/house-settings.ts';

export { TICK_MS } from '../simulation/house-settings.ts';
export const WINDOW_MS = OPTIONS.windows[0]!;
export const MAX_GAP_MS = OPTIONS.maxGapMs;

const CAPS = {
  cellShare: 0.1,
  columnShare: 0.5,
  totalShare: 1,
  accountShare: 0.5,
  openBetsMax: 500,
  betsPerCellMax: 5,
};

/** The engine on a feed, with its ledger in `dataDir`. */
export async function openHouse(
  dataDir: string,
  feed: Feed,
  now: () => number,
): Promise<{ store: Store; engine: Engine }> {
  const store = await openStore({
    dataDir,
    caps: CAPS,
    bankrolls: { PLAY: dollars(1_000_000), USD: dollars(0) },
    at: now(),
    inProcess: true,
    simulationWithoutFsync: true,
  });
  const options: EngineOptions = {
    ...OPTIONS,
    multiplierMax: MULTIPLIER_MAX,
    stakes: [dollars(1)],
    columnShare: CAPS.columnShare,
    watchFrozen: !feed.simulated,
  };
  const engine = new Engine(options, {
    feed: {
      simulated: feed.simulated,
      label: feed.label,
      quorum: feed.quorum,
      declaredVolatilityBp: feed.declaredVolatilityBp,
      sample: (at) => feed.sample(at),
      clockOffMs: (at) => feed.clockOffMs?.(at) ?? null,
      consensus: (sources) => consensusOf(sources, { ...CONSENSUS_DEFAULTS, quorum: feed.quorum }),
    },
    ledger: store.ledger,
    books: store.books,
    nonces: new NonceBook<OrderAnswer>(),
    now,
    steadyMs: now,
    newId: () => randomUUID(),
    verify: async () => true,
    walBytes: () => 0,
    diskUsedShare: () => 0,
    onFailure: (cause) => {
      throw cause;
    },
  });
  return { store, engine };
}

/** The session of the one trader there is. */
export const practiceSession = (now: number): Session => ({
  id: randomUUID(),
  accountId: randomUUID(),
  currency: 'PLAY',
  tokenHash: randomUUID(),
  publicKey: randomUUID(),
  stakeMax: dollars(100),
  dailyCap: dollars(100_000),
  createdAt: now,
  expiresAt: now + 1e9,
  seenAt: now,
});
