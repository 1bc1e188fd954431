import type { Micros } from '../../game/money.ts';
import type { Session } from '../../game/session.ts';
import type { LookAtToday } from '../../ports/today.ts';
import type { Scope } from '../../../views/session/signin.tsx';
import type { SessionBalance } from '../../../views/wallet/balance.tsx';
import type { CardDesk } from '../cards/card-desk.ts';
import type { HttpDeps } from '../deps.ts';
import type { StaticFiles } from './static.ts';

/** What the pages are put together from. */
export interface PagesDeps
  extends Pick<
    HttpDeps,
    | 'house'
    | 'books'
    | 'receiptOf'
    | 'archive'
    | 'sessions'
    | 'cookies'
    | 'origins'
    | 'addressOf'
    | 'isBlocked'
    | 'turns'
    | 'refuse'
    | 'isFitToShow'
    | 'origin'
    | 'now'
    | 'log'
  > {
  readonly limits: Pick<HttpDeps['limits'], 'requests' | 'names'>;
  /** Whether traders see what others do. */
  readonly showOthers: boolean;
  readonly files: StaticFiles;
  /** Where a vulnerability can be reported, an address of the web or of mail; null where nobody is named. */
  readonly securityContact: string | null;
  readonly chainIds: readonly number[];
  readonly grant: Micros;
  readonly scope: Scope;
  readonly rules: {
    readonly stakes: readonly Micros[];
    readonly betsPerCellMax: number;
    readonly tapsPerSignatureMax: number;
    /** Lengths of the windows of each board, ms, ascending. */
    readonly windows: readonly number[];
    /** Of the default board. */
    readonly windowMs: number;
    readonly holdMs: number;
    readonly maxGapMs: number;
    readonly guardPercent: number;
  };
  readonly lookAtToday: LookAtToday;
  readonly cards: Pick<CardDesk, 'card'>;
  /** Balance and result of the session so far; null when its account is not there. */
  readonly sessionBalanceOf: (session: Session) => SessionBalance | null;
}
