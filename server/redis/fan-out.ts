import type { BetUpdate, Board, Events } from '../ports/events.ts';
import { CHANNELS, KEYS, LAST_S, type Channel } from './channels.ts';
import { sealed } from './envelope.ts';
import type { RedisLink } from './link.ts';

/** Bets of one message. */
export const BETS_PER_MESSAGE_MAX = 200;
const KEPT_EVERY_MS = 2_000;

/**
 * The house's events for other processes, numbered in each channel, so that a reader sees when it has missed
 * one. The newest message of board and health is kept too, for readers that start or have missed some. While
 * nobody listens only ticks are sent: their number of receivers shows it.
 */
export class FanOut {
  readonly #seqs = new Map<Channel, number>();
  #listeners = 0;
  #healthMessage: string | null = null;
  #healthKeptAt = 0;

  constructor(
    private readonly link: RedisLink,
    /** Of this run of the process. */
    private readonly run: string = crypto.randomUUID(),
  ) {}

  /** @returns a function that ends all subscriptions. */
  listen(events: Events): () => void {
    const ends = [
      events.on('tick', (tick) => void this.#count(this.#seal(CHANNELS.ticks, tick))),
      events.on('board', (board) => this.#onBoard(board)),
      events.on(
        'health',
        (health) => void (this.#healthMessage = this.#keepAndPublish(CHANNELS.health, health)),
      ),
      events.on('bets', (updates) => this.#publishBets(updates)),
    ];
    return () => ends.forEach((end) => end());
  }

  async #count(message: string): Promise<void> {
    const published = await this.link.ask((redis) => redis.publish(CHANNELS.ticks, message));
    if (published !== null) this.#listeners = published.ok;
  }

  /**
   * Health seldom changes; its newest message is written again before it runs out, so that it lasts as long
   * as boards come.
   */
  #onBoard(board: Board): void {
    this.#keepAndPublish(CHANNELS.board, board, board.windowMs);
    if (this.#healthMessage === null || Math.abs(board.revision.at - this.#healthKeptAt) < KEPT_EVERY_MS)
      return;
    this.#healthKeptAt = board.revision.at;
    this.#keep(CHANNELS.health, this.#healthMessage);
  }

  /** Kept first: who hears of a number and has missed the one before finds at least that one. */
  #keepAndPublish(channel: Channel, data: unknown, windowMs?: number): string {
    const message = this.#seal(channel, data);
    this.#keep(channel, message, windowMs);
    if (this.#listeners > 0) this.link.tell((redis) => redis.publish(channel, message));
    return message;
  }

  #keep(channel: Channel, message: string, windowMs?: number): void {
    this.link.tell((redis) => redis.set(KEYS.last(channel, windowMs), message, 'EX', LAST_S));
  }

  #publishBets(updates: readonly BetUpdate[]): void {
    for (let from = 0; from < updates.length; from += BETS_PER_MESSAGE_MAX) {
      if (this.#listeners === 0 || this.link.away !== null) {
        this.#next(CHANNELS.bets);
        continue;
      }
      const message = this.#seal(CHANNELS.bets, updates.slice(from, from + BETS_PER_MESSAGE_MAX));
      this.link.tell((redis) => redis.publish(CHANNELS.bets, message));
    }
  }

  /** Numbers keep counting while nothing is sent, so a returning reader sees that something is missing. */
  #next(channel: Channel): number {
    const seq = (this.#seqs.get(channel) ?? 0) + 1;
    this.#seqs.set(channel, seq);
    return seq;
  }

  #seal(channel: Channel, data: unknown): string {
    return sealed({ run: this.run, seq: this.#next(channel), data });
  }
}
