import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { engines } from '../../package.json';
import { houseElsewhere, WAYS_OUT } from '../../server/compose/elsewhere.ts';
import { operationsPlace, operatorSocketPath as socketPath } from '../../server/compose/places.ts';
import { lackingBooks } from '../../server/compose/start-check.ts';
import { loadConfig, type Config } from '../../server/config.ts';
import { JOBS } from '../../server/http/metric-names.ts';
import { OPERATOR_TOKEN_LENGTH_MIN } from '../../server/identity/operator-sessions.ts';
import { isDirectoryLocked } from '../../server/store/directory-lock.ts';
import { inspectStore, sqliteVersion, type Inspection } from '../../server/store/inspection.ts';
import { DATABASE_FILE, hasBooks } from '../../server/store/store.ts';
import { DiskHistory } from '../../server/upkeep/disk-history.ts';
import { jobStates } from '../../server/upkeep/jobs.ts';
import { safely, warn, well, wrong, type Check } from './check.ts';
import { post } from './connection.ts';
import { neighbours } from './neighbours.ts';

type Found = readonly Check[];
type Environment = Readonly<Record<string, string | undefined>>;

const DISK_WARN_SHARE = 0.7;
const DISK_WRONG_SHARE = 0.85;
const DISK_DAYS_MIN = 14;
const FILES_BESIDE_SOCKETS = 1024;
const CHAIN_WAIT_MS = 1_500;
const OPERATIONS_WAIT_MS_MAX = 3_000;
const FUTURE_MS_MAX = 5_000;
const HOUR_MS = 3_600_000;
/** A job whose last success is older has missed two of its turns. */
const JOB_AGE_MS_MAX: Readonly<Record<(typeof JOBS)[number], number>> = {
  backup: 3 * HOUR_MS,
  integrity: 50 * HOUR_MS,
  archive: 15 * 24 * HOUR_MS,
};

/** Looks at the whole installation; nothing is changed. */
export async function diagnose(env: Environment): Promise<Found> {
  const loaded = loadConfig(env);
  const bun =
    Bun.version === engines.bun
      ? well('bun', Bun.version)
      : warn(
          'bun',
          `${Bun.version}, tried with ${engines.bun}`,
          'Install the version that package.json names.',
        );
  if ('errors' in loaded)
    return [
      bun,
      ...loaded.errors.map(({ key, given, bounds, example }) =>
        wrong('settings', `${key} is ${given}`, `It must be ${bounds}, for example ${example}.`),
      ),
    ];
  const config = loaded.ok;
  const hints = loaded.hints.map((hint) =>
    warn('settings', hint, 'Correct the name, or take the variable away.'),
  );
  const server = await askServer(config);
  const file = join(config.dataDir, DATABASE_FILE);
  return [
    bun,
    sqlite(),
    ...(hints.length > 0 ? hints : [well('settings', 'every value is within its bounds')]),
    origin(config),
    ...directory(config),
    disk(config),
    ...(await database(config, file)),
    ...(await lacking(config, file)),
    serverCheck(config, server),
    ...(await chains(config, server, file)),
    ...(await operations(config, server)),
    clock(server, file),
    feed(config, server),
    files(config, server),
    token(config),
    ...(await neighbours(config)),
    ...jobs(config),
  ];
}

export const diagnosisText = (found: Found): string => {
  const lines = found.map(
    ({ name, state, says, todo }) =>
      `${{ well: '  ok   ', warn: '  warn ', wrong: '  WRONG' }[state]}  ${name.padEnd(11)} ${says}\n` +
      `${todo === undefined ? '' : `${' '.repeat(21)}→ ${todo}\n`}`,
  );
  const count = (state: Check['state']): number => found.filter((check) => check.state === state).length;
  const [wrong, warn] = [count('wrong'), count('warn')];
  const sum =
    wrong > 0
      ? `${wrong} wrong, ${warn} to think about.`
      : warn > 0
        ? `Nothing is wrong; ${warn} to think about.`
        : 'All is well.';
  return `${lines.join('')}\n${sum}\n`;
};

/** Whether the books have all that their own backups have seen; the server asks the same when it starts. */
async function lacking(config: Config, file: string): Promise<Found> {
  if (!existsSync(file)) return [];
  const complaint = await lackingBooks(config).catch(() => null);
  return complaint === null
    ? []
    : [
        wrong(
          'books',
          complaint,
          'See "The books stand behind" in the runbook; stop tail and backups first.',
        ),
      ];
}

type Server = {
  readonly health: {
    state: string;
    causes: { cause: string; detail: string }[];
    settling?: { since: number; until: number };
  };
  readonly simulated: boolean;
  readonly feed: string;
  readonly quorum: number;
  readonly venues: { venue: string; alive: boolean; note: string | null }[];
  readonly chain: { ledger: { batch: number }; ticks: { seq: number } };
  readonly pid: number;
};

const askServer = async (config: Config): Promise<Server | null> => {
  const socket = socketPath(config);
  return existsSync(socket)
    ? post(socket, '/ask', { question: 'state' }).then(
        (said) => said.answer as Server,
        () => null,
      )
    : null;
};

function sqlite(): Check {
  try {
    return well('sqlite', sqliteVersion());
  } catch (cause) {
    return wrong('sqlite', (cause as Error).message, 'Install the Bun version that package.json names.');
  }
}

const origin = ({ publicOrigin }: Config): Check =>
  publicOrigin.startsWith('https:')
    ? well('origin', publicOrigin)
    : warn(
        'origin',
        `${publicOrigin} is for this machine alone`,
        'Set PUBLIC_ORIGIN to the https address that traders open.',
      );

function directory({ dataDir }: Config): Found {
  const found = statSync(dataDir, { throwIfNoEntry: false });
  if (found === undefined)
    return [
      wrong(
        'data',
        `${dataDir} is not there`,
        'Check DATA_DIR; the first start of the server makes the folder.',
      ),
    ];
  if (!found.isDirectory()) return [wrong('data', `${dataDir} is no folder`, 'Check DATA_DIR.')];
  const faults: Check[] = [];
  const mode = found.mode & 0o777;
  if ((mode & 0o077) !== 0)
    faults.push(
      wrong(
        'data',
        `${dataDir} has mode ${mode.toString(8)}: others can look into the books`,
        `chmod 700 ${dataDir}`,
      ),
    );
  const file = statSync(join(dataDir, DATABASE_FILE), { throwIfNoEntry: false });
  if (file !== undefined && file.uid !== found.uid)
    faults.push(
      wrong(
        'data',
        `the folder is of user ${found.uid}, the database of user ${file.uid}`,
        `chown -R ${found.uid} ${dataDir}`,
      ),
    );
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    faults.push(
      warn(
        'data',
        `${dataDir} cannot be written by this user`,
        'Run this as the user of the server (sudo -u tapgrid).',
      ),
    );
  }
  return faults.length > 0 ? faults : [well('data', `${dataDir}, mode ${mode.toString(8)}`)];
}

function disk({ dataDir }: Config): Check {
  if (!existsSync(dataDir)) return warn('disk', 'not looked at', 'The data folder is not there.');
  const { usedShare, usedBytes, totalBytes, daysLeft } = new DiskHistory(dataDir).state(Date.now());
  const says =
    `${Math.round(usedShare * 100)} % used, ${((totalBytes - usedBytes) / 1024 ** 3).toFixed(1)} GiB ` +
    `free${daysLeft === null || daysLeft > 999 ? '' : `, ${daysLeft.toFixed(1)} days until 85 %`}`;
  if (usedShare >= DISK_WRONG_SHARE)
    return wrong(
      'disk',
      says,
      'No more bets are taken: make room, or run the archiver (tapgrid archive run).',
    );
  return usedShare >= DISK_WARN_SHARE || (daysLeft ?? Infinity) < DISK_DAYS_MIN
    ? warn('disk', says, 'Make room before 85 %: run the archiver, or take a larger disk.')
    : well('disk', says);
}

async function database(config: Config, file: string): Promise<Found> {
  if (!hasBooks(config.dataDir)) {
    const found = await houseElsewhere(config);
    return found.length === 0
      ? [warn('database', `${file} is not there`, 'The first start of the server makes it.')]
      : found.map((one) => wrong('database', `${file} is not there; ${one}`, `${WAYS_OUT}.`));
  }
  let found: Inspection;
  try {
    found = inspectStore(file);
  } catch (cause) {
    return [
      wrong(
        'database',
        `cannot be opened: ${(cause as Error).message}`,
        'Look at the permissions of the file; restore the newest backup when it is damaged.',
      ),
    ];
  }
  const checks = [
    well(
      'database',
      `${(statSync(file).size / 1024 ** 2).toFixed(1)} MiB, ` +
        `batch ${found.batch}${found.house === null ? '' : `, house ${found.house}`}`,
    ),
  ];
  if (found.strange.length > 0)
    checks.push(
      wrong(
        'migrations',
        `the file has ${found.strange.join(', ')}, which this version does not know`,
        'Run the version that wrote the file, or a later one.',
      ),
    );
  else if (found.pending.length > 0)
    checks.push(
      warn(
        'migrations',
        `not applied yet: ${found.pending.join(', ')}`,
        'The next start of the server applies them.',
      ),
    );
  else checks.push(well('migrations', 'all are applied'));
  return checks;
}

function serverCheck(config: Config, server: Server | null): Check {
  if (server === null && safely(() => isDirectoryLocked(config.dataDir)) === true)
    return wrong(
      'server',
      `a process has ${config.dataDir} open and does not answer on ${socketPath(config)}`,
      'It is starting, or it hangs: journalctl -u tapgrid -n 50, then systemctl restart tapgrid.',
    );
  if (server === null)
    return warn(
      'server',
      `nobody answers on ${socketPath(config)}`,
      'Start it (systemctl start tapgrid), or run this as its user.',
    );
  const causes = server.health.causes.map(({ cause, detail }) => `${cause}: ${detail}`).join('; ');
  if (server.health.state === 'closed') return well('server', `process ${server.pid}, taps are taken`);
  const { settling } = server.health;
  if (settling !== undefined) {
    const seconds = Math.max(0, Math.ceil((settling.until - Date.now()) / 1000));
    return warn(
      'server',
      `process ${server.pid}, breaker open: healthy again since ` +
        `${new Date(settling.since).toISOString()}, taps are taken in ${seconds} ` +
        `s${causes && `; ${causes}`}`,
      'Wait.',
    );
  }
  return (server.health.state === 'open' ? wrong : warn)(
    'server',
    `process ${server.pid}, breaker ${server.health.state}${causes && `: ${causes}`}`,
    'The runbook has a section for each cause.',
  );
}

/** Both heads are looked at twice. */
async function chains(config: Config, server: Server | null, file: string): Promise<Found> {
  if (server === null)
    return existsSync(file) ? [warn('chains', 'not watched: no server moves them', 'Start the server.')] : [];
  await Bun.sleep(CHAIN_WAIT_MS);
  const later = await askServer(config);
  if (later === null)
    return [wrong('chains', 'the server stopped answering', 'Look at its log: journalctl -u tapgrid -n 50')];
  const [batches, ticks] = [
    later.chain.ledger.batch - server.chain.ledger.batch,
    later.chain.ticks.seq - server.chain.ticks.seq,
  ];
  if (batches > 0 && ticks > 0)
    return [well('chains', `${batches} commits and ${ticks} ticks in ${CHAIN_WAIT_MS / 1000} s`)];
  return [
    wrong(
      'chains',
      `${batches} commits and ${ticks} ticks in ${CHAIN_WAIT_MS / 1000} s`,
      ticks > 0 ? 'The writer hangs: look at the disk, then restart.' : 'No prices come in: see feed.',
    ),
  ];
}

/** Whoever watches the house looks there: while it is silent nobody is alerted. */
async function operations(config: Config, server: Server | null): Promise<Found> {
  if (server === null) return [];
  const place = operationsPlace(config);
  const answer = await fetch(`http://${place.startsWith('/') ? 'operations' : place}/healthz`, {
    keepalive: false,
    ...(place.startsWith('/') && { unix: place }),
    signal: AbortSignal.timeout(OPERATIONS_WAIT_MS_MAX),
  }).catch((cause: Error) => cause.message);
  if (typeof answer === 'string')
    return [
      wrong(
        'operations',
        `nobody answers on ${place}, where health and metrics are: ${answer}`,
        'Run this as the user of the server, or in its group; if that is not it, restart the server.',
      ),
    ];
  const isOurs =
    answer.headers.get('content-type')?.startsWith('application/json') === true &&
    [200, 429, 503].includes(answer.status);
  return [
    isOurs
      ? well('operations', `health and metrics on ${place}`)
      : wrong(
          'operations',
          `${place} is answered by something else (status ${answer.status})`,
          'Give OPERATIONS_LISTEN a place of its own, then restart the server.',
        ),
  ];
}

function clock(server: Server | null, file: string): Check {
  const newest = existsSync(file) ? safely(() => inspectStore(file)) : null;
  const ahead = newest === null ? 0 : Math.max(newest.tickAt, newest.batchAt) - Date.now();
  if (ahead > FUTURE_MS_MAX)
    return wrong(
      'clock',
      `the books end ${(ahead / 1000).toFixed(0)} s in the future: the clock was set back`,
      'Set the clock right; until it passes that time no tick is made.',
    );
  const synced =
    safely(() =>
      Bun.spawnSync(['timedatectl', 'show', '-p', 'NTPSynchronized', '--value']).stdout.toString().trim(),
    ) ?? '';
  if (synced === 'yes' || existsSync('/run/systemd/timesync/synchronized'))
    return well('clock', 'synchronized');
  return synced === 'no'
    ? (server === null ? warn : wrong)('clock', 'not synchronized', 'timedatectl set-ntp true')
    : warn('clock', 'nobody here says whether it is synchronized', 'Run systemd-timesyncd or chrony.');
}

function feed(config: Config, server: Server | null): Check {
  if (server === null) return warn('feed', `FEED=${config.feed}, not watched`, 'Start the server.');
  const alive = server.venues.filter((venue) => venue.alive).length;
  const dead = server.venues
    .filter((venue) => !venue.alive)
    .map(({ venue, note }) => `${venue}${note === null ? '' : ` (${note})`}`)
    .join(', ');
  const says =
    `${server.feed}: ${alive} of ${server.venues.length} alive, ` +
    `${server.quorum} needed${dead && `; not: ${dead}`}`;
  if (server.health.causes.some(({ cause }) => cause === 'recording_over'))
    return wrong(
      'feed',
      says,
      'Restart with another recording, or add ?loop to FEED to begin again at its end.',
    );
  if (alive < server.quorum)
    return wrong('feed', says, 'Look whether this machine reaches the exchanges: outgoing TLS on port 443.');
  if (server.simulated)
    return warn(
      'feed',
      `${says}; prices are simulated, play money only`,
      'With FEED=auto a restart tries the exchanges again.',
    );
  return dead === ''
    ? well('feed', says)
    : warn('feed', says, 'It comes back by itself; below the quorum there are no prices.');
}

function files(config: Config, server: Server | null): Check {
  const limits = safely(() => readFileSync(`/proc/${server?.pid ?? 'self'}/limits`, 'utf8'));
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits ?? '')?.[1];
  const needed = config.socketsMax + FILES_BESIDE_SOCKETS;
  if (soft === undefined)
    return warn('files', 'the limit of open files cannot be read', 'Run this as the user of the server.');
  if (soft === 'unlimited' || Number(soft) >= needed)
    return well('files', `${soft} may be open, ${needed} are wanted`);
  return (server === null ? warn : wrong)(
    'files',
    `${soft} may be open, ${needed} are wanted for SOCKETS_MAX=${config.socketsMax}`,
    'Raise LimitNOFILE of the unit, or lower SOCKETS_MAX.',
  );
}

function token({ operatorTokenFile: path }: Config): Check {
  if (path === null)
    return warn(
      'token',
      'there is no operator’s page',
      'Put a random token of 24 characters or more into a file, and its path into OPERATOR_TOKEN_FILE.',
    );
  const text = safely(() => readFileSync(path, 'utf8').trim());
  if (text === null)
    return wrong(
      'token',
      `${path} cannot be read`,
      'Check OPERATOR_TOKEN_FILE and the permissions of the file.',
    );
  if (text.length < OPERATOR_TOKEN_LENGTH_MIN)
    return wrong('token', `the token in ${path} is too short`, 'openssl rand -base64 24');
  return (statSync(path).mode & 0o007) !== 0
    ? wrong('token', `everybody can read ${path}`, `chmod 600 ${path}`)
    : well('token', path);
}

const jobs = ({ dataDir }: Config): Found =>
  jobStates(dataDir, JOBS).map(({ job, lastSuccessAt, ok }) => {
    const hours = lastSuccessAt === null ? null : Math.round((Date.now() - lastSuccessAt) / HOUR_MS);
    if (ok === false) return wrong(job, 'the last run failed', `journalctl -u tapgrid-${job} -n 50`);
    if (hours === null) return warn(job, 'never ran', `systemctl enable --now tapgrid-${job}.timer`);
    return Date.now() - lastSuccessAt! > JOB_AGE_MS_MAX[job as (typeof JOBS)[number]]
      ? wrong(
          job,
          `last success ${hours} h ago`,
          `systemctl status tapgrid-${job}.timer tapgrid-${job}.service`,
        )
      : well(job, `last success ${hours} h ago`);
  });
