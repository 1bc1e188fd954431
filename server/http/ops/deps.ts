import type { Books } from '../../ports/books.ts';
import type { Log } from '../../ports/log.ts';
import type { Operations } from '../../ports/operations.ts';
import type { Operator, OperatorBooks, Who } from '../../ports/operator.ts';
import type { ShownSetting } from '../../ports/operations.ts';
import type { Limiter } from '../../ports/rates.ts';
import type { HttpDeps } from '../deps.ts';
import type { Refuse } from '../reply.ts';
import type { StaticFiles } from '../pages/static.ts';

/** What the operator's page is put together from. */
export interface OpsDeps {
  readonly operator: Operator;
  readonly operatorBooks: OperatorBooks;
  readonly books: Pick<Books, 'lastRevision' | 'returnsByBucket' | 'shadowReturns'>;
  readonly look: () => Operations;
  readonly sessions: OperatorSignIn;
  readonly cookies: OperatorCookies;
  /** Those from which a browser may change something here. */
  readonly origins: readonly string[];
  readonly addressOf: HttpDeps['addressOf'];
  readonly turns: HttpDeps['turns'];
  readonly refuse?: Refuse;
  readonly limits: { readonly requests: Limiter; readonly logins: Limiter };
  readonly settings: () => readonly ShownSetting[];
  readonly files: StaticFiles;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
}

export interface OperatorSignIn {
  /** @returns who came and the cookie's value; null for a wrong token. */
  start(token: string, now: number): { readonly who: Who; readonly cookie: string } | null;
  find(value: string, now: number): { readonly who: Who; readonly expiresAt: number } | null;
  end(value: string): void;
}

export interface OperatorCookies {
  operator(header: string | null): string | null;
  setOperator(value: string, maxAgeS: number): string;
  clearOperator(): string;
}

/** A request of somebody who is signed in. */
export interface OpsCaller {
  readonly request: Request;
  readonly url: URL;
  readonly who: Who;
  readonly expiresAt: number;
  readonly now: number;
}
