import { onOwnCores } from './cores.ts';
import { Generator } from './generator-process.ts';
import { ServerProcess, WIDE_BOARD } from './server-process.ts';
import { FAR_LEAD_MS, type Sizes } from './sizes.ts';
import { quantile, rounded } from './spread.ts';

/** Offered per second as a multiple of the peak. */
const TIMES = [1, 2, 4] as const;
const PEAK_VOLLEYS = 3;
const BREATH_MS = 1_000;

/**
 * What becomes of taps when more come than can be taken. Rates per second, times in ms; `ratio` is what was
 * accepted to the peak, `busy` the share that was refused for want of room, `others` what was refused for any
 * other reason.
 */
export interface OverloadFigure {
  readonly times: number;
  readonly offered: number;
  readonly accepted: number;
  readonly ratio: number;
  readonly busy: number;
  readonly others: Readonly<Record<string, number>>;
  readonly acceptedP99Ms: number;
  readonly busyP99Ms: number;
  /** By how much the generator was late itself: part of both. */
  readonly lateP99Ms: number;
}

/**
 * Over sockets, since each carries several orders at a time: the peak as fast as answers come back, then
 * evenly at once, twice and four times that rate whether answers come or not. Server and generator have a
 * core each where there are two: else the server would lose to the generator what that takes to offer so much
 * more, and its peak could not be kept.
 */
export async function measureOverload(
  sizes: Sizes,
  say: (line: string) => void,
  settings: Readonly<Record<string, string>> = {},
): Promise<OverloadFigure[]> {
  const server = await ServerProcess.tapgrid({ ...WIDE_BOARD, ...settings });
  const generator = Generator.start(server.origin);
  const volley = async (orders: number, perSecond: number | null, underWayMax: number) => {
    await generator.load('socket', orders, FAR_LEAD_MS);
    await Bun.sleep(BREATH_MS);
    return generator.fire('socket', perSecond, underWayMax);
  };
  try {
    if (!onOwnCores(server.pids, [generator.pid]))
      say(
        'overload: server and generator share the processor, ' +
          'so part of it is the generator taking more of it',
      );
    await generator.open(sizes.overloadSockets, 1, sizes.overloadSockets);
    await volley(sizes.warmUpOrders, null, sizes.underWayMax);
    const rates: number[] = [];
    for (let n = 0; n < PEAK_VOLLEYS; n++)
      rates.push((await volley(sizes.flatOutOrders, null, sizes.underWayMax)).rate);
    const peak = quantile(Float64Array.from(rates).sort(), 0.5);
    const figures: OverloadFigure[] = [];
    for (const times of TIMES) {
      const orders = Math.round(peak * times * sizes.overloadSeconds);
      const { sent, rate, refused, acceptedP99, refusedP99, lateP99 } = await volley(
        orders,
        peak * times,
        orders,
      );
      const { busy = 0, ...others } = refused;
      const figure = {
        times,
        offered: rounded(peak * times),
        accepted: rounded(rate),
        ratio: rounded(rate / peak, 3),
        busy: rounded(busy / sent, 3),
        others,
        acceptedP99Ms: rounded(acceptedP99, 3),
        busyP99Ms: rounded(refusedP99, 3),
        lateP99Ms: rounded(lateP99, 3),
      };
      say(
        `overload ${times}×: of ${Math.round(figure.offered)}/s ${Math.round(figure.accepted)}/s ` +
          `accepted, ${Math.round(figure.busy * 100)} % busy ${JSON.stringify(others)}; ` +
          `p99 ${figure.acceptedP99Ms} and ${figure.busyP99Ms} ms, ` +
          `generator late by ${figure.lateP99Ms} ms`,
      );
      figures.push(figure);
    }
    return figures;
  } finally {
    generator.kill();
    server.kill();
  }
}
