import type { RejectionCode } from '../game/rejection.ts';
import type { Events } from '../ports/events.ts';
import type { House } from '../ports/house.ts';
import type { Operation, OperationResult } from '../ports/ledger.ts';
import type { Batcher } from './batcher.ts';
import { OwnLimitsDesk, type OwnLimitsParts } from './own-limits.ts';

export interface AccountDeskParts extends Omit<OwnLimitsParts, 'commit'> {
  readonly batcher: Pick<Batcher, 'account'>;
  readonly events: Pick<Events, 'emit'>;
  readonly diskIsFull: () => boolean;
}

type AccountOperation = Exclude<Operation, { kind: 'place-bets' }>;

/** Accounts, their sessions and their own limits. */
export class AccountDesk
  implements
    Pick<House, 'openAccount' | 'startSession' | 'refill' | 'endSessions' | 'seeSession' | 'changeLimits'>
{
  readonly #limits: OwnLimitsDesk;

  constructor(private readonly parts: AccountDeskParts) {
    this.#limits = new OwnLimitsDesk({ ...parts, commit: (operation) => this.#committed(operation) });
  }

  openAccount: House['openAccount'] = (account) =>
    this.#refusalOf({ kind: 'open-account', ...account, at: this.parts.now() });

  startSession: House['startSession'] = (session, returnOf) =>
    this.#refusalOf({ kind: 'start-session', session, ...(returnOf !== undefined && { returnOf }) });

  refill: House['refill'] = async (accountId, below, upTo) => {
    const refusal = await this.#refusalOf({
      kind: 'refill',
      accountId,
      below,
      upTo,
      at: this.parts.now(),
    });
    if (refusal === null) this.parts.events.emit('transferred', accountId);
    return refusal;
  };

  endSessions: House['endSessions'] = async (accountId, sessionId) => {
    const refusal = await this.#refusalOf({
      kind: 'end-sessions',
      accountId,
      sessionId,
      at: this.parts.now(),
    });
    if (refusal === null) this.parts.events.emit('ended', { accountId, sessionId });
    return refusal;
  };

  seeSession: House['seeSession'] = (sessionId, at) =>
    this.#refusalOf({ kind: 'see-session', sessionId, at });

  changeLimits: House['changeLimits'] = (accountId, change) => this.#limits.change(accountId, change);

  /** Null while there is no room. @throws when the writer failed. */
  commitName = (operation: Extract<AccountOperation, { kind: 'name-account' }>) => this.#committed(operation);

  /** An account's own limits as they are at this moment. */
  limitsOf = (accountId: string) => this.#limits.of(accountId);

  /** Null when done. @throws when the writer failed. */
  async #refusalOf(operation: AccountOperation): Promise<RejectionCode | null> {
    const result = await this.#committed(operation);
    if (result === null) return 'busy';
    return result.kind === 'refused' ? result.code : null;
  }

  /**
   * Null while there is no room. With a full disk nobody is kept from signing out, nor from a tighter limit,
   * a pause, or taking a name back. @throws when the writer failed.
   */
  async #committed(operation: AccountOperation): Promise<OperationResult | null> {
    const { batcher, diskIsFull } = this.parts;
    if (diskIsFull() && !isOwed(operation)) return null;
    return batcher.account(operation);
  }
}

const isOwed = (operation: AccountOperation): boolean =>
  operation.kind === 'end-sessions' ||
  operation.kind === 'change-limits' ||
  (operation.kind === 'name-account' && operation.name === null);
