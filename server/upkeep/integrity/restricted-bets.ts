import { pagesBehind } from '../../ports/pages.ts';
import {
  isUnrestricted,
  limitsText,
  readRestriction,
  restrictionText,
  UNRESTRICTED,
  type Restriction,
} from '../../game/restriction.ts';
import type { BetRecord, History } from '../../ports/history.ts';
import type { PostedEntry } from '../../store/proof/ledger-chain.ts';
import type { ActionRow } from '../../store/rows/action.ts';
import type { Findings } from './findings.ts';

const DAY_MS = 86_400_000;
const ACTIONS_PER_PAGE = 500;
const RESTRICTING: ReadonlySet<ActionRow['what']> = new Set(['block', 'unblock', 'limit-account']);

/** What a commit did with bets. */
interface Played {
  readonly bets: readonly BetRecord[];
  readonly locks: readonly BetRecord[];
  readonly entries: readonly PostedEntry<BetRecord>[];
}

/** Of one account with limits: what it staked on its newest day, and what each of its open bets could pay. */
interface Used {
  day: number;
  staked: number;
  readonly open: Map<string, number>;
}

/**
 * Holds bets against what operators had set for their accounts, commit by commit. Within a commit the order
 * of an action and a bet is not known, so a bet may keep to any of the states that the commit went through,
 * and what it locked and closed counts as before its bets. Memory grows with the accounts that were ever
 * restricted.
 */
export class RestrictedBets {
  readonly #restricted = new Map<string, Restriction>();
  readonly #used = new Map<string, Used>();

  /** @param last number of the last action before the part that is walked. */
  constructor(
    private readonly findings: Findings,
    history: Pick<History, 'actionsAfter'>,
    last: number,
  ) {
    const read = (before: number) => history.actionsAfter(before, ACTIONS_PER_PAGE);
    for (const page of pagesBehind(0, read, ({ seq }) => seq))
      for (const action of page) if (RESTRICTING.has(action.what)) this.#learn(action, last);
  }

  take(actions: readonly ActionRow[], { bets, locks, entries }: Played): void {
    const states = this.#statesOf(actions);
    const settle = () => {
      for (const { id, accountId, stake, locked } of locks) {
        const open = this.#used.get(accountId)?.open;
        if (open?.has(id)) open.set(id, payoutAt(stake, locked));
      }
      for (const { closed } of entries)
        if (closed !== null) this.#used.get(closed.accountId)?.open.delete(closed.id);
    };
    settle();
    for (const bet of bets) this.#place(bet, states);
    // What was placed and ended in one commit.
    settle();
  }

  /**
   * Accounts that are limited at some time count from the start, those that will be while the walk goes on
   * from then.
   */
  #learn({ seq, target, after }: ActionRow, last: number): void {
    const restriction = readRestriction(after);
    if (restriction === null) return;
    if (seq <= last) this.#restricted.set(target, restriction);
    this.#count(target, restriction);
  }

  #count(accountId: string, { dailyStake, openPayout }: Restriction): void {
    if ((dailyStake !== null || openPayout !== null) && !this.#used.has(accountId))
      this.#used.set(accountId, { day: 0, staked: 0, open: new Map() });
  }

  /** What held for each account that the commit restricts: before it, and after each of its actions. */
  #statesOf(actions: readonly ActionRow[]): ReadonlyMap<string, readonly Restriction[]> {
    const states = new Map<string, Restriction[]>();
    for (const action of actions) {
      const { what, target, seq } = action;
      if (!RESTRICTING.has(what)) continue;
      const before = this.#restricted.get(target) ?? UNRESTRICTED;
      const after = readRestriction(action.after);
      if (
        after === null ||
        action.before !== restrictionText(before) ||
        action.after !== changed(action, before)
      )
        this.findings.add(
          'restrictions',
          `action ${seq}`,
          `says ${action.before} → ${action.after}, before it ${restrictionText(before)} held`,
        );
      states.set(target, [...(states.get(target) ?? [before]), after ?? before]);
      this.#restricted.set(target, after ?? before);
      this.#count(target, after ?? before);
    }
    return states;
  }

  #place(bet: BetRecord, states: ReadonlyMap<string, readonly Restriction[]>): void {
    const { id, accountId } = bet;
    const held = states.get(accountId) ?? [this.#restricted.get(accountId) ?? UNRESTRICTED];
    const used = this.#use(bet);
    if (held.every(isUnrestricted) || held.some((restriction) => brokenBy(bet, restriction, used) === null))
      return;
    this.findings.add('restrictions', `bet ${id}`, brokenBy(bet, held.at(-1)!, used)!);
  }

  #use({ id, accountId, stake, filled, locked, multiplierMax, placedAt }: BetRecord): Used | undefined {
    const used = this.#used.get(accountId);
    if (used === undefined) return undefined;
    const day = Math.floor(placedAt / DAY_MS);
    used.staked = (used.day === day ? used.staked : 0) + stake;
    used.day = day;
    used.open.set(id, payoutAt(stake, filled ? locked : multiplierMax));
    return used;
  }
}

/** Rows may hold anything, so nothing here is asserted. */
const payoutAt = (stake: number, multiplier: number | null): number =>
  Math.floor((stake * (multiplier ?? 0)) / 100);

/** What the state after an action has to be. */
function changed({ what, detail }: ActionRow, before: Restriction): string {
  if (what !== 'limit-account') return restrictionText({ ...before, blocked: what === 'block' });
  const set = new Map(detail.split(' ').map((field) => field.split('=') as [string, string]));
  const { blocked, holdMs, ...limits } = before;
  const hold = set.get('hold') ?? `${holdMs ?? 'none'}`;
  return (
    `${blocked ? 'blocked' : 'open'} ` +
    `${limitsText(limits).replace(/(\w+)=(\w+)/g, (_, name, value) => `${name}=${set.get(name) ?? value}`)}` +
    (hold === 'none' ? '' : ` hold=${hold}`)
  );
}

/** Which part of the restriction a bet breaks that stands in `used` already; null for none. */
function brokenBy(
  { stake, accountId, filled, placedAt, lockAt, windowMs }: BetRecord,
  restriction: Restriction,
  used: Used | undefined,
): string | null {
  const { blocked, stakeMax, dailyStake, openPayout, holdMs } = restriction;
  if (blocked) return `was placed while ${accountId} was blocked`;
  const held = lockAt - placedAt;
  if (holdMs !== null && !filled && held < Math.min(holdMs, windowMs - 1))
    return `was held for ${held} ms, ${accountId} for at least ${holdMs}`;
  if (stakeMax !== null && stake > stakeMax) return `stakes ${stake}, ${accountId} was allowed ${stakeMax}`;
  if (dailyStake !== null && used !== undefined && used.staked > dailyStake)
    return `brings the stakes of the day to ${used.staked}, ${accountId} was allowed ${dailyStake}`;
  if (openPayout === null || used === undefined) return null;
  const payout = [...used.open.values()].reduce((sum, one) => sum + one, 0);
  return payout > openPayout
    ? `brings what open bets could pay to ${payout}, ${accountId} was allowed ${openPayout}`
    : null;
}
