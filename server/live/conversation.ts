import { boardNamed, boardsExpected } from '../game/boards.ts';
import { rejection } from '../game/rejection.ts';
import type { Session } from '../game/session.ts';
import type { SignedTaps } from '../game/tap.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { LiveDeps } from './deps.ts';
import { parsed, readInbound } from './inbound.ts';
import { BAD_FRAMES_MAX, BAD_SIGNATURES_MAX, CLOSE, ORDERS_UNDER_WAY_MAX } from './limits.ts';
import { answerFrame, errorFrame } from './outbound.ts';
import type { Connection } from './connection.ts';

/** What a socket says and what it is answered. */
export class Conversation {
  constructor(
    private readonly deps: Pick<LiveDeps, 'house' | 'sessions' | 'limits' | 'rules' | 'now' | 'log'>,
    private readonly snapshot: (connection: Connection) => void,
  ) {}

  /** Takes one frame; answers follow when they are there. Never throws. */
  hear(connection: Connection, frame: string | Uint8Array): void {
    if (connection.closed) return;
    if (!connection.allowance.take(this.deps.now()))
      return connection.close(CLOSE.flood, 'too many messages');
    const inbound = readInbound(parsed(frame), this.deps.rules.tapsPerSignatureMax);
    if (inbound.type === 'fault') connection.send(errorFrame('bad_request', inbound.fault, inbound.nonce));
    if (inbound.type === 'fault' && !inbound.isReadable) return this.#unread(connection);
    connection.badFrames = 0;
    if (inbound.type === 'fault') return;
    if (inbound.type === 'snapshot') return this.snapshot(connection);
    if (inbound.type === 'board') return this.#show(connection, inbound.board);
    if (connection.ordersUnderWay >= ORDERS_UNDER_WAY_MAX) {
      const { session } = connection.caller;
      if (session !== null) this.deps.house.turnedAway(inbound.order, session, connection.id);
      return connection.send(answerFrame(inbound.order.nonce, { code: 'rate_limited', retryAfterMs: 1000 }));
    }
    void this.#order(connection, inbound.order);
  }

  /** Who watches may choose, too: a board costs what a snapshot costs. */
  #show(connection: Connection, text: string): void {
    const { windows } = this.deps.rules;
    const named = boardNamed(windows, text);
    if (named === null)
      return connection.send(errorFrame('unknown_board', { message: boardsExpected(windows) }, null));
    connection.board = named.windowMs;
    this.snapshot(connection);
  }

  #unread(connection: Connection): void {
    if (++connection.badFrames >= BAD_FRAMES_MAX)
      connection.close(CLOSE.badFrame, 'not a message of this protocol');
  }

  async #order(connection: Connection, order: SignedTaps): Promise<void> {
    connection.ordersUnderWay++;
    let answer: OrderAnswer;
    try {
      answer = await this.#answerTo(connection, order);
    } catch (error) {
      this.deps.log.error({ err: error, nonce: order.nonce }, 'an order ended without a response');
      answer = { code: 'unknown' };
    } finally {
      connection.ordersUnderWay--;
    }
    connection.tell(answerFrame(order.nonce, connection.caller.kind === 'page' ? inShort(answer) : answer));
    if (!('code' in answer)) return;
    if (answer.code === 'unauthenticated' && connection.caller.session !== null)
      connection.close(CLOSE.signedOut, 'the session has ended');
    if (answer.code === 'bad_signature' && ++connection.badSignatures >= BAD_SIGNATURES_MAX)
      connection.close(CLOSE.badSignature, 'too many bad signatures');
  }

  async #answerTo(connection: Connection, order: SignedTaps): Promise<OrderAnswer> {
    const { house, sessions, limits, now } = this.deps;
    const at = now();
    const found = connection.caller.session && sessions.recheck(connection.caller.session, at);
    const session: Session | null = found instanceof Promise ? await found : found;
    if (session === null) return { code: 'unauthenticated' };
    const taken = limits.taps.take(session.accountId, at, order.taps.length);
    const { ok, retryAfterMs } = taken instanceof Promise ? await taken : taken;
    if (ok) return house.order(order, session, connection.id);
    house.turnedAway(order, session, connection.id);
    return { code: 'rate_limited', retryAfterMs };
  }
}

/**
 * What the author of a program has to know is no sentence for a trader: a page gets the one that belongs to
 * the code. What a pause says is for the trader.
 */
const inShort = (answer: OrderAnswer): OrderAnswer =>
  'code' in answer && answer.code !== 'account_paused'
    ? { ...answer, message: rejection(answer.code).message }
    : answer;
