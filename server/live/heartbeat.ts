import type { Log } from '../ports/log.ts';
import type { Sessions } from '../ports/sessions.ts';
import { CLOSE } from './limits.ts';
import type { Connection } from './connection.ts';

const LOOK_MS = 1_000;
/**
 * A connection with a session is asked for a sign this often. Shorter than the shortest idle limit, a minute.
 */
export const BEAT_MS = 20_000;
/** Asked in one turn of the event loop; the others a second later. */
const ASKED_AT_ONCE_MAX = 500;

interface Parts {
  readonly sessions: Pick<Sessions, 'recheck'>;
  readonly now: () => number;
  readonly log: Pick<Log, 'error'>;
}

/**
 * Being there counts as use: an open socket is asked for a sign of life, and its answer keeps the session
 * from being idle, whether or not anybody taps. A connection that has died without a word answers nothing, so
 * the idle limit counts from its last sign. A session that has reached its absolute end loses its socket.
 */
export class Heartbeat {
  readonly #timer: Timer;

  constructor(
    private readonly parts: Parts,
    private readonly connections: { all(): Iterable<Connection> },
  ) {
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    this.#timer.unref();
  }

  look(): void {
    const now = this.parts.now();
    let asked = 0;
    for (const connection of this.connections.all())
      if (
        connection.caller.session !== null &&
        connection.askForSign(now, BEAT_MS) &&
        ++asked === ASKED_AT_ONCE_MAX
      )
        return;
  }

  /**
   * The peer has answered. Unrequested pongs do not count, so that nobody can make us look up sessions as
   * fast as they send.
   */
  async answered(connection: Connection): Promise<void> {
    const { session } = connection.caller;
    if (session === null || !connection.takeSign()) return;
    try {
      if ((await this.parts.sessions.recheck(session, this.parts.now())) === null)
        connection.close(CLOSE.signedOut, 'the session has ended');
    } catch (error) {
      this.parts.log.error({ err: error }, 'a session could not be looked up');
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
