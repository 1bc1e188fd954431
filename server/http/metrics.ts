import type { HttpDeps } from './deps.ts';

/** Every metric of this process with its kind and meaning. Nothing is counted under another name. */
export const METRICS = {
  tapgrid_taps_accepted_total: ['counter', 'Taps that became bets since start.'],
  tapgrid_taps_refused_total: ['counter', 'Taps refused since start, by code.'],
  tapgrid_tap_latency_ms: ['summary', 'From receipt of an order to its acknowledgement.'],
  tapgrid_batches_total: ['counter', 'Commits since start.'],
  tapgrid_queued_taps: ['gauge', 'Taps that wait for a commit.'],
  tapgrid_tick_age_ms: ['gauge', 'Age of the newest tick; absent before the first.'],
  tapgrid_breaker_state: ['gauge', '1 for the state that the circuit breaker is in.'],
  tapgrid_breaker_cause: ['gauge', '1 for each cause that is present.'],
  tapgrid_sockets: ['gauge', 'Open sockets.'],
  tapgrid_ledger_batch: ['gauge', 'Number of the newest link of the ledger chain.'],
  tapgrid_tick_seq: ['gauge', 'Number of the newest tick under a hash.'],
  tapgrid_simulated: ['gauge', '1 while prices are recorded or synthetic.'],
} as const;

type MetricName = keyof typeof METRICS;
/** `[labels, value]`; a suffix stands for the _count of a summary. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number, suffix?: '_count'];

const STATES = ['closed', 'degraded', 'open'] as const;

/** The metrics in the text format of Prometheus, version 0.0.4. */
export function metrics(deps: Pick<HttpDeps, 'house' | 'books' | 'sockets' | 'now'>): Response {
  const text = Object.entries(samplesOf(deps)).map(([name, samples]) => family(name as MetricName, samples)).join('');
  return new Response(text, { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' } });
}

function samplesOf({ house, books, sockets, now }: Pick<HttpDeps, 'house' | 'books' | 'sockets' | 'now'>): Record<MetricName, readonly Sample[]> {
  const { accepted, refusals, latency, batches, queued } = house.counters();
  const { state, causes } = house.health();
  const tick = house.board()?.tick;
  const { ledger, ticks } = books.chain();
  return {
    tapgrid_taps_accepted_total: [[{}, accepted]],
    tapgrid_taps_refused_total: Object.entries(refusals).map(([code, refused]) => [{ code }, refused] as const),
    tapgrid_tap_latency_ms: [[{ quantile: '0.5' }, latency.p50], [{ quantile: '0.95' }, latency.p95], [{ quantile: '0.99' }, latency.p99], [{}, latency.count, '_count']],
    tapgrid_batches_total: [[{}, batches]],
    tapgrid_queued_taps: [[{}, queued]],
    tapgrid_tick_age_ms: tick ? [[{}, Math.max(0, now() - tick.at)]] : [],
    tapgrid_breaker_state: STATES.map((one) => [{ state: one }, one === state ? 1 : 0] as const),
    tapgrid_breaker_cause: causes.map(({ cause, severity }) => [{ cause, severity }, 1] as const),
    tapgrid_sockets: [[{}, sockets()]],
    tapgrid_ledger_batch: [[{}, ledger.batch]],
    tapgrid_tick_seq: [[{}, ticks.seq]],
    tapgrid_simulated: [[{}, house.simulated ? 1 : 0]],
  };
}

function family(name: MetricName, samples: readonly Sample[]): string {
  const [kind, about] = METRICS[name];
  const lines = samples.map(([labels, value, suffix = '']) => `${name}${suffix}${labelsOf(labels)} ${value}\n`);
  return `# HELP ${name} ${about}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}

function labelsOf(labels: Sample[0]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, '\\$&')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
