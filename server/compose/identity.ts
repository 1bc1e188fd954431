import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import { Challenges } from '../identity/challenges.ts';
import { PracticeComeback } from '../identity/comeback.ts';
import { Login } from '../identity/login.ts';
import { SessionBook } from '../identity/sessions.ts';
import { WalletVerifier } from '../identity/wallet-verifier.ts';
import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
import type { SessionEnd } from '../ports/sessions.ts';
import type { Opened } from './opened.ts';
import type { SharedState } from './shared-state.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Parts {
  readonly config: Config;
  readonly house: House;
  readonly books: Books;
  readonly shared: SharedState;
}

/** Who is who: sessions, and the ways to get one. */
export function openIdentity({ config, house, books, shared }: Parts, opened: Opened) {
  const idleMs = config.sessionIdleMinutes * MINUTE_MS;
  const local = new SessionBook(house, books, idleMs);
  const rules = {
    origin: config.publicOrigin,
    chainIds: config.chainIds,
    practiceGrant: config.practiceGrantMicros,
    stakeMax: config.keyStakeMicrosMax,
    dailyCap: config.keyDailyCapMicros,
    sessionMs: config.sessionHours * HOUR_MS,
  };
  const parts = {
    house,
    books,
    challenges: new Challenges(
      { lifeMs: config.challengeMinutes * MINUTE_MS, triesMax: config.challengeTries },
      randomBytes,
      undefined,
      () => house.runSecret,
    ),
    wallets: opened.add('wallet verifier', new WalletVerifier(), (wallets) => wallets.close()),
    random: randomBytes,
    newId: (at: number) => Bun.randomUUIDv7('hex', at),
  };
  const sessions = shared.sessions(local, idleMs);
  house.events.on('ended', (end) => void sessions.forget(end));
  house.events.on('resumed', () => local.forgetAll());
  return {
    sessions,
    login: new Login(rules, parts),
    comeback: new PracticeComeback(rules, { ...parts, sessions: local }),
    /** Called after sessions were ended, here or elsewhere. */
    onEnd: (tell: (end: SessionEnd) => void) => local.onEnd(tell),
  };
}
