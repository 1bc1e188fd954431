import { constants, existsSync } from 'node:fs';
import { operationsPlace, operatorSocketPath as socketPath } from '../../server/compose/places.ts';
import type { Config } from '../../server/config.ts';
import { chapterOfCause } from '../../server/ports/cause-chapter.ts';
import type { HealthCheck } from '../../server/http/health.ts';
import { causesInOrder } from '../../server/ports/cause-order.ts';
import type { HealthCause } from '../../server/ports/events.ts';
import type { HeadStartFigures } from '../../server/ports/head-start.ts';
import { isDirectoryLocked } from '../../server/store/directory-lock.ts';
import { hasBooks } from '../../server/store/store.ts';
import { post } from '../operate/connection.ts';
import { inChapter, safely, warn, well, wrong, type Check, mayAccess } from './check.ts';

/** What a running server says of itself. */
export interface Server {
  readonly health: {
    readonly state: string;
    readonly causes: readonly { readonly cause: HealthCause; readonly detail: string }[];
    readonly settling?: { readonly since: number; readonly until: number };
  };
  readonly simulated: boolean;
  readonly feed: string;
  readonly quorum: number;
  readonly venues: readonly {
    readonly venue: string;
    readonly alive: boolean;
    readonly note: string | null;
  }[];
  /** Missing in one that ran before this version was installed. */
  readonly headStarts?: HeadStartFigures;
  readonly chain: { readonly ledger: { readonly batch: number }; readonly ticks: { readonly seq: number } };
  readonly pid: number;
}

const CHAIN_WAIT_MS = 1_500;
const OPERATIONS_WAIT_MS_MAX = 3_000;

/** Null where nobody answers. */
export const askServer = async (config: Config): Promise<Server | null> => {
  const socket = socketPath(config);
  return existsSync(socket)
    ? post<{ readonly answer: Server }>(socket, '/ask', { question: 'state' }).then(
        ({ answer }) => answer,
        () => null,
      )
    : null;
};

/** What the health page of a server says. */
export interface AtWork {
  /** Why the books are not where it opened them; null while they are. */
  readonly booksGone: string | null;
}

/**
 * Of a server that answers where health is, null where none does: the socket for commands lies in the data
 * folder and goes with it.
 */
export async function askAtWork(config: Config): Promise<AtWork | null> {
  try {
    const answer = await askHealth(config);
    if (!isHealth(answer)) return null;
    const { checks = [] }: { readonly checks?: readonly HealthCheck[] } = await answer.json();
    const books = checks.find(({ name }) => name === 'books');
    return { booksGone: books && books.state !== 'ok' ? books.detail : null };
  } catch {
    return null;
  }
}

/** @param runs whether it is at work all the same where it did not answer. */
export function answers(config: Config, server: Server | null, runs: boolean): Check {
  if (server === null && runs)
    return wrong(
      'server',
      `it runs, and nobody answers on ${socketPath(config)}`,
      'Where data or database is wrong too, that comes first. Else: systemctl restart tapgrid.',
    );
  if (server === null) return silence(config);
  const { state, settling } = server.health;
  const causes = causesInOrder(server.health.causes)
    .map(({ cause, detail }) => `${cause}: ${detail}`)
    .join('; ');
  if (state === 'closed') return well('server', `process ${server.pid}, taps are taken`);
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
  const [first] = causesInOrder(server.health.causes);
  const found = (state === 'open' ? wrong : warn)(
    'server',
    `process ${server.pid}, breaker ${state}${causes && `: ${causes}`}`,
    'The runbook has a section for each cause.',
  );
  return inChapter(first === undefined ? 'TapgridHalted' : chapterOfCause(first.cause), found);
}

function silence(config: Config): Check {
  const socket = socketPath(config);
  if (existsSync(socket) && !mayAccess(socket, constants.W_OK))
    return warn('server', `this user may not connect to ${socket}`, 'Run this as root, or as its user.');
  if (safely(() => isDirectoryLocked(config.dataDir)) === true)
    return wrong(
      'server',
      `a process has ${config.dataDir} open but does not answer on ${socket}`,
      'It is starting or it hangs: journalctl -u tapgrid -n 50, then systemctl restart tapgrid.',
    );
  return hasBooks(config.dataDir)
    ? wrong('server', `the server is down: no answer on ${socket}`, 'systemctl start tapgrid')
    : warn('server', `no answer on ${socket}`, 'Start it: systemctl start tapgrid.');
}

/** Both heads are looked at twice. */
export async function chains(config: Config, server: Server | null): Promise<readonly Check[]> {
  if (server === null)
    return hasBooks(config.dataDir)
      ? [warn('chains', 'not checked: the server is not running', 'Start the server.')]
      : [];
  await Bun.sleep(CHAIN_WAIT_MS);
  const later = await askServer(config);
  if (later === null)
    return [wrong('chains', 'the server stopped answering', 'Check its log: journalctl -u tapgrid -n 50')];
  const [batches, ticks] = [
    later.chain.ledger.batch - server.chain.ledger.batch,
    later.chain.ticks.seq - server.chain.ticks.seq,
  ];
  const says = `${batches} commits and ${ticks} ticks in ${CHAIN_WAIT_MS / 1000} s`;
  if (batches > 0 && ticks > 0) return [well('chains', says)];
  return [
    ticks > 0
      ? inChapter(
          'TapgridCommitsSlow',
          wrong('chains', says, 'The writer hangs: check the disk, then restart.'),
        )
      : wrong('chains', says, 'No prices arrive: see feed.'),
  ];
}

/** The monitoring looks there: while it is silent, nobody is alerted. */
export async function operations(config: Config, server: Server | null): Promise<readonly Check[]> {
  if (server === null) return [];
  const place = operationsPlace(config);
  const answer = await askHealth(config).catch((cause: Error) => cause.message);
  if (typeof answer === 'string')
    return [
      wrong(
        'operations',
        `no answer on ${place} (health and metrics): ${answer}`,
        "Run this as the server's user or a member of its group. If that is not it, restart the server.",
      ),
    ];
  return [
    isHealth(answer)
      ? well('operations', `health and metrics on ${place}`)
      : wrong(
          'operations',
          `something else answers on ${place} (status ${answer.status})`,
          'Set OPERATIONS_LISTEN to an unused address, then restart the server.',
        ),
  ];
}

function askHealth(config: Config): Promise<Response> {
  const place = operationsPlace(config);
  return fetch(`http://${place.startsWith('/') ? 'operations' : place}/healthz`, {
    keepalive: false,
    ...(place.startsWith('/') && { unix: place }),
    signal: AbortSignal.timeout(OPERATIONS_WAIT_MS_MAX),
  });
}

const isHealth = ({ headers, status }: Response): boolean =>
  headers.get('content-type')?.startsWith('application/json') === true && [200, 429, 503].includes(status);
