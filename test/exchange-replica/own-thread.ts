import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** In the memory that both threads share: it has been said. */
const SPOKEN = 0;

/**
 * A WebSocket server that speaks while this thread stands still: what it says is in the kernel when this
 * thread goes on. It greets each connection with `first`.
 */
export async function speakerOnItsOwnThread() {
  const flags = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(import.meta.path, { workerData: flags.buffer });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  return {
    url: `ws://127.0.0.1:${port}/`,
    /** Returns when it has been said to every connection. */
    sayWhileWeWait(text: string): void {
      worker.postMessage(text);
      Atomics.wait(flags, SPOKEN, 0);
    },
    stop: () => worker.terminate(),
  };
}

if (!isMainThread && parentPort !== null) {
  const flags = new Int32Array(workerData as SharedArrayBuffer);
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request, self) => void self.upgrade(request),
    websocket: {
      open: (socket) => {
        socket.subscribe('all');
        socket.send('first');
      },
      message: () => {},
    },
  });
  parentPort.on('message', (text: string) => {
    server.publish('all', text);
    // After this turn, with which what was said is written.
    setTimeout(() => {
      Atomics.store(flags, SPOKEN, 1);
      Atomics.notify(flags, SPOKEN);
    }, 5);
  });
  parentPort.postMessage(server.port);
}
