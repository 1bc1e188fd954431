import { BOARDS_MAX } from '../game/boards.ts';
import { Events, type Board, type Health } from '../ports/events.ts';
import { PRICE_LINE_MS } from './limits.ts';
import type { News, Whole } from './telling.ts';

/**
 * What an edge knows of the house, which is in another process: the whole as it was told last, with the news
 * since. Whoever listens hears of news as if the house were here.
 */
export class HouseMirror {
  readonly events = new Events();
  #whole: Whole | null = null;
  #health: Health | null = null;

  /** @throws TypeError before the first whole. */
  get known(): Whole {
    if (this.#whole === null) throw new TypeError('nothing is known of the house yet');
    return this.#whole;
  }

  /** What the house said of itself, unless it is away. */
  get health(): Health {
    return this.#health ?? this.known.health;
  }

  replace(whole: Whole): void {
    const isFirst = this.#whole === null;
    this.#whole = whole;
    this.#health = null;
    if (isFirst) return;
    const { events } = this;
    events.emit('blockedRanges', whole.blockedRanges);
    for (const board of whole.boards) events.emit('board', board);
    events.emit('health', whole.health);
    events.emit('maintenance', whole.maintenance);
    events.emit('calendar', whole.calendar);
    events.emit('crowd', whole.crowd);
    events.emit('leaderboards', whole.leaderboards);
    events.emit('resumed');
  }

  apply(news: News): void {
    const whole = this.known;
    switch (news.name) {
      case 'tick': {
        const { at, price } = news.data;
        const priceLine = whole.priceLine.filter(([since]) => since > at - PRICE_LINE_MS);
        this.#whole = { ...whole, tick: news.data, priceLine: [...priceLine, [at, price]] };
        break;
      }
      case 'figures':
        this.#whole = { ...whole, ...news.data };
        return;
      case 'board':
        this.#whole = { ...whole, boards: withBoard(whole.boards, news.data) };
        break;
      case 'health':
      case 'maintenance':
      case 'calendar':
      case 'crowd':
      case 'leaderboards':
      case 'blockedRanges':
        this.#whole = { ...whole, [news.name]: news.data };
        break;
    }
    this.events.emit(news.name, ...([news.data] as never));
  }

  /**
   * Nothing is heard of the house any more; what was known is kept.
   * @param at UTC epoch ms @param detail why, for operators.
   */
  lost(at: number, detail: string): void {
    if (this.#whole === null || this.#health !== null) return;
    this.#health = {
      state: 'open',
      causes: [{ cause: 'engine_away', severity: 'open', since: at, detail }],
    };
    this.events.emit('health', this.#health);
  }

  /** The house was silent, and is heard again. */
  heardAgain(): void {
    if (this.#health === null) return;
    this.#health = null;
    this.events.emit('health', this.known.health);
  }
}

/** The newest of each length of window, ascending. */
const withBoard = (boards: readonly Board[], board: Board): readonly Board[] =>
  [...boards.filter(({ windowMs }) => windowMs !== board.windowMs), board]
    .sort((one, other) => one.windowMs - other.windowMs)
    .slice(0, BOARDS_MAX);
