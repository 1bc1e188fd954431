import {
  choice,
  localPlace,
  networks,
  optional,
  origin,
  path,
  text,
  url,
  whole,
  wholeOr,
} from '../config-value.ts';
import { key } from '../config-key.ts';

/** Where it listens, and what it is reached by. */
export const SERVER = {
  host: key(
    'HOST',
    text('a host name or an IP address', /^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$/),
    '127.0.0.1',
    '0.0.0.0',
    'Address to listen on; keep it on loopback behind a proxy.',
  ),
  port: key('PORT', whole('', 0, 65_535), '3000', '8080', 'Port to listen on; 0 picks a free one.'),
  listenSocket: key(
    'LISTEN_SOCKET',
    optional(text('an absolute path of at most 107 bytes', /^\/[\x21-\x7e]{1,106}$/)),
    '',
    '/run/tapgrid/http.sock',
    'Unix socket to listen on instead of HOST and PORT, for a proxy on this machine; members of its group ' +
      'may connect.',
  ),
  edges: key(
    'EDGES',
    wholeOr('auto', 'processes', 0, 64),
    '1',
    '2',
    'Processes that serve pages, API and sockets beside the one that makes prices and keeps the books; ' +
      'auto: one less than the cores. 0: one process does all of it.',
  ),
  role: key(
    'ROLE',
    choice(['house', 'engine', 'edge']),
    'house',
    'edge',
    'What this process is: the whole house, which starts its edges itself; or the engine or an edge ' +
      'of one, for a service manager that starts each of them.',
  ),
  linkSocket: key(
    'LINK_SOCKET',
    optional(text('an absolute path of at most 107 bytes', /^\/[\x21-\x7e]{1,106}$/)),
    '',
    '/run/tapgrid/link.sock',
    'Unix socket on which the engine is reached by its edges, for its user alone. ' +
      'Unset: link.sock in DATA_DIR.',
  ),
  operationsListen: key(
    'OPERATIONS_LISTEN',
    optional(localPlace),
    '',
    '127.0.0.1:9464',
    'Listener for /healthz, /readyz, /version and /metrics, for the operator; the public address does not ' +
      'serve health or metrics. Unset: the unix socket operations.sock in DATA_DIR.',
  ),
  trustedProxies: key(
    'TRUSTED_PROXIES',
    networks(64),
    '',
    '10.0.0.0/8,2001:db8:1::/48',
    'Proxies, besides those on this machine, whose X-Forwarded-For is trusted: the last hop that is not ' +
      'one of them is the caller. Unset: none.',
  ),
  dataDir: key(
    'DATA_DIR',
    path,
    './data',
    '/var/lib/tapgrid',
    'Folder of the databases; only one server at a time can use it.',
  ),
  publicOrigin: key(
    'PUBLIC_ORIGIN',
    optional(origin),
    '',
    'https://taps.example',
    'The address that traders open; sign-in messages and origin checks use it. Unset: http://localhost ' +
      'and the port.',
  ),
  redisUrl: key(
    'REDIS_URL',
    optional(url('redis:', 'rediss:')),
    '',
    'redis://127.0.0.1:6379',
    'Redis for sessions, limits and nonces. Unset: kept in memory.',
    true,
  ),
  logLevel: key(
    'LOG_LEVEL',
    choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
    'warn',
    'Log lines below this level are dropped. debug adds a line for each tick, revision and commit of bets.',
  ),
} as const;
