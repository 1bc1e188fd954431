import { present } from '../game/present.ts';
import {
  CHANGES_MS,
  CHANGES_PER_DAY_MAX,
  limitsAt,
  type LimitsChange,
  type OwnLimits,
} from '../game/own-limits.ts';
import { rejection } from '../game/rejection.ts';
import type { Books } from '../ports/books.ts';
import type { LimitsAnswer } from '../ports/house.ts';
import type { Operation, OperationResult } from '../ports/ledger.ts';
import { pauseSentence } from './limit-sentence.ts';

/** Accounts whose limits are at hand. */
const LIMITS_CACHE_MAX = 50_000;

const POLICY = { name: 'limitChanges', limit: CHANGES_PER_DAY_MAX, windowMs: CHANGES_MS };

const tooOften = (retryAfterMs: number): LimitsAnswer => ({
  code: 'rate_limited',
  message:
    `You can change limits ${CHANGES_PER_DAY_MAX} times in 24 hours. ` +
    'A lower loss limit or a longer pause is always accepted.',
  retryAfterMs,
  policy: POLICY,
});

export interface OwnLimitsParts {
  readonly books: Pick<Books, 'account'>;
  readonly now: () => number;
  /** Guard of an account that is not there yet. */
  readonly guardPercent: number;
  /** Null while there is no room. @throws when the writer failed. */
  readonly commit: (
    operation: Extract<Operation, { kind: 'change-limits' }>,
  ) => Promise<OperationResult | null>;
}

/** What traders set for themselves, at hand for each tap; the ledger decides about changes. */
export class OwnLimitsDesk {
  readonly #known = new Map<string, OwnLimits>();

  constructor(private readonly parts: OwnLimitsParts) {}

  /** As they are at this moment. */
  of(accountId: string): OwnLimits {
    return limitsAt(this.#known.get(accountId) ?? this.#read(accountId), this.parts.now());
  }

  async change(accountId: string, change: LimitsChange): Promise<LimitsAnswer> {
    const at = this.parts.now();
    const result = await this.parts.commit({ kind: 'change-limits', accountId, change, at });
    if (result === null) return { code: 'busy' };
    if (result.kind !== 'limits') return { code: result.kind === 'refused' ? result.code : 'internal' };
    const { limits, refused, freeAt = at } = result;
    this.#keep(accountId, limits);
    if (refused === null) return { limits };
    if (refused === 'pause_running') {
      const until = present(limits.pausedUntil, 'end of the pause');
      return { code: refused, message: `${rejection(refused).message} ${pauseSentence(until)}` };
    }
    return refused === 'rate_limited' ? tooOften(freeAt - at) : { code: refused };
  }

  #read(accountId: string): OwnLimits {
    const { books, guardPercent } = this.parts;
    const limits = books.account(accountId)?.limits ?? {
      dailyLoss: null,
      loosening: null,
      pausedUntil: null,
      reminderMinutes: null,
      guardPercent,
    };
    this.#keep(accountId, limits);
    return limits;
  }

  #keep(accountId: string, limits: OwnLimits): void {
    if (this.#known.size >= LIMITS_CACHE_MAX) this.#known.clear();
    this.#known.set(accountId, limits);
  }
}
