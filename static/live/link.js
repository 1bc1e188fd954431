/**
 * The page's one socket. htmx keeps it, reconnects with jitter and swaps the HTML frames; the JSON frames are read here and htmx is told to leave
 * them alone.
 */
export class Link {
  #socket = null;
  #noticed;
  /** Why this page stays without a connection until it is loaded anew, in sentences; null while it has one or may get one again. */
  final = null;

  /** @param {{frame: (frame: any) => void, lost: () => void}} handlers */
  constructor(handlers) {
    document.addEventListener('htmx:ws:after:connection', (event) => this.#opened(event.detail.connection.socket));
    document.addEventListener('htmx:ws:close', (event) => this.#closed(event.detail.code, handlers));
    document.addEventListener('htmx:ws:before:message:incoming', (event) => {
      const { data } = event.detail.message;
      if (typeof data !== 'string' || (data[0] !== '[' && data[0] !== '{')) return;
      event.preventDefault();
      event.detail.cancelled = true;
      handlers.frame(JSON.parse(data));
    });
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @returns whether it went out; what did not is never sent later. */
  send(message) {
    if (!this.open) return false;
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return true;
  }

  /** The state of the board is whole again. */
  settled() {
    clearTimeout(this.#noticed);
    document.body.dataset.link = 'open';
    banner('');
  }

  #opened(socket) {
    this.#socket = socket;
  }

  #closed(code, handlers) {
    this.#socket = null;
    if (code >= 4000) this.final = FINAL[code] ?? 'The connection was closed. Reload the page to go on.';
    handlers.lost();
    document.body.dataset.link = 'lost';
    clearTimeout(this.#noticed);
    if (this.final) return banner(this.final);
    this.#noticed = setTimeout(() => banner('Reconnecting… your bets are safe.'), NOTICE_AFTER_MS);
  }
}

/** A blink of the network is not worth a notice. */
const NOTICE_AFTER_MS = 900;

const FINAL = {
  4401: 'You were signed out. Reload the page to go on.',
  4403: 'This page may not connect from here.',
  4408: 'The connection was idle for too long. Reload the page to go on.',
  4429: 'Too much at once: the connection was closed. Reload the page to go on.',
};

function banner(text) {
  const line = document.getElementById('link');
  line.textContent = text;
  line.hidden = text === '';
}
