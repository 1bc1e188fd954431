import { join } from 'node:path';
import { ServerProcess } from './server-process.ts';
import type { Sizes } from './sizes.ts';
import { rounded } from './spread.ts';
import type { Watched } from './watchers.ts';

/** One size of crowd. CPU is that of the server's process, 100 is one core; the reference publishes as many bytes by a bare `Bun.serve`. */
export interface FanoutFigure {
  readonly sockets: number;
  readonly hz: number;
  readonly cpuPercent: number;
  readonly referenceCpuPercent: number;
  readonly bytesPerSecondPerSocket: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly referenceP99Ms: number;
  readonly kilobytesPerSocket: number;
  readonly lost: number;
}

interface Crowd extends Watched {
  readonly cpuPercent: number;
  readonly kilobytesPerSocket: number;
}

export async function measureFanout(sizes: Sizes, say: (line: string) => void): Promise<FanoutFigure[]> {
  const figures: FanoutFigure[] = [];
  for (const { sockets, hz } of sizes.fanout) {
    const tickMs = 1000 / hz;
    const ours = await crowdAt(await ServerProcess.tapgrid({ TICK_MS: String(tickMs), QUOTE_EVERY_TICKS: '1' }), sockets, sizes.fanoutSeconds);
    const bytesPerSecondPerSocket = Math.round(ours.bytes / sockets / sizes.fanoutSeconds);
    const reference = await crowdAt(await ServerProcess.script('loadtest/database/bare-publisher.ts', String(hz), String(bytesPerSecondPerSocket)), sockets, sizes.fanoutSeconds);
    figures.push({
      sockets, hz, bytesPerSecondPerSocket,
      cpuPercent: rounded(ours.cpuPercent, 3), referenceCpuPercent: rounded(reference.cpuPercent, 3),
      p50Ms: ours.p50, p99Ms: ours.p99, referenceP99Ms: reference.p99,
      kilobytesPerSocket: rounded(ours.kilobytesPerSocket, 3), lost: ours.lost,
    });
    say(`fan-out ${sockets} sockets at ${hz} Hz: ${ours.cpuPercent.toFixed(0)} % CPU (reference ${reference.cpuPercent.toFixed(0)} %), ${bytesPerSecondPerSocket} B/s each, p99 ${ours.p99} ms (reference ${reference.p99} ms)`);
  }
  return figures;
}

async function crowdAt(server: ServerProcess, sockets: number, seconds: number): Promise<Crowd> {
  const empty = server.memoryBytes;
  const connected = Promise.withResolvers<void>();
  const watched = Promise.withResolvers<Watched>();
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'watchers.ts'), server.origin, String(sockets)], {
    stdin: 'ignore', stdout: 'inherit', stderr: 'inherit', serialization: 'json',
    ipc: (message: 'connected' | Watched) => (message === 'connected' ? connected.resolve() : watched.resolve(message)),
    onExit: (_, code) => {
      connected.reject(new Error(`the watchers ended with ${code}`));
      watched.reject(new Error(`the watchers ended with ${code}`));
    },
  });
  watched.promise.catch(() => {});
  try {
    await connected.promise;
    child.send(seconds);
    await Bun.sleep(500);
    const [cpu, began] = [server.cpuSeconds, performance.now()];
    const result = await watched.promise;
    const cpuPercent = ((server.cpuSeconds - cpu) * 100_000) / (performance.now() - began);
    return { ...result, cpuPercent, kilobytesPerSocket: (server.memoryBytes - empty) / 1024 / sockets };
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL');
    server.kill();
  }
}
