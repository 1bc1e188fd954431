import { Replica } from '../exchange-replica/replica.ts';

const TICK_MS = 100;
/** Cents; about 50 % a year. */
const STEP_CENTS = 250;
const NAMES = ['coinbase', 'kraken', 'bitstamp'] as const;
/** No client is cut off because this machine is busy. */
const TIMES = {
  subscribeWithinMs: 10_000,
  silenceMsMax: 30_000,
  heartbeatEveryMs: 200,
  pingEveryMs: 10_000,
  pongWithinMs: 30_000,
};
const dollars = (cents: number): string => (cents / 100).toFixed(2);

/** Three exchanges whose one price walks. */
export class PatientExchanges {
  /** How far their time is ahead of this machine's. */
  aheadMs = 0;
  #cents = 8_400_000;
  readonly #replica: Replica;
  readonly #timer: Timer;

  constructor(address: string) {
    this.#replica = new Replica(TIMES, address);
    this.#timer = setInterval(() => {
      this.#cents += Math.round((Math.random() * 2 - 1) * STEP_CENTS);
      const [bid, ask] = [dollars(this.#cents), dollars(this.#cents + 10)];
      for (const name of NAMES) this.#replica.quote(name, bid, ask, Date.now() + this.aheadMs);
    }, TICK_MS);
  }

  /** For FEED_URLS. */
  urls = (): string => NAMES.map((name) => `${name}=${this.#replica.urls[name]}`).join(',');

  /** Their lines stay open, and nothing comes over them. */
  mute(areMuted: boolean): void {
    for (const name of NAMES) this.#replica.mute(name, areMuted);
  }

  stop(): Promise<void> {
    clearInterval(this.#timer);
    return this.#replica.stop();
  }
}
