import {
  choice,
  localPlace,
  money,
  moneyList,
  networks,
  optional,
  origin,
  path,
  percent,
  text,
  url,
  urlMap,
  whole,
  wholeList,
  type ConfigValue,
} from './config-value.ts';
import { GUARD_PERCENT_MAX, GUARD_PERCENT_MIN } from './game/own-limits.ts';

/**
 * One configuration key: environment name, how its text is read, the text that stands where nothing is given,
 * an example, a sentence.
 */
export interface ConfigKey<V> {
  readonly env: string;
  readonly value: ConfigValue<V>;
  readonly fallback: string;
  readonly example: string;
  readonly about: string;
  /** The text may hold a password and is never shown back. */
  readonly secret: boolean;
  /** Other programs read it too, and write it in lower case as well. */
  readonly anyCase?: boolean;
}

const key = <V>(
  env: string,
  value: ConfigValue<V>,
  fallback: string,
  example: string,
  about: string,
  secret = false,
): ConfigKey<V> => ({
  env,
  value,
  fallback,
  example,
  about,
  secret,
});

const FEED_SHAPE =
  /^(auto|live(:[a-z][a-z0-9]{1,19}(, *[a-z][a-z0-9]{1,19}){0,15})?|replay:[^?\0]{1,1000}(\?loop)?|walk:[\w.-]{1,64}(:\d{1,3}(\.\d{1,3})?)?)$/;

const SERVER = {
  host: key(
    'HOST',
    text('a host name or an IP address', /^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$/),
    '127.0.0.1',
    '0.0.0.0',
    'Address to listen on; leave it on loopback behind a proxy.',
  ),
  port: key('PORT', whole('', 0, 65_535), '3000', '8080', 'Port to listen on; 0 takes a free one.'),
  listenSocket: key(
    'LISTEN_SOCKET',
    optional(text('an absolute path of at most 107 bytes', /^\/[\x21-\x7e]{1,106}$/)),
    '',
    '/run/tapgrid/http.sock',
    'Unix socket to listen on instead of HOST and PORT, for a proxy on this machine; its group may connect.',
  ),
  operationsListen: key(
    'OPERATIONS_LISTEN',
    optional(localPlace),
    '',
    '127.0.0.1:9464',
    'Where /healthz, /readyz and /metrics are for whoever runs this: nothing of it is on the public address. Unset: the unix socket operations.sock in DATA_DIR.',
  ),
  trustedProxies: key(
    'TRUSTED_PROXIES',
    networks(64),
    '',
    '10.0.0.0/8,2001:db8:1::/48',
    'Proxies besides those on this machine whose X-Forwarded-For is believed: its last hop that is none of them is the caller. Unset: none.',
  ),
  dataDir: key(
    'DATA_DIR',
    path,
    './data',
    '/var/lib/tapgrid',
    'Folder of the databases; one server at a time may use it.',
  ),
  publicOrigin: key(
    'PUBLIC_ORIGIN',
    optional(origin),
    '',
    'https://taps.example',
    'The address that traders see; sign-in texts and origin checks are made from it. Unset: http://localhost and the port.',
  ),
  redisUrl: key(
    'REDIS_URL',
    optional(url('redis:', 'rediss:')),
    '',
    'redis://127.0.0.1:6379',
    'Redis for sessions, limits and nonces. Unset: they live in memory.',
    true,
  ),
  logLevel: key(
    'LOG_LEVEL',
    choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
    'warn',
    'Lines below this level are not written.',
  ),
} as const;

const FEED = {
  feed: key(
    'FEED',
    text(
      'auto, live, live:<venues with commas>, replay:<file>, replay:<file>?loop or walk:<seed>',
      FEED_SHAPE,
    ),
    'auto',
    'replay:ticks.csv.gz?loop',
    'Where prices come from; auto tries the exchanges and says so loudly when it falls back to simulated prices.',
  ),
  feedUrls: key(
    'FEED_URLS',
    urlMap('ws:', 'wss:'),
    '',
    'kraken=ws://127.0.0.1:9000',
    'Other addresses for named venues.',
  ),
  httpsProxy: {
    ...key(
      'HTTPS_PROXY',
      optional(url('http:', 'https:')),
      '',
      'http://proxy.example:3128',
      'Proxy (CONNECT) between this machine and the exchanges; this machine itself is reached directly.',
      true,
    ),
    anyCase: true,
  },
  noProxy: {
    ...key(
      'NO_PROXY',
      text('hosts with commas between them', /^[\x20-\x7e]{0,2000}$/),
      '',
      'intern.example,10.0.0.7',
      'Hosts that are reached without HTTPS_PROXY; * is all of them.',
    ),
    anyCase: true,
  },
  tickMs: key('TICK_MS', whole('ms', 20, 1000), '100', '100', 'Time between two oracle ticks.'),
  quorum: key(
    'QUORUM',
    whole('venues', 1, 6),
    '2',
    '3',
    'Venues that must agree before there is a tick; replay and walk are one venue and need one.',
  ),
  maxGapMs: key(
    'MAX_GAP_MS',
    whole('ms', 500, 60_000),
    '3000',
    '3000',
    'A longer hole in the ticks voids the bets whose window it overlaps.',
  ),
} as const;

const BOARD = {
  windowMs: key('WINDOW_MS', whole('ms', 1000, 60_000), '5000', '10000', 'Length of a column.'),
  columnsAhead: key(
    'COLUMNS_AHEAD',
    whole('columns', 3, 60),
    '12',
    '12',
    'Columns on the board after the current one.',
  ),
  rows: key('ROWS', whole('rows', 4, 40), '16', '16', 'Price bands per column.'),
  quoteEveryTicks: key(
    'QUOTE_EVERY_TICKS',
    whole('ticks', 1, 20),
    '2',
    '1',
    'Every so many ticks the multipliers are computed anew.',
  ),
  quoteTtlMs: key(
    'QUOTE_TTL_MS',
    whole('ms', 200, 10_000),
    '2000',
    '2000',
    'A tap may name a multiplier that is at most this old.',
  ),
  quoteTickAgeMsMax: key(
    'QUOTE_TICK_AGE_MS_MAX',
    whole('ms', 200, 10_000),
    '1500',
    '1500',
    'No tap is taken when the newest tick is older.',
  ),
  modelStage: key(
    'MODEL_STAGE',
    choice(['first-weeks', 'calibrated']),
    'calibrated',
    'first-weeks',
    'Which margins of the odds model apply: wider ones until there is own data, then the calibrated ones.',
  ),
} as const;

const TAPS = {
  stakesMicros: key(
    'STAKES_DOLLARS',
    moneyList(0.01, 10_000, 6),
    '1,5,10,25,50,100',
    '0.50,1,5',
    'The stakes on offer.',
  ),
  holdMs: key(
    'HOLD_MS',
    whole('ms', 0, 5000),
    '400',
    '0',
    'Time between placed and locked; 0 fills at the multiplier shown.',
  ),
  guardPercent: key(
    'GUARD_PERCENT',
    percent(GUARD_PERCENT_MIN, GUARD_PERCENT_MAX),
    '80',
    '90',
    'A bet is never locked below this part of the multiplier shown; the stake comes back instead.',
  ),
  quoteTolerancePercent: key(
    'QUOTE_TOLERANCE_PERCENT',
    percent(0, 20),
    '3',
    '3',
    'Without a hold, a multiplier that fell by more is refused. With HOLD_MS=0 at most 4: a point below the edge.',
  ),
  openBetsMax: key('OPEN_BETS_MAX', whole('bets', 1, 5000), '200', '50', 'Open bets per account.'),
  tapsPerSignatureMax: key(
    'TAPS_PER_SIGNATURE_MAX',
    whole('taps', 1, 64),
    '16',
    '16',
    'Taps that may share one signature.',
  ),
  deadlineMsMax: key(
    'DEADLINE_MS_MAX',
    whole('ms', 1000, 60_000),
    '30000',
    '30000',
    'A tap may name a deadline at most this far ahead.',
  ),
  batchTapsMax: key('BATCH_TAPS_MAX', whole('taps', 1, 10_000), '512', '512', 'Taps in one database commit.'),
  queueTapsMax: key(
    'QUEUE_TAPS_MAX',
    whole('taps', 1, 1_000_000),
    '10000',
    '10000',
    'Taps that may wait; past it the answer is busy.',
  ),
} as const;

const HOUSE = {
  playBankrollMicros: key(
    'PLAY_BANKROLL_DOLLARS',
    money(0, 900_000_000),
    '10000000',
    '1000000',
    'Play dollars of the house at the first start.',
  ),
  usdBankrollMicros: key(
    'USD_BANKROLL_DOLLARS',
    money(0, 900_000_000),
    '0',
    '50000',
    'Dollars of the house at the first start; with 0 no real-money tap is taken.',
  ),
  practiceGrantMicros: key(
    'PRACTICE_GRANT_DOLLARS',
    money(1, 1_000_000),
    '10000',
    '500',
    'Play dollars of a new practice account.',
  ),
  exposureCellPercent: key(
    'EXPOSURE_CELL_PERCENT',
    percent(0.001, 100),
    '0.5',
    '0.5',
    'Most that one cell may pay out, of the bankroll.',
  ),
  exposureColumnPercent: key(
    'EXPOSURE_COLUMN_PERCENT',
    percent(0.001, 100),
    '1',
    '1',
    'Most that one column may pay out, of the bankroll.',
  ),
  exposureTotalPercent: key(
    'EXPOSURE_TOTAL_PERCENT',
    percent(0.001, 100),
    '5',
    '5',
    'Most that all open bets may pay out, of the bankroll.',
  ),
  exposureAccountPercent: key(
    'EXPOSURE_ACCOUNT_PERCENT',
    percent(0.001, 100),
    '0.2',
    '0.2',
    'Most that the open bets of one account may pay out, of the bankroll.',
  ),
} as const;

const IDENTITY = {
  chainIds: key(
    'CHAIN_IDS',
    wholeList('', 1, 999_999_999_999, 16),
    '1',
    '1,8453',
    'EIP-155 chains from which a wallet may sign in.',
  ),
  challengeMinutes: key('CHALLENGE_MINUTES', whole('min', 1, 60), '5', '5', 'Time to sign a sign-in text.'),
  challengeTries: key(
    'CHALLENGE_TRIES',
    whole('tries', 1, 20),
    '5',
    '5',
    'Wrong answers after which a sign-in text is void.',
  ),
  sessionHours: key('SESSION_HOURS', whole('h', 1, 168), '12', '12', 'A session ends after this time.'),
  sessionIdleMinutes: key(
    'SESSION_IDLE_MINUTES',
    whole('min', 1, 1440),
    '30',
    '60',
    'A session ends after this time without a request or an open socket.',
  ),
  keyStakeMicrosMax: key(
    'KEY_STAKE_DOLLARS_MAX',
    money(0.01, 10_000),
    '100',
    '50',
    'Highest single stake that a session key may order.',
  ),
  keyDailyCapMicros: key(
    'KEY_DAILY_CAP_DOLLARS',
    money(0.01, 10_000_000),
    '5000',
    '1000',
    'Sum of stakes that a session key may order in a UTC day.',
  ),
} as const;

const BREAKER = {
  staleDegradedMs: key(
    'STALE_DEGRADED_MS',
    whole('ms', 200, 600_000),
    '3000',
    '3000',
    'Price age at which the state is degraded.',
  ),
  staleOpenMs: key(
    'STALE_OPEN_MS',
    whole('ms', 200, 600_000),
    '10000',
    '10000',
    'Price age at which taps are refused.',
  ),
  breakerHysteresisMs: key(
    'BREAKER_HYSTERESIS_MS',
    whole('ms', 0, 600_000),
    '30000',
    '30000',
    'Health must last this long before taps are taken again.',
  ),
} as const;

const LIMITS = {
  tapsPerSecondMax: key('TAPS_PER_SECOND_MAX', whole('/s', 1, 100_000), '20', '20', 'Taps per account.'),
  requestsPerSecondMax: key(
    'REQUESTS_PER_SECOND_MAX',
    whole('/s', 1, 1_000_000),
    '50',
    '50',
    'Requests per address.',
  ),
  practicePerHourMax: key(
    'PRACTICE_PER_HOUR_MAX',
    whole('/h', 1, 1_000_000),
    '60',
    '60',
    'New practice accounts per address.',
  ),
  socketsMax: key('SOCKETS_MAX', whole('sockets', 1, 1_000_000), '20000', '20000', 'Open sockets in all.'),
  socketsPerAddressMax: key(
    'SOCKETS_PER_ADDRESS_MAX',
    whole('sockets', 1, 1_000_000),
    '200',
    '200',
    'Open sockets per address.',
  ),
} as const;

const BACKUP = {
  backupDir: key(
    'BACKUP_DIR',
    optional(path),
    '',
    '/mnt/backups/tapgrid',
    'Folder of the backups, and of the archive where no bucket is set; best on another disk. Unset: both in DATA_DIR.',
  ),
  backupS3Bucket: key(
    'BACKUP_S3_BUCKET',
    optional(text('a bucket name', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)),
    '',
    'tapgrid-backups',
    'Bucket to which backups go too. Unset: they stay in BACKUP_DIR.',
  ),
  backupS3Endpoint: key(
    'BACKUP_S3_ENDPOINT',
    optional(url('https:', 'http:')),
    '',
    'https://s3.eu-central-1.example',
    'Address of the S3 server of that bucket. Unset: the one of its region at AWS.',
  ),
  backupS3Region: key(
    'BACKUP_S3_REGION',
    text('a region name', /^[a-z0-9-]{2,40}$/),
    'us-east-1',
    'eu-central-1',
    'Region of that bucket.',
  ),
  backupS3Prefix: key(
    'BACKUP_S3_PREFIX',
    text('up to 200 letters, digits and ._-/, with a slash at the end', /^([A-Za-z0-9._-]{1,60}\/){1,3}$/),
    'tapgrid/',
    'house-1/',
    'What the names of all objects of this house begin with.',
  ),
  backupS3KeyId: key(
    'BACKUP_S3_KEY_ID',
    optional(text('an access key id of 3 to 128 characters', /^[\x21-\x7e]{3,128}$/)),
    '',
    'TAPGRIDBACKUP',
    'Access key id for that bucket.',
    true,
  ),
  backupS3Secret: key(
    'BACKUP_S3_SECRET',
    optional(text('a secret of 8 to 256 characters', /^[\x21-\x7e]{8,256}$/)),
    '',
    'a-long-secret',
    'Secret of that access key.',
    true,
  ),
} as const;

const ARCHIVE = {
  archiveAfterDays: key(
    'ARCHIVE_AFTER_DAYS',
    whole('days', 1, 3650),
    '7',
    '14',
    'Closed bets, their orders, ledger rows, quotes and ticks of this age leave the books for the history.',
  ),
  archiveBetsMax: key(
    'ARCHIVE_BETS_MAX',
    whole('bets', 1_000, 1_000_000_000),
    '5000000',
    '2000000',
    'With more bets in the books, younger ones are archived too, down to ARCHIVE_AGE_MINUTES_MIN.',
  ),
  archiveAgeMinutesMin: key(
    'ARCHIVE_AGE_MINUTES_MIN',
    whole('min', 15, 10_080),
    '30',
    '60',
    'Nothing younger is ever archived; a retry is answered for ten minutes after its deadline.',
  ),
  archiveOrdersHours: key(
    'ARCHIVE_ORDERS_HOURS',
    whole('h', 1, 8760),
    '24',
    '48',
    'Orders stay for this long after their bets are archived: their nonces are known as used.',
  ),
  archiveSegmentRows: key(
    'ARCHIVE_SEGMENT_ROWS',
    whole('rows', 100, 100_000),
    '60000',
    '20000',
    'Ledger rows of one segment of the archive.',
  ),
  historyWeeks: key(
    'HISTORY_WEEKS',
    whole('weeks', 1, 520),
    '4',
    '8',
    'Archived weeks stay on disk for this long, where the history page and receipts read them; for ever where neither BACKUP_DIR nor a bucket is set.',
  ),
  historyGibMax: key(
    'HISTORY_GIB_MAX',
    whole('GiB', 1, 1_000_000),
    '64',
    '20',
    'Archived weeks on disk; above it the oldest leave early, when the archive holds them.',
  ),
} as const;

const OPERATOR = {
  operatorTokenFile: key(
    'OPERATOR_TOKEN_FILE',
    optional(path),
    '',
    '/etc/tapgrid/operator-token',
    "File with the token of the operator's page /ops, 24 characters or more. Unset: the credential OPERATOR_TOKEN of the service, or there is no such page.",
  ),
  operatorSocket: key(
    'OPERATOR_SOCKET',
    optional(text('a path of at most 107 bytes', /^[\x21-\x7e]{1,107}$/)),
    '',
    '/run/tapgrid/operator.sock',
    'Unix socket on which scripts/tapgrid.ts reaches the server, for its user alone. Unset: operator.sock in DATA_DIR.',
  ),
  operatorApprovalMicros: key(
    'OPERATOR_APPROVAL_DOLLARS',
    money(0, 900_000_000),
    '1000',
    '250',
    'A credit or debit by hand of this amount or more needs the name of a second person.',
  ),
} as const;

/** The keys by the heading under which documents list them. */
export const CONFIG_GROUPS = {
  Server: SERVER,
  Prices: FEED,
  Board: BOARD,
  Taps: TAPS,
  House: HOUSE,
  Identity: IDENTITY,
  'Circuit breaker': BREAKER,
  Limits: LIMITS,
  Backup: BACKUP,
  Operator: OPERATOR,
  Archive: ARCHIVE,
} as const;

/** Every key, by the name of its property in the configuration. */
export const CONFIG_KEYS = {
  ...SERVER,
  ...FEED,
  ...BOARD,
  ...TAPS,
  ...HOUSE,
  ...IDENTITY,
  ...BREAKER,
  ...LIMITS,
  ...BACKUP,
  ...OPERATOR,
  ...ARCHIVE,
} as const;
