import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../ports/log.ts';
import { KEYS, PROBE_MS } from './channels.ts';

/**
 * A caller never waits longer than this for Redis, and after one that did nobody waits until it answers
 * again.
 */
export const COMMAND_MS_MAX = 200;
const CONNECT_MS_MAX = 2_000;
/** How often Redis is tried while it is away, and the subscriber's line while it is there. */
const LOOK_EVERY_MS = 500;
/**
 * After this many checks without an answer the connection is considered dead and reopened: one that was cut
 * silently would never report it.
 */
const SILENT_LOOKS_MAX = 4;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 1_000;

/**
 * Nothing queues for an unreachable Redis, and nothing is sent twice: callers are told at once and continue
 * without it.
 */
const OPTIONS: RedisOptions = {
  protocol: 2,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  autoResendUnfulfilledCommands: false,
  connectTimeout: CONNECT_MS_MAX,
  disableClientInfo: true,
  lazyConnect: true,
  retryStrategy: (times) =>
    Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(times, 10)) * (0.5 + 0.5 * Math.random()),
};

/**
 * The lines to Redis: one for commands, one for subscriptions. Redis is *away* from the first command that
 * fails or is not answered in time (it died, hangs, is full, refuses us) until a write is answered again;
 * meanwhile nothing is sent and callers are told at once.
 */
export class RedisLink {
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  readonly #hearers = new Map<string, (message: string) => void>();
  readonly #backs = new Set<() => void>();
  readonly #timer: ReturnType<typeof setInterval>;
  #away: string | null = NOT_CONNECTED;
  #looking = false;
  #silentLooks = 0;
  /**
   * Counts returns. A command that was sent before one and fails after it says nothing of Redis as it is now.
   */
  #returns = 0;
  #closed = false;

  constructor(
    url: string,
    private readonly log: Pick<Log, 'info' | 'warn'>,
    private readonly commandMsMax = COMMAND_MS_MAX,
  ) {
    const options = { ...OPTIONS, commandTimeout: commandMsMax };
    this.#commands = new Redis(url, options);
    this.#subscriber = new Redis(url, options);
    this.#commands.on('error', (error: Error) => this.#lose(error));
    // Its connection reopens by itself; commands are sent meanwhile.
    this.#subscriber.on('error', () => {});
    this.#commands.on('close', () => this.#lose(new Error('Connection is closed.')));
    this.#commands.on('ready', () => void this.#look());
    // The client renews subscriptions; messages in between were missed.
    this.#subscriber.on('ready', () => void this.#tune());
    this.#subscriber.on('message', (channel: string, message: string) =>
      this.#hearers.get(channel)?.(message),
    );
    for (const line of [this.#commands, this.#subscriber]) line.connect().catch(() => {});
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  /** Why Redis is away, in words for the operator; null while it answers. */
  get away(): string | null {
    return this.#away;
  }

  /**
   * @returns the answer, or null when Redis is away or went away over it: then it is not known whether the
   * command was done.
   */
  async ask<Answer>(command: (redis: Redis) => Promise<Answer>): Promise<{ readonly ok: Answer } | null> {
    if (this.#away !== null) return null;
    const returns = this.#returns;
    try {
      return { ok: await command(this.#commands) };
    } catch (error) {
      if (returns === this.#returns) this.#lose(error as Error);
      return null;
    }
  }

  /** The same for what nobody waits for. */
  tell(command: (redis: Redis) => Promise<unknown>): void {
    void this.ask(command);
  }

  /** One hearer a channel. It must not throw. */
  subscribe(channel: string, hear: (message: string) => void): void {
    this.#hearers.set(channel, hear);
    if (this.#subscriber.status === 'ready') void this.#tune();
  }

  /**
   * Called when Redis answers again after it was away, and when the subscriptions stand again: something may
   * have been missed.
   */
  onBack(run: () => void): void {
    this.#backs.add(run);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#commands.quit().catch(() => {});
    for (const line of [this.#commands, this.#subscriber]) line.disconnect();
  }

  #lose(error: Error): void {
    if (this.#closed) return;
    const why = wordsOf(error, this.commandMsMax);
    // That the line was closed says less than what was heard on it before.
    if (why === NOT_CONNECTED && this.#away !== null) return;
    if (this.#away === null)
      this.log.warn({ why }, 'Redis is unreachable: sessions, limits and nonces are kept in this process');
    this.#away = why;
  }

  /**
   * Away: whether a write is answered. There: whether the subscriber's line still is, which would otherwise
   * be silent for ever when it was cut unseen.
   */
  async #look(): Promise<void> {
    if (this.#looking || this.#closed) return;
    this.#looking = true;
    try {
      if (this.#away !== null && this.#commands.status === 'ready') {
        await this.#commands.set(KEYS.probe, '1', 'PX', PROBE_MS);
        this.#away = null;
        this.#silentLooks = 0;
        this.#returns += 1;
        this.log.info({}, 'Redis answers');
        this.#tellBack();
      }
      if (this.#subscriber.status === 'ready')
        await this.#subscriber.ping().catch(() => this.#subscriber.disconnect(true));
    } catch (error) {
      this.#lose(error as Error);
      if (++this.#silentLooks % SILENT_LOOKS_MAX === 0) this.#commands.disconnect(true);
    } finally {
      this.#looking = false;
    }
  }

  async #tune(): Promise<void> {
    if (this.#hearers.size === 0) return;
    try {
      await this.#subscriber.subscribe(...this.#hearers.keys());
      this.#tellBack();
    } catch {
      this.#subscriber.disconnect(true);
    }
  }

  #tellBack(): void {
    if (!this.#closed) for (const run of this.#backs) run();
  }
}

const NOT_CONNECTED = 'not connected';

/**
 * Errors of the client's own have sentences, replies of Redis begin with a code. Neither holds the address,
 * which may hold a password.
 */
function wordsOf({ name, message }: Error, commandMsMax: number): string {
  if (message.includes('timed out')) return `no answer within ${commandMsMax} ms`;
  if (name === 'ReplyError')
    return message.startsWith('OOM') ? 'full' : `refused with ${/^[A-Z]+/.exec(message)?.[0] ?? 'an error'}`;
  return NOT_CONNECTED;
}
