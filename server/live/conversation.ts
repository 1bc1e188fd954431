import { rejection } from '../game/rejection.ts';
import type { Session } from '../game/session.ts';
import type { SignedTaps } from '../game/tap.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { LiveDeps } from './deps.ts';
import { parsed, readInbound } from './inbound.ts';
import { BAD_FRAMES_MAX, BAD_SIGNATURES_MAX, CLOSE, ORDERS_UNDER_WAY_MAX } from './limits.ts';
import { answerFrame, errorFrame } from './outbound.ts';
import type { Watcher } from './watcher.ts';

/** What a socket says and what it is answered. */
export class Conversation {
  constructor(
    private readonly deps: Pick<LiveDeps, 'house' | 'sessions' | 'limits' | 'rules' | 'now' | 'log'>,
    private readonly snapshot: (watcher: Watcher) => void,
  ) {}

  /** Takes one frame; answers follow when they are there. Never throws. */
  hear(watcher: Watcher, frame: string | Uint8Array): void {
    if (watcher.closed) return;
    if (!watcher.allowance.take(this.deps.now())) return watcher.close(CLOSE.flood, 'too many messages');
    const inbound = readInbound(parsed(frame), this.deps.rules.tapsPerSignatureMax);
    if (inbound.type === 'fault') watcher.send(errorFrame('bad_request', inbound.fault, inbound.nonce));
    if (inbound.type === 'fault' && !inbound.isReadable) return this.#unread(watcher);
    watcher.badFrames = 0;
    if (inbound.type === 'fault') return;
    if (inbound.type === 'snapshot') return this.snapshot(watcher);
    if (watcher.ordersUnderWay >= ORDERS_UNDER_WAY_MAX) {
      const { session } = watcher.visitor;
      if (session !== null) this.deps.house.turnedAway(inbound.order, session, watcher.id);
      return watcher.send(answerFrame(inbound.order.nonce, { code: 'rate_limited', retryAfterMs: 1000 }));
    }
    void this.#order(watcher, inbound.order);
  }

  #unread(watcher: Watcher): void {
    if (++watcher.badFrames >= BAD_FRAMES_MAX)
      watcher.close(CLOSE.badFrame, 'not a message of this protocol');
  }

  async #order(watcher: Watcher, order: SignedTaps): Promise<void> {
    watcher.ordersUnderWay++;
    let answer: OrderAnswer;
    try {
      answer = await this.#answerTo(watcher, order);
    } catch (error) {
      this.deps.log.error({ err: error, nonce: order.nonce }, 'an order ended without an answer');
      answer = { code: 'unknown' };
    } finally {
      watcher.ordersUnderWay--;
    }
    watcher.tell(answerFrame(order.nonce, watcher.visitor.kind === 'page' ? inShort(answer) : answer));
    if (!('code' in answer)) return;
    if (answer.code === 'unauthenticated' && watcher.visitor.session !== null)
      watcher.close(CLOSE.signedOut, 'the session has ended');
    if (answer.code === 'bad_signature' && ++watcher.badSignatures >= BAD_SIGNATURES_MAX)
      watcher.close(CLOSE.badSignature, 'too many bad signatures');
  }

  async #answerTo(watcher: Watcher, order: SignedTaps): Promise<OrderAnswer> {
    const { house, sessions, limits, now } = this.deps;
    const at = now();
    const found = watcher.visitor.session && sessions.recheck(watcher.visitor.session, at);
    const session: Session | null = found instanceof Promise ? await found : found;
    if (session === null) return { code: 'unauthenticated' };
    const taken = limits.taps.take(session.accountId, at, order.taps.length);
    const { ok, retryAfterMs } = taken instanceof Promise ? await taken : taken;
    if (ok) return house.order(order, session, watcher.id);
    house.turnedAway(order, session, watcher.id);
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
