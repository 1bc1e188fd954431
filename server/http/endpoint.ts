import type { Static, TObject, TSchema } from '@sinclair/typebox';
import type { RejectionCode } from '../game/rejection.ts';
import type { Session } from '../game/session.ts';
import type { Fault } from '../ports/fields.ts';
import type { HouseRules, HttpDeps, Limits } from './deps.ts';
import type { Reply } from './reply.ts';

/** One request after the gate: shape, session and rate are in order. */
export interface Call<Body = unknown, Query = unknown, Who = Session | null> {
  readonly deps: HttpDeps;
  readonly body: Body;
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Headers;
  /** Nothing of it comes from a browser: it has no cookie, and is given none. */
  readonly program: boolean;
  /** The name under which limits count the caller. */
  readonly address: string;
  /** Present where `access` is 'session'; null on open calls. */
  readonly session: Who;
  readonly now: number;
  /** As in the header `x-request-id` of the answer. */
  readonly requestId: string;
}

/** What is known of a call that its own limit refused. */
export type OverLimit<Body, Who = Session | null> = Pick<
  Call<Body, unknown, Who>,
  'deps' | 'body' | 'session' | 'requestId'
>;

/** An answer as the document shows it; an example per kind. */
export interface Sample {
  readonly about: string;
  readonly schema: TSchema;
  readonly example: unknown;
  readonly type?: string;
}

/**
 * A call of the API: the route, its gate, its document and its code in one place, so that they cannot drift
 * apart.
 */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Parameters as `:name`. */
  readonly path: string;
  readonly title: string;
  readonly about: string;
  /** 'known': anyone, and a session is looked at when there is one. */
  readonly access: 'open' | 'known' | 'session';
  readonly query?: TObject;
  /** `faultOf` reads in place of the schema alone. */
  readonly body?: {
    readonly schema: TSchema;
    readonly example: unknown;
    readonly faultOf?: (value: unknown, rules: HouseRules) => Fault | null;
  };
  readonly answers: Readonly<Record<number, Sample>>;
  /** Refusals that this call has besides those of the gate. */
  readonly refusals: readonly RejectionCode[];
  /** A separate limit, in addition to the one per address. */
  readonly limit?: {
    readonly name: Exclude<keyof Limits, 'requests'>;
    readonly by: 'address' | 'account';
    readonly cost?: (body: never) => number;
    /** Told of a call that came over the limit. */
    readonly onOver?: (call: OverLimit<never, never>) => void;
  };
  readonly run: (call: Call<never, never, never>) => Reply | Promise<Reply>;
}

/** Who calls, as the access of the call has it. */
type Caller<Access> = Access extends 'session' ? Session : Session | null;

interface Definition<Body extends TSchema, Query extends TObject, Access extends Endpoint['access']>
  extends Omit<Endpoint, 'access' | 'query' | 'body' | 'limit' | 'run'> {
  readonly access: Access;
  readonly query?: Query;
  readonly body?: Omit<NonNullable<Endpoint['body']>, 'schema' | 'example'> & {
    readonly schema: Body;
    readonly example: Static<Body>;
  };
  readonly limit?: Omit<NonNullable<Endpoint['limit']>, 'cost' | 'onOver'> & {
    readonly cost?: (body: Static<Body>) => number;
    readonly onOver?: (call: OverLimit<Static<Body>, Caller<Access>>) => void;
  };
  readonly run: (call: Call<Static<Body>, Static<Query>, Caller<Access>>) => Reply | Promise<Reply>;
}

/** Lets the compiler hold `run` against the schemas. */
export const endpoint = <
  Access extends Endpoint['access'],
  Body extends TSchema = TSchema,
  Query extends TObject = TObject,
>(
  definition: Definition<Body, Query, Access>,
): Endpoint => definition as unknown as Endpoint;
