import { boardOf } from '../game/boards.ts';
import type { RejectionCode } from '../game/rejection.ts';
import type { Counted } from '../ports/counted.ts';
import type { Events, Health } from '../ports/events.ts';
import type { House } from '../ports/house.ts';
import type { CallName } from './asking.ts';
import type { Called, EdgeEnd } from './edge-end.ts';
import { RemoteOrders, type RemoteOrdersParts } from './remote-orders.ts';

/**
 * The house as an edge has it: what it knows is told by the engine over the link, what it is asked goes there
 * and is answered from there.
 */
export class RemoteHouse implements House {
  readonly events: Events;
  readonly #orders: RemoteOrders;

  /** @param end has begun. */
  constructor(
    private readonly end: EdgeEnd,
    orders: RemoteOrdersParts,
  ) {
    this.events = end.mirror.events;
    this.#orders = new RemoteOrders(end, (lines) => this.shed(lines), orders);
  }

  get runSecret(): string {
    return this.end.mirror.known.runSecret;
  }

  get simulated(): boolean {
    return this.end.mirror.known.simulated;
  }

  get feedLabel(): string {
    return this.end.mirror.known.feedLabel;
  }

  board: House['board'] = (windowMs) => boardOf(this.boards(), windowMs);

  boards: House['boards'] = () => this.end.mirror.known.boards;
  tick: House['tick'] = () => this.end.mirror.known.tick;
  maintenance: House['maintenance'] = () => this.end.mirror.known.maintenance;
  calendar: House['calendar'] = () => this.end.mirror.known.calendar;
  crowd: House['crowd'] = () => this.end.mirror.known.crowd;
  leaderboards: House['leaderboards'] = () => this.end.mirror.known.leaderboards;
  blockedRanges: House['blockedRanges'] = () => this.end.mirror.known.blockedRanges;
  counters: House['counters'] = () => this.end.mirror.known.counters;
  headStarts: House['headStarts'] = () => this.end.mirror.known.headStarts;
  health = (): Health => this.end.mirror.health;

  priceLine: House['priceLine'] = (ms) => {
    const { priceLine } = this.end.mirror.known;
    const newest = priceLine.at(-1)?.[0] ?? 0;
    return priceLine.filter(([at]) => at >= newest - ms);
  };

  order: House['order'] = (...call) => this.#orders.order(...call);
  turnedAway: House['turnedAway'] = (...call) => this.#orders.turnedAway(...call);

  /** @returns no letters where nobody answers */
  shed: House['shed'] = async (orders) => {
    const called = await this.end.call('shed', [orders]);
    return typeof called === 'string' ? '' : called.answer;
  };

  /** Taps that were refused here and not reported one by one since this was last asked. */
  takeUnreported(): Pick<Counted, 'turnedAway' | 'shed'> {
    return this.#orders.takeUnreported();
  }

  openAccount: House['openAccount'] = (account) => this.#refusalOf(this.end.call('openAccount', [account]));
  startSession: House['startSession'] = (session, returnOf) =>
    this.#refusalOf(this.end.call('startSession', [session, returnOf ?? null]));
  refill: House['refill'] = (...args) => this.#refusalOf(this.end.call('refill', args));
  endSessions: House['endSessions'] = (...args) => this.#refusalOf(this.end.call('endSessions', args));
  seeSession: House['seeSession'] = (...args) => this.#refusalOf(this.end.call('seeSession', args));

  nameAccount: House['nameAccount'] = (...args) => this.#refusalOf(this.end.call('nameAccount', args));

  changeLimits: House['changeLimits'] = async (...args) => {
    const called = await this.end.call('changeLimits', args);
    return typeof called === 'string' ? { code: codeOf(called) } : called.answer;
  };

  async #refusalOf<Name extends Exclude<CallName, 'order' | 'changeLimits'>>(
    calling: Promise<Called<Name>>,
  ): Promise<RejectionCode | null> {
    const called = await calling;
    return typeof called === 'string' ? codeOf(called) : (called.answer as RejectionCode | null);
  }
}

const codeOf = (called: 'unsent' | 'unknown'): RejectionCode => (called === 'unsent' ? 'busy' : 'unknown');
