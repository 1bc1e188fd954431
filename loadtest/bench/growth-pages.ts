import { dirname, join } from 'node:path';
import { SqliteBooks } from '../../server/store/books-reader.ts';
import { writeCursor } from '../../server/store/cursor.ts';
import { rounded, spreadOf } from './spread.ts';

/**
 * A page or a call, and how long an answer takes, ms: of an account with few bets in empty books, and of one
 * with very many in full ones.
 */
export interface PageFigure {
  readonly path: string;
  readonly emptyMs: number;
  readonly fullMs: number;
  readonly fullMsMax: number;
}

/** Somebody who looks at his pages, and an operator who looks at his. */
export interface Reader {
  readonly origin: string;
  readonly accountId: string;
  readonly token: string;
  readonly operatorToken: string;
  /** Path of the database that the server has. */
  readonly database: string;
}

const LOOKS = 15;

/** Everything that reads the books, once for warmth and then some times. */
export async function measurePages(empty: Reader, full: Reader): Promise<PageFigure[]> {
  const [ofEmpty, ofFull] = [await timesOf(empty), await timesOf(full)];
  return [...ofFull].map(([path, times]) => {
    const { median, max } = spreadOf(times);
    return {
      path,
      emptyMs: rounded(spreadOf(ofEmpty.get(path) ?? [NaN]).median, 3),
      fullMs: rounded(median, 3),
      fullMsMax: rounded(max, 3),
    };
  });
}

async function timesOf(reader: Reader): Promise<ReadonlyMap<string, readonly number[]>> {
  const operator = await signedInOperator(reader);
  const times = new Map<string, number[]>();
  for (const [name, path] of pathsOf(reader)) {
    const headers = {
      cookie: `sid=${reader.token}; ${operator}`,
      authorization: `Bearer ${reader.token}`,
      accept: path.startsWith('/api/') ? 'application/json' : 'text/html',
    };
    if (!path.startsWith('/api/')) delete (headers as { authorization?: string }).authorization;
    const taken: number[] = [];
    for (let look = 0; look <= LOOKS; look++) {
      const began = performance.now();
      const response = await (isForOperators(path)
        ? fetch(`http://operations${path}`, { unix: join(dirname(reader.database), 'operations.sock') })
        : fetch(`${reader.origin}${path}`, { headers, redirect: 'manual' }));
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
      if (look > 0) taken.push(performance.now() - began);
    }
    times.set(name, taken);
  }
  return times;
}

const isForOperators = (path: string): boolean => path === '/healthz' || path === '/metrics';

function pathsOf({ accountId, database }: Reader): (readonly [name: string, path: string])[] {
  const books = new SqliteBooks(database);
  try {
    const half = (list: 'statement' | 'closed', position: number): string =>
      writeCursor(list, Math.max(1, Math.floor(position / 2)));
    const version = books.statement(accountId, null, 1).rows[0]?.version ?? 1;
    const bet =
      books.bets(accountId, 'closed', half('closed', version), 1).rows[0] ??
      books.bets(accountId, 'closed', null, 1).rows[0] ??
      books.bets(accountId, 'open', null, 1).rows[0];
    const tick = Math.max(1, Math.floor((books.lastTick()?.seq ?? 1) / 2));
    return [
      ['/', '/'],
      ['/history', '/history'],
      ['/history, in the middle', `/history?cursor=${half('closed', version)}`],
      ['/statement', '/statement'],
      ['/statement, in the middle', `/statement?cursor=${half('statement', version)}`],
      ['/account', '/account'],
      ['/fairness', '/fairness'],
      ...(bet === undefined ? [] : [['/bets/:id, an old one', `/bets/${bet.id}`] as const]),
      ['/api/v1/account', '/api/v1/account'],
      ['/api/v1/bets, open', '/api/v1/bets?status=open'],
      ['/api/v1/bets, closed', '/api/v1/bets?status=closed'],
      ['/api/v1/account/statement', '/api/v1/account/statement'],
      ['/api/v1/account/statement.csv', '/api/v1/account/statement.csv'],
      ...(bet === undefined
        ? []
        : [['/api/v1/bets/:id/receipt, an old one', `/api/v1/bets/${bet.id}/receipt`] as const]),
      ['/api/v1/ticks, old ones', `/api/v1/ticks?fromSeq=${tick}&toSeq=${tick + 999}`],
      ['/api/v1/fairness', '/api/v1/fairness'],
      ['/api/v1/chain', '/api/v1/chain'],
      ['/healthz', '/healthz'],
      ['/metrics', '/metrics'],
      ['/ops', '/ops'],
      ['/ops/log', '/ops/log'],
    ];
  } finally {
    books.close();
  }
}

/** @returns the operator's cookie. */
async function signedInOperator({ origin, operatorToken }: Reader): Promise<string> {
  const response = await fetch(`${origin}/ops/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ name: 'Bench', password: operatorToken }).toString(),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`the operator was not let in: ${response.status}`);
  return cookie;
}
