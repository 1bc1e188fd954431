/**
 * The address that signed, null when the signature is none, or `busy` when it is not known: too many wait, or
 * the work took too long.
 */
export type Recovery = { readonly address: string | null } | { readonly code: 'busy' };

export interface WalletVerifierOptions {
  readonly queueMax?: number;
  readonly timeoutMs?: number;
  readonly worker?: string;
}

interface Job {
  readonly message: string;
  readonly signature: string;
  readonly answer: (recovery: Recovery) => void;
}

const QUEUE_MAX = 256;
/** A recovery takes about a millisecond; the first also loads the code. */
const TIMEOUT_MS = 5_000;
/** r‖s‖v, or compact with v inside s (EIP-2098). */
const SIGNATURE = /^(?:0x)?([0-9a-f]{130}|[0-9a-f]{128})$/i;
const BUSY: Recovery = { code: 'busy' };

/**
 * Recovers who signed a `personal_sign` text (EIP-191), in a worker, since one recovery would hold up ticks
 * and sockets for a millisecond. Only externally owned accounts: a contract wallet's signature (ERC-1271,
 * ERC-6492) needs a chain to ask, and there is none here; it is refused. The worker is started by the first
 * use, and again after it hung or died.
 */
export class WalletVerifier {
  readonly #queue: Job[] = [];
  readonly #queueMax: number;
  readonly #timeoutMs: number;
  readonly #script: string;
  #worker: Worker | null = null;
  #running: Job | null = null;
  #timer: Timer | undefined;
  #closed = false;

  constructor({
    queueMax = QUEUE_MAX,
    timeoutMs = TIMEOUT_MS,
    worker = new URL('./wallet-verifier-worker.ts', import.meta.url).href,
  }: WalletVerifierOptions = {}) {
    this.#queueMax = queueMax;
    this.#timeoutMs = timeoutMs;
    this.#script = worker;
  }

  /**
   * `spelled` is 65 bytes r‖s‖v or the compact 64 in hex, with 0x or without, in small letters or capitals;
   * anything else is nobody's. Never rejects.
   */
  recover(message: string, spelled: string): Promise<Recovery> {
    const digits = SIGNATURE.exec(spelled)?.[1];
    if (digits === undefined) return Promise.resolve({ address: null });
    const signature = `0x${digits.toLowerCase()}`;
    if (this.#closed || this.#queue.length >= this.#queueMax) return Promise.resolve(BUSY);
    return new Promise((answer) => {
      this.#queue.push({ message, signature, answer });
      this.#next();
    });
  }

  /** What still waits is answered `busy`. */
  close(): void {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.answer(BUSY);
    this.#abandon();
  }

  #next(): void {
    if (this.#running !== null) return;
    const job = this.#queue.shift();
    if (job === undefined) return;
    this.#running = job;
    this.#timer = setTimeout(() => this.#abandon(), this.#timeoutMs);
    this.#worker ??= this.#start();
    this.#worker.postMessage({ message: job.message, signature: job.signature });
  }

  #start(): Worker {
    const worker = new Worker(this.#script);
    worker.onmessage = ({ data }) =>
      worker === this.#worker && this.#finish({ address: typeof data === 'string' ? data : null });
    const died = () => void (worker === this.#worker && this.#abandon());
    worker.onerror = died;
    worker.addEventListener('close', died);
    // An idle worker must not keep the process alive.
    worker.unref();
    return worker;
  }

  #finish(recovery: Recovery): void {
    clearTimeout(this.#timer);
    const job = this.#running;
    this.#running = null;
    job?.answer(recovery);
    this.#next();
  }

  /** The worker is not to be trusted with another job; the next one gets a new worker. */
  #abandon(): void {
    const worker = this.#worker;
    this.#worker = null;
    worker?.terminate();
    this.#finish(BUSY);
  }
}
