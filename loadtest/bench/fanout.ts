import { Crowd } from './crowd-process.ts';
import { ServerProcess } from './server-process.ts';
import type { Sizes } from './sizes.ts';
import { rounded } from './spread.ts';
import type { Watched } from './watchers.ts';

/**
 * One size of crowd. CPU is that of the server's process, 100 is one core; the reference publishes as many
 * bytes by a bare `Bun.serve`.
 */
export interface FanoutFigure {
  readonly sockets: number;
  readonly hz: number;
  readonly cpuPercent: number;
  readonly referenceCpuPercent: number;
  readonly bytesPerSecondPerSocket: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly referenceP99Ms: number;
  readonly lost: number;
}

interface Measured extends Watched {
  readonly cpuPercent: number;
}

export async function measureFanout(sizes: Sizes, say: (line: string) => void): Promise<FanoutFigure[]> {
  const figures: FanoutFigure[] = [];
  for (const { sockets, hz } of sizes.fanout) {
    const tickMs = 1000 / hz;
    const ours = await crowdAt(
      await ServerProcess.tapgrid({ TICK_MS: String(tickMs), QUOTE_EVERY_TICKS: '1' }),
      sockets,
      sizes.fanoutSeconds,
    );
    const bytesPerSecondPerSocket = Math.round(ours.bytes / sockets / sizes.fanoutSeconds);
    const reference = await crowdAt(
      await ServerProcess.script(
        'loadtest/database/bare-publisher.ts',
        String(hz),
        String(bytesPerSecondPerSocket),
      ),
      sockets,
      sizes.fanoutSeconds,
    );
    figures.push({
      sockets,
      hz,
      bytesPerSecondPerSocket,
      cpuPercent: rounded(ours.cpuPercent, 3),
      referenceCpuPercent: rounded(reference.cpuPercent, 3),
      p50Ms: ours.p50,
      p99Ms: ours.p99,
      referenceP99Ms: reference.p99,
      lost: ours.lost,
    });
    say(
      `fan-out ${sockets} sockets at ${hz} Hz: ${ours.cpuPercent.toFixed(0)} % CPU (reference ` +
        `${reference.cpuPercent.toFixed(0)} %), ${bytesPerSecondPerSocket} B/s each, ` +
        `p99 ${ours.p99} ms (reference ${reference.p99} ms)`,
    );
  }
  return figures;
}

async function crowdAt(server: ServerProcess, sockets: number, seconds: number): Promise<Measured> {
  let crowd: Crowd | null = null;
  try {
    crowd = await Crowd.open(server.origin, sockets);
    let [cpu, began] = [0, 0];
    const result = await crowd.count(seconds, () => ([cpu, began] = [server.cpuSeconds, performance.now()]));
    const cpuPercent = ((server.cpuSeconds - cpu) * 100_000) / (performance.now() - began);
    return { ...result, cpuPercent };
  } finally {
    crowd?.kill();
    server.kill();
  }
}
