import { columnPartial } from './partials.tsx';
import type { Tick } from '../game/tick.ts';
import type { Board } from '../ports/events.ts';
import type { SocketCaller } from './connection.ts';
import { GridDiff } from './grid-diff.ts';
import { pageFrames, streamFrames } from './outbound.ts';
import { topicOf, type Topic } from './topics.ts';

type Kind = SocketCaller['kind'];

/**
 * What goes out to all sockets that show one board: prices and its changes, rendered once for each kind of
 * socket. Numbers count these frames, so that a client sees when it has missed one. A socket shows one board,
 * so it gets no more of several than of one.
 */
export class BoardChannel {
  readonly #seq = { page: 0, stream: 0 };
  readonly #diff = new GridDiff();

  constructor(
    readonly windowMs: number,
    private readonly publish: (topic: Topic, frame: string) => void,
  ) {}

  /** Number of the last numbered frame to sockets of that kind. */
  seqOf(kind: Kind): number {
    return this.#seq[kind];
  }

  onTick(tick: Tick): void {
    this.send('page', pageFrames.tick(++this.#seq.page, tick));
    this.send('stream', streamFrames.tick(++this.#seq.stream, tick));
  }

  onBoard(board: Board): void {
    const diffs = this.#diff.next(board);
    const isFirst = diffs.length > 0 && diffs.every(({ isNew }) => isNew);
    if (!isFirst)
      for (const { column, isNew } of diffs)
        if (isNew) this.send('page', columnPartial(column, board.windowMs, board.revision.at));
    for (const frame of pageFrames.grid(() => ++this.#seq.page, board, diffs)) this.send('page', frame);
    for (const frame of streamFrames.grid(() => ++this.#seq.stream, board, diffs)) this.send('stream', frame);
  }

  /** A frame without a number. */
  send(kind: Kind, frame: string): void {
    this.publish(topicOf(kind, this.windowMs), frame);
  }
}
