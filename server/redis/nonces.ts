import type { OrderAnswer } from '../ports/house.ts';
import type { LocalNonces, NonceFinding, Nonces } from '../ports/nonces.ts';
import { KEYS, NONCE_S } from './channels.ts';
import type { RedisLink } from './link.ts';

/**
 * Nonces that all processes share. The book of this process is asked first and kept as if there were no
 * Redis, so nothing is forgotten when Redis goes. Redis is asked about what is new here: `SET NX EX 90` with
 * the hash of the content, and later the first answer beside it. If Redis knows the nonce but no answer yet,
 * or is unreachable, the order continues: the ledger's unique index on account and nonce decides.
 */
export class SharedNonces implements Nonces {
  /** Hashes of the orders that are under way here, from their first sight to their answer. */
  readonly #underWay = new Map<string, string>();

  constructor(
    private readonly link: RedisLink,
    private readonly local: LocalNonces,
  ) {}

  /** Another process may always have seen it. */
  mayKnow(): boolean {
    return true;
  }

  see(accountId: string, nonce: string, content: string, now: number): NonceFinding | Promise<NonceFinding> {
    const here = this.local.see(accountId, nonce, content, now);
    if (here.kind !== 'first') return here;
    const key = KEYS.nonce(accountId, nonce);
    const hash = new Bun.CryptoHasher('sha256').update(content).digest('base64');
    this.#underWay.set(key, hash);
    return this.link.away === null ? this.#claim(accountId, nonce, key, hash) : here;
  }

  keep(accountId: string, nonce: string, answer: Promise<OrderAnswer>): void {
    this.local.keep(accountId, nonce, answer);
    const key = KEYS.nonce(accountId, nonce);
    const hash = this.#underWay.get(key);
    this.#underWay.delete(key);
    if (hash === undefined) return;
    answer.then(
      (given) => {
        // A refusal decided nothing and is forgotten right after.
        if (!('code' in given))
          this.link.tell((redis) => redis.set(key, `${hash} ${JSON.stringify(given)}`, 'EX', NONCE_S));
      },
      () => {},
    );
  }

  forget(accountId: string, nonce: string): void {
    this.local.forget(accountId, nonce);
    const key = KEYS.nonce(accountId, nonce);
    this.#underWay.delete(key);
    this.link.tell((redis) => redis.unlink(key));
  }

  async #claim(accountId: string, nonce: string, key: string, hash: string): Promise<NonceFinding> {
    const claimed = await this.link.ask((redis) => redis.set(key, hash, 'EX', NONCE_S, 'NX'));
    if (claimed === null || claimed.ok !== null) return { kind: 'first' };
    const known = await this.link.ask((redis) => redis.get(key));
    if (known === null || known.ok === null) return { kind: 'first' };
    const [knownHash, answerText] = splitOnce(known.ok);
    if (knownHash !== hash) {
      this.#underWay.delete(key);
      this.local.forget(accountId, nonce);
      return { kind: 'reused' };
    }
    const answer = answerText === null ? null : readAnswer(answerText);
    if (answer === null) return { kind: 'first' };
    this.#underWay.delete(key);
    this.local.keep(accountId, nonce, Promise.resolve(answer));
    return { kind: 'replay', answer: Promise.resolve(answer) };
  }
}

function splitOnce(text: string): [string, string | null] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** What is not an answer is taken for none, and the ledger is asked. */
function readAnswer(text: string): OrderAnswer | null {
  try {
    const value = JSON.parse(text) as Partial<Extract<OrderAnswer, { replayed: boolean }>> | null;
    return typeof value === 'object' &&
      value !== null &&
      Array.isArray(value.results) &&
      value.results.every((one) => typeof one?.status === 'string')
      ? (value as OrderAnswer)
      : null;
  } catch {
    return null;
  }
}
