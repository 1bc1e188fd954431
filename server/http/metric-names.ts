/**
 * Every metric of this process: its kind and what it means. Rules and dashboards may ask for nothing else.
 * Seconds, bytes, dollars.
 */
export const METRICS = {
  tapgrid_build_info: [
    'gauge',
    '1, with the version of Tapgrid, the commit that it was built from, and the version of Bun.',
  ],
  tapgrid_crashes_total: ['counter', 'Runs with these books that crashed, ever.'],
  tapgrid_http_requests_total: ['counter', 'Requests answered since start, by route and status.'],
  tapgrid_http_request_duration_seconds: ['histogram', 'Time from a request to its response, by route.'],
  tapgrid_taps_accepted_total: ['counter', 'Taps that became bets since start.'],
  tapgrid_taps_refused_total: ['counter', 'Taps refused since start, by code.'],
  tapgrid_bets_void_total: ['counter', 'Voided bets, by currency and reason.'],
  tapgrid_bets_void_while_serving_total: [
    'counter',
    'Bets given back since start, by currency and reason, but for windows that a stop cut.',
  ],
  tapgrid_bets_closed_total: ['counter', 'Bets closed since start, by currency and outcome.'],
  tapgrid_tap_latency_seconds: ['histogram', 'Time from the receipt of an order to its acknowledgement.'],
  tapgrid_commit_seconds: ['histogram', 'Duration of a commit.'],
  tapgrid_batches_total: ['counter', 'Commits since start.'],
  tapgrid_committed_total: ['counter', 'Taps, locks, closings and single operations in those commits.'],
  tapgrid_queued_taps: ['gauge', 'Taps waiting for a commit.'],
  tapgrid_settlement_lag_seconds: [
    'histogram',
    'Time from the moment that decided a bet to the commit that paid it.',
  ],
  tapgrid_loop_lag_seconds: ['histogram', "Delay of the oracle's loop."],
  tapgrid_stalls_total: [
    'counter',
    'Times since start that the loop of the ticks stood still for longer than a gap that voids bets.',
  ],
  tapgrid_tick_age_seconds: ['gauge', 'Age of the newest tick; absent before the first.'],
  tapgrid_venue_alive: ['gauge', '1 while the venue is alive.'],
  tapgrid_venue_quote_age_seconds: ['gauge', "Age of a venue's quote in use; absent before the first."],
  tapgrid_venue_faults_total: ['counter', 'Faults of a venue since start, by kind.'],
  tapgrid_venue_spread_ratio: [
    'gauge',
    'Spread between the highest and lowest source of the newest tick, as a share of the price.',
  ],
  tapgrid_hold_seconds: ['gauge', 'Time from placing a bet to locking it (HOLD_MS).'],
  tapgrid_hold_proposed_seconds: [
    'gauge',
    'What that should be at least: how far exchanges run ahead of the price; absent until it is measured.',
  ],
  tapgrid_head_starts: ['gauge', 'Moves that an exchange showed before the price; 300 are a measurement.'],
  tapgrid_head_start_seconds: [
    'gauge',
    'How long the price took to follow those, by quantile; absent until there are enough.',
  ],
  tapgrid_venue_head_starts: ['gauge', 'How many of them the venue showed first.'],
  tapgrid_venue_behind_seconds: ['gauge', 'How long the venue took to follow the others, by quantile.'],
  tapgrid_venue_tick_age_seconds: ['gauge', "Age of the venue's newest price at a tick, by quantile."],
  tapgrid_venue_delay_seconds: ['gauge', "From the venue's own time to the arrival here, by quantile."],
  tapgrid_clock_offset_seconds: [
    'gauge',
    'Time of the exchanges minus that of this machine, if they all agree that it is off; otherwise 0.',
  ],
  tapgrid_simulated: ['gauge', '1 while prices are recorded or synthetic.'],
  tapgrid_breaker_state: ['gauge', '1 for the current state of the circuit breaker.'],
  tapgrid_breaker_cause: ['gauge', '1 for each cause that is present.'],
  tapgrid_open_bets: ['gauge', 'Open bets, by currency.'],
  tapgrid_open_stake_dollars: ['gauge', 'Stakes of the open bets, by currency.'],
  tapgrid_liability_dollars: ['gauge', 'What the house would lose if every open bet won, by currency.'],
  tapgrid_bankroll_dollars: ['gauge', 'Bankroll of the house, by currency.'],
  tapgrid_staked_dollars: ['gauge', 'Stakes of all closed bets except refunded ones, by currency.'],
  tapgrid_paid_dollars: ['gauge', 'Payouts of all closed bets, by currency.'],
  tapgrid_return_ratio: [
    'gauge',
    'Mean return of a bet by currency and range of multipliers: realised, its 95 % interval (low, high), ' +
      'and quoted.',
  ],
  tapgrid_cells_return_ratio: [
    'gauge',
    'Return of all cells on offer in seven days, sold or not, by board and range of multipliers: quoted, ' +
      'realised, d ' +
      '(realised less quoted) and h (half of its 95 % interval; left out by less than two hours of data).',
  ],
  tapgrid_cells_lead_return_ratio: [
    'gauge',
    'The same by the time ahead: `below` is the most seconds from the quote to the opening, or any.',
  ],
  tapgrid_cells_hour_return_ratio: ['gauge', 'The same by the hour of the day, UTC.'],
  tapgrid_cells_earned: [
    'gauge',
    '1 for the state that a range of multipliers has earned on a board in seven days.',
  ],
  tapgrid_marked_bets_total: ['counter', 'Bets since start that were priced again after their lock.'],
  tapgrid_accounts_gaining: [
    'gauge',
    'Accounts in whose favour the price moves beyond chance in the seconds after their bets are locked, ' +
      'ten at most; those whose stakes are limited do not count.',
  ],
  tapgrid_return_excess_dollars: [
    'gauge',
    'What traders got back this week above the quotes, by currency and range of multipliers.',
  ],
  tapgrid_return_excess_bound_dollars: [
    'gauge',
    'Bound of what chance explains, however often you look: a fair house crosses it once in 10,000 weeks.',
  ],
  tapgrid_wal_bytes: ['gauge', 'Size of the write-ahead log.'],
  tapgrid_disk_used_ratio: ['gauge', 'Used share of the file system of the books.'],
  tapgrid_backup_disk_used_ratio: [
    'gauge',
    'Used share of the file system of the backups; absent if it is that of the books.',
  ],
  tapgrid_books_since_timestamp_seconds: [
    'gauge',
    "When the books' file arrived on this disk, since the epoch.",
  ],
  tapgrid_certificate_expires_timestamp_seconds: [
    'gauge',
    "When the certificate of this machine's proxy expires, since the epoch; absent without one.",
  ],
  tapgrid_heap_bytes: ['gauge', 'Memory of JavaScript objects, including garbage not collected yet.'],
  tapgrid_sockets: ['gauge', 'Open sockets.'],
  tapgrid_edges: ['gauge', 'Edges in other processes that are connected; absent where one process is all.'],
  tapgrid_edges_lost_total: ['counter', 'Connections to edges in other processes that ended since start.'],
  tapgrid_edges_cpu_seconds_total: [
    'counter',
    'Processor time used by edges in other processes since start, also by those that ended.',
  ],
  tapgrid_edge_memory_bytes: ['gauge', 'Resident memory of the edge in another process that uses most.'],
  tapgrid_edge_open_files_ratio: [
    'gauge',
    'Open files of the edge in another process that has most, of those it may have.',
  ],
  tapgrid_link_calls_total: ['counter', 'Calls of edges in other processes since start.'],
  tapgrid_link_frames_total: [
    'counter',
    'Frames that they came in since start: calls by frame is what one turn of the loop brings.',
  ],
  tapgrid_slow_consumers_total: [
    'counter',
    'Sockets closed since start because their client could not ' + 'keep up.',
  ],
  tapgrid_log_lines_dropped_total: [
    'counter',
    'Log lines dropped since start because nothing read them in time.',
  ],
  tapgrid_ledger_batch: ['gauge', 'Number of the newest link of the ledger chain.'],
  tapgrid_tick_seq: ['gauge', 'Number of the newest tick under a hash.'],
  tapgrid_job_last_success_timestamp_seconds: [
    'gauge',
    'When a job last succeeded, since the epoch; absent if it never did.',
  ],
  tapgrid_job_failed: ['gauge', '1 if the last run of a job failed.'],
  process_start_time_seconds: ['gauge', 'When the process started, since the epoch.'],
  process_cpu_seconds_total: ['counter', 'Processor time used by the process.'],
  process_resident_memory_bytes: ['gauge', 'Resident memory of the process.'],
  process_virtual_memory_bytes: ['gauge', 'Address space of the process.'],
  process_open_fds: ['gauge', 'Open files, sockets among them.'],
  process_max_fds: ['gauge', 'Limit of open files; absent without a limit.'],
} as const;

export type MetricName = keyof typeof METRICS;

/**
 * What the jobs report themselves (`--metrics` of tapgrid verify-ledger and backup); in the output once a job
 * has run.
 */
export const JOB_METRICS = [
  'tapgrid_verify_last_success_timestamp_seconds',
  'tapgrid_verify_last_run_timestamp_seconds',
  'tapgrid_verify_duration_seconds',
  'tapgrid_verify_bets',
  'tapgrid_verify_violations',
  'tapgrid_backup_last_success_timestamp_seconds',
  'tapgrid_backup_duration_seconds',
  'tapgrid_backup_bytes',
  'tapgrid_backup_batch',
  'tapgrid_tail_last_success_timestamp_seconds',
  'tapgrid_tail_last_sent_timestamp_seconds',
  'tapgrid_tail_batch',
  'tapgrid_probe_last_run_timestamp_seconds',
  'tapgrid_probe_last_success_timestamp_seconds',
  'tapgrid_probe_tap_seconds',
  'tapgrid_probe_taps',
  'tapgrid_probe_staked_dollars',
] as const;

/** The jobs of which a success is expected. */
export const JOBS = ['backup', 'integrity', 'archive'] as const;
