import { BUILD } from '../ports/build.ts';
import { CURRENCIES, MICROS_PER_DOLLAR } from '../game/money.ts';
import { TRUSTS } from '../game/learned/gate.ts';
import { bucketName } from '../game/returns.ts';
import type { Durations, Readings } from '../ports/readings.ts';
import type { RejectionCode } from '../game/rejection.ts';
import { allCellsOf, type AllCellsFigures } from './all-cells.ts';
import { fairnessOf } from './returns.ts';
import type { HttpDeps } from './deps.ts';
import { samplesOfHeadStarts } from './head-start-metrics.ts';
import { METRICS, type MetricName } from './metric-names.ts';
import type { Traffic } from './traffic.ts';

export interface MetricDeps extends Pick<HttpDeps, 'house' | 'books' | 'now'> {
  /** Open sockets. */
  readonly sockets: () => number;
  /** Missing where a house is put together without moving parts around it. */
  readonly readings?: () => Readings;
}
/** `[labels, value]`; a suffix stands for a part of a histogram. */
type Sample = readonly [
  labels: Readonly<Record<string, string | number>>,
  value: number,
  suffix?: '_bucket' | '_sum' | '_count',
];

/** What alerts look at is there before the first one: a counter that begins with one shows no increase. */
const NO_REFUSALS: Partial<Record<RejectionCode, number>> = {
  busy: 0,
  unknown: 0,
  internal: 0,
  bad_signature: 0,
  nonce_reused: 0,
};
const OUTCOMES = ['won', 'lost', 'void'] as const;
const STATES = ['closed', 'degraded', 'open'] as const;
const BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 250, 1000, 5000] as const;
const MS = 0.001;

/** The metrics in the text format of Prometheus, version 0.0.4. */
export function metrics(deps: MetricDeps, traffic: Traffic): Response {
  const samples = { ...samplesOfHouse(deps, traffic), ...samplesOfMoney(deps), ...samplesOfReadings(deps) };
  const text = Object.keys(METRICS)
    .map((name) => family(name as MetricName, samples[name as MetricName]))
    .join('');
  return new Response(text + (deps.readings?.().jobReports ?? ''), {
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
  });
}

type Samples<Name extends MetricName> = Record<Name, readonly Sample[]>;

function samplesOfHouse({ house, books, sockets, now }: MetricDeps, traffic: Traffic) {
  const { accepted, refusals, batches, queued } = house.counters();
  const { state, causes } = house.health();
  const tick = house.tick();
  const prices = tick?.sources.map(({ price }) => price) ?? [];
  const { ledger, ticks } = books.chain();
  return {
    tapgrid_build_info: [
      [{ version: BUILD.version, commit: BUILD.commit ?? 'unbuilt', bun: Bun.version }, 1],
    ],
    process_start_time_seconds: [[{}, Math.round(performance.timeOrigin) * MS]],
    tapgrid_http_request_duration_seconds: traffic
      .durations()
      .flatMap(([route, durations]) => histogram(durations, { route })),
    tapgrid_http_requests_total: [...traffic].map(
      ([route, status, requests]) => [{ route, status }, requests] as const,
    ),
    tapgrid_taps_accepted_total: [[{}, accepted]],
    tapgrid_taps_refused_total: Object.entries({ ...NO_REFUSALS, ...refusals }).map(
      ([code, refused]) => [{ code }, refused] as const,
    ),
    tapgrid_batches_total: [[{}, batches]],
    tapgrid_queued_taps: [[{}, queued]],
    tapgrid_tick_age_seconds: tick ? [[{}, Math.max(0, now() - tick.at) * MS]] : [],
    tapgrid_venue_spread_ratio:
      tick && prices.length > 0 ? [[{}, (Math.max(...prices) - Math.min(...prices)) / tick.price]] : [],
    tapgrid_simulated: [[{}, house.simulated ? 1 : 0]],
    tapgrid_breaker_state: STATES.map((one) => [{ state: one }, one === state ? 1 : 0] as const),
    tapgrid_breaker_cause: causes.map(({ cause, severity }) => [{ cause, severity }, 1] as const),
    tapgrid_sockets: [[{}, sockets()]],
    tapgrid_ledger_batch: [[{}, ledger.batch]],
    tapgrid_tick_seq: [[{}, ticks.seq]],
  } satisfies Partial<Samples<MetricName>>;
}

const KEPT = ['quoted', 'realised', 'd', 'h'] as const;

const keptSamples = (
  labels: Readonly<Record<string, string>>,
  kept: Readonly<Record<(typeof KEPT)[number], number | null>>,
): Sample[] =>
  KEPT.flatMap((figure): Sample[] => (kept[figure] === null ? [] : [[{ ...labels, figure }, kept[figure]]]));

function samplesOfMoney({ house, books, now }: MetricDeps) {
  const figures = CURRENCIES.map((currency) => fairnessOf({ house, books }, currency, now()));
  const summed = (field: 'staked' | 'paid') =>
    figures.map(
      ({ currency, buckets }): Sample => [
        { currency },
        buckets.reduce((sum, bucket) => sum + bucket[field], 0) / MICROS_PER_DOLLAR,
      ],
    );
  const returns = figures.flatMap(({ currency, buckets }) =>
    buckets.flatMap(({ from, to, ...bucket }) =>
      (['realised', 'low', 'high', 'quoted'] as const).flatMap((figure): Sample[] =>
        bucket[figure] === null ? [] : [[{ currency, bucket: bucketName(from, to), figure }, bucket[figure]]],
      ),
    ),
  );
  return {
    ...samplesOfCells(allCellsOf(books, house.simulated)),
    tapgrid_bankroll_dollars: CURRENCIES.map((currency) => [
      { currency },
      books.bankroll(currency) / MICROS_PER_DOLLAR,
    ]),
    tapgrid_staked_dollars: summed('staked'),
    tapgrid_paid_dollars: summed('paid'),
    tapgrid_return_ratio: returns,
    tapgrid_bets_void_total: figures.flatMap(({ currency, voids }) =>
      Object.entries(voids).map(([reason, bets]): Sample => [{ currency, reason }, bets]),
    ),
  } satisfies Partial<Samples<MetricName>>;
}

/** By board; before the first block, of the board that there will be. */
function samplesOfCells({ boards, ...usual }: AllCellsFigures) {
  const each = boards.length === 0 ? [{ ...usual, name: 'any' }] : boards;
  return {
    tapgrid_cells_return_ratio: each.flatMap(({ name: board, buckets }) =>
      buckets.flatMap((one) => keptSamples({ board, bucket: bucketName(one.from, one.to) }, one)),
    ),
    tapgrid_cells_lead_return_ratio: each.flatMap(({ name: board, leads }) =>
      leads.flatMap((lead) =>
        keptSamples({ board, below: lead.belowMs === null ? 'any' : String(lead.belowMs / 1000) }, lead),
      ),
    ),
    tapgrid_cells_hour_return_ratio: each.flatMap(({ name: board, hours }) =>
      hours.flatMap((one) => keptSamples({ board, hour: String(one.hour) }, one)),
    ),
    tapgrid_cells_earned: each.flatMap(({ name: board, buckets }) =>
      buckets.flatMap(({ from, to, earned }) =>
        TRUSTS.map(
          (trust): Sample => [
            { board, bucket: bucketName(from, to), state: trust },
            trust === earned ? 1 : 0,
          ],
        ),
      ),
    ),
  } satisfies Partial<Samples<MetricName>>;
}

/** Without readings, in a server that is put together for its API alone, these families are empty. */
function samplesOfReadings({ readings }: MetricDeps) {
  const read = readings?.();
  const ofOpen = (figure: (book: { bets: number; stake: number; risk: number }) => number): Sample[] =>
    read === undefined ? [] : CURRENCIES.map((currency) => [{ currency }, figure(read.open[currency])]);
  const { venues = [], returns = [], jobs = [] } = read ?? {};
  return {
    tapgrid_tap_latency_seconds: histogram(read?.taps),
    tapgrid_commit_seconds: histogram(read?.commits),
    tapgrid_committed_total: gauge(read?.committed),
    tapgrid_settlement_lag_seconds: histogram(read?.settlements),
    tapgrid_loop_lag_seconds: histogram(read?.loopLag),
    tapgrid_stalls_total: gauge(read?.stalls),
    tapgrid_venue_alive: venues.map(({ venue, alive }) => [{ venue }, alive ? 1 : 0]),
    tapgrid_venue_quote_age_seconds: venues.flatMap(({ venue, quoteAgeMs }): Sample[] =>
      quoteAgeMs === null ? [] : [[{ venue }, quoteAgeMs * MS]],
    ),
    tapgrid_venue_faults_total: venues.flatMap(({ venue, faults }) =>
      Object.entries(faults).map(([kind, count]): Sample => [{ venue, kind }, count]),
    ),
    tapgrid_open_bets: ofOpen(({ bets }) => bets),
    tapgrid_open_stake_dollars: ofOpen(({ stake }) => stake / MICROS_PER_DOLLAR),
    tapgrid_liability_dollars: ofOpen(({ risk }) => risk / MICROS_PER_DOLLAR),
    tapgrid_slow_consumers_total: gauge(read?.slowConsumers),
    tapgrid_edges: gauge(read?.link?.edges),
    tapgrid_edges_lost_total: gauge(read?.link?.lost),
    tapgrid_edges_cpu_seconds_total: gauge(read?.link?.cpuSeconds),
    tapgrid_edge_memory_bytes: gauge(read?.link?.memoryBytesMax),
    tapgrid_edge_open_files_ratio: gauge(read?.link?.openFilesShareMax),
    tapgrid_link_calls_total: gauge(read?.link?.calls),
    tapgrid_link_frames_total: gauge(read?.link?.frames),
    tapgrid_log_lines_dropped_total: gauge(read?.logDropped),
    tapgrid_wal_bytes: gauge(read?.walBytes),
    tapgrid_disk_used_ratio: gauge(read?.diskUsedShare),
    tapgrid_heap_bytes: gauge(read?.heapBytes),
    tapgrid_bets_closed_total:
      read === undefined
        ? []
        : CURRENCIES.flatMap((currency) =>
            OUTCOMES.map((outcome): Sample => [{ currency, outcome }, read.closed[currency][outcome]]),
          ),
    tapgrid_bets_void_while_serving_total:
      read === undefined
        ? []
        : CURRENCIES.flatMap((currency) =>
            Object.entries(read.voids[currency]).map(
              ([reason, bets]): Sample => [{ currency, reason }, bets],
            ),
          ),
    tapgrid_return_excess_dollars: returns.map(({ currency, bucket, excess }) => [
      { currency, bucket },
      excess,
    ]),
    tapgrid_return_excess_bound_dollars: returns.map(({ currency, bucket, bound }) => [
      { currency, bucket },
      bound,
    ]),
    tapgrid_marked_bets_total: gauge(read?.marks.marked),
    tapgrid_accounts_gaining: gauge(read?.marks.gaining.length),
    tapgrid_crashes_total: gauge(read?.crashes),
    tapgrid_clock_offset_seconds: gauge(read && (read.clockOffMs ?? 0) * MS),
    tapgrid_books_since_timestamp_seconds: gauge(read && read.booksSince * MS),
    tapgrid_job_last_success_timestamp_seconds: jobs.flatMap(({ job, lastSuccessAt }): Sample[] =>
      lastSuccessAt === null ? [] : [[{ task: job }, lastSuccessAt * MS]],
    ),
    tapgrid_job_failed: jobs.map(({ job, ok }) => [{ task: job }, ok === false ? 1 : 0]),
    ...samplesOfHeadStarts(read?.headStarts),
    ...samplesOfMachine(read),
  } satisfies Partial<Samples<MetricName>>;
}

function samplesOfMachine(read: Readings | undefined) {
  const { certificate, openFiles, openFilesMax, backupDiskUsedShare } = read?.machine ?? {};
  const hasCertificate = typeof certificate === 'object' && certificate !== null;
  return {
    tapgrid_backup_disk_used_ratio: gauge(backupDiskUsedShare),
    tapgrid_certificate_expires_timestamp_seconds: hasCertificate ? gauge(certificate.endsAt * MS) : [],
    process_cpu_seconds_total: gauge(read?.cpuSeconds),
    process_resident_memory_bytes: gauge(read?.memoryBytes),
    process_virtual_memory_bytes: gauge(read?.virtualBytes),
    process_open_fds: gauge(openFiles),
    process_max_fds: openFilesMax === Infinity ? [] : gauge(openFilesMax),
  } satisfies Partial<Samples<MetricName>>;
}

/** What is not known is absent. */
const gauge = (value: number | null | undefined): Sample[] =>
  value === undefined || value === null ? [] : [[{}, value]];

function histogram(durations: Durations | undefined, labels: Sample[0] = {}): Sample[] {
  if (durations === undefined) return [];
  const counts = durations.upTo(BOUNDS_MS);
  return [
    ...BOUNDS_MS.map((bound, index): Sample => [{ ...labels, le: bound * MS }, counts[index]!, '_bucket']),
    [{ ...labels, le: '+Inf' }, durations.count, '_bucket'],
    [labels, durations.sumMs * MS, '_sum'],
    [labels, durations.count, '_count'],
  ];
}

function family(name: MetricName, samples: readonly Sample[]): string {
  const [kind, about] = METRICS[name];
  const lines = samples.map(
    ([labels, value, suffix = '']) => `${name}${suffix}${labelsOf(labels)} ${value}\n`,
  );
  return `# HELP ${name} ${about}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}

function labelsOf(labels: Sample[0]): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${String(value).replace(/["\\\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`))}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
