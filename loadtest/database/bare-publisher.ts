/**
 * The least that fan-out costs: `Bun.serve` publishing ready payloads to everybody who is connected.
 * Arguments: port, folder, frames per second, bytes per second that a watcher shall get. Each step sends one
 * frame that tells the time, as a tick does, and one that fills up the bytes.
 */
const [port, , hz, bytesPerSecond] = process.argv.slice(2).map(Number) as [number, number, number, number];
const TOPIC = 'all';
const padding = Math.max(0, Math.round(bytesPerSecond / hz) - 40);
let seq = 0;

const server = Bun.serve({
  port,
  hostname: 'localhost',
  reusePort: false,
  routes: {
    '/readyz': new Response('ready'),
    '/live': (request, self) => (self.upgrade(request) ? undefined : new Response(null, { status: 400 })),
  },
  websocket: {
    perMessageDeflate: false,
    open: (socket) => void socket.subscribe(TOPIC),
    message() {},
  },
});

setInterval(() => {
  server.publish(TOPIC, `["t",${++seq},${Date.now()},7600000]`, false);
  if (padding > 0) server.publish(TOPIC, 'x'.repeat(padding), false);
}, 1000 / hz);
process.on('SIGTERM', () => process.exit(0));
