import { BUILD } from '../ports/build.ts';
import type { TSchema } from '@sinclair/typebox';
import { REJECTIONS, rejection, type RejectionCode } from '../game/rejection.ts';
import { STREAM_PATH, streamOperation } from './api/stream.ts';
import type { Endpoint, Sample } from './endpoint.ts';
import { BOUND_BY_SETTING } from '../ports/signed-taps.ts';
import { ErrorShape } from './shape.ts';

const ABOUT = [
  'Tap trading on a BTC price grid. Money is whole micro-dollars, prices whole cents, ' +
    'multipliers whole hundredths, times UTC epoch milliseconds.',
  'Programs send `Authorization: Bearer <token>` and neither `Origin` nor `Sec-Fetch-Site`; ' +
    'browsers send the session cookie and must come from our own origin.',
  'Every API response has a `RateLimit` header, which names the limit, how much of it remains (`r`) and ' +
    'the seconds until it is full again (`t`): `"taps";r=39;t=1`. A 429 also has `RateLimit-Policy`, the ' +
    'quota (`q`) per window of seconds (`w`): `"taps";q=40;w=2`. 429 and 503 have `Retry-After` (seconds).',
  'Bodies are JSON of at most 16 KB. A refusal is `{"error": {"code", "message", "field"?, ' +
    '"retryAfterMs"?}}`; the codes are a closed list in order of precedence.',
  'Ticks, grid changes and results arrive over the WebSocket `/api/v1/stream` as they happen, and you can ' +
    'send taps on it.',
].join('\n\n');

export interface OpenapiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly required: boolean;
    readonly description?: string;
    readonly schema: unknown;
  }[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  /** Of a WebSocket: what may be said, and what comes. */
  readonly 'x-messages'?: Readonly<
    Record<
      'sent' | 'received',
      Readonly<
        Record<string, { readonly about: string; readonly schema: unknown; readonly example: unknown }>
      >
    >
  >;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}
type Content = Readonly<
  Record<
    string,
    {
      readonly schema: unknown;
      readonly example?: unknown;
      readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
    }
  >
>;
export type OpenapiDocument = ReturnType<typeof openapiDocument>;

/**
 * The document of the given calls, OpenAPI 3.1: made from the very schemas by which they are served. @param
 * tapsMax as many taps as this house takes under one signature.
 */
export function openapiDocument(endpoints: readonly Endpoint[], tapsMax: number) {
  const paths: Record<string, Record<string, OpenapiOperation>> = {};
  const published = publishedWith(tapsMax);
  for (const endpoint of endpoints)
    (paths[braced(endpoint.path)] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint, published);
  paths[STREAM_PATH] = { get: published(streamOperation) as OpenapiOperation };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tapgrid',
      version: BUILD.version,
      description: ABOUT,
      license: { name: 'AGPL-3.0-only', identifier: 'AGPL-3.0-only' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: '__Host-sid' },
      },
      schemas: { Error: published(ErrorShape) },
    },
  };
}

type Published = (part: unknown) => unknown;

/**
 * A closed list of words is documented as `enum`, from which generators make a type; inside the server it is
 * a union of literals. A list bounded by a setting is documented with its bound.
 */
function publishedWith(tapsMax: number): Published {
  return function published(part: unknown): unknown {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(published);
    const {
      anyOf,
      [BOUND_BY_SETTING]: isBound,
      ...rest
    } = part as { readonly anyOf?: readonly TSchema[]; readonly [BOUND_BY_SETTING]?: true };
    const words = anyOf?.map(({ const: word }) => word as unknown);
    if (words?.every((word) => typeof word === 'string')) return { ...rest, type: 'string', enum: words };
    const kept = Object.entries(isBound === undefined ? part : { ...rest, maxItems: tapsMax });
    return Object.fromEntries(kept.map(([name, value]) => [name, published(value)]));
  };
}

const braced = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

function operationOf(endpoint: Endpoint, published: Published): OpenapiOperation {
  const { method, path, title, about, access, body } = endpoint;
  const security: Record<string, string[]>[] =
    access === 'open' ? [] : [{ bearer: [] }, { cookie: [] }, ...(access === 'known' ? [{}] : [])];
  return {
    operationId: `${method.toLowerCase()}${path.replace(/^\/api\/v1/, '').replace(/[^A-Za-z]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary: title,
    description: about,
    security,
    parameters: parametersOf(endpoint, published),
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: published(body.schema), example: body.example } },
      } as const,
    }),
    responses: { ...answersOf(endpoint, published), ...refusalsOf(endpoint) },
  };
}

function parametersOf({ path, query }: Endpoint, published: Published): OpenapiOperation['parameters'] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path' as const,
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.properties ?? {}).map(([name, schema]: [string, TSchema]) => ({
    name,
    in: 'query' as const,
    required: query?.required?.includes(name) ?? false,
    description: schema.description,
    schema: published(schema),
  }));
  return [...inPath, ...inQuery];
}

const answersOf = ({ answers }: Endpoint, published: Published): OpenapiOperation['responses'] =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { about, schema, example, type }]: [string, Sample]) => [
      status,
      example === null
        ? { description: about }
        : {
            description: about,
            content: { [type ?? 'application/json']: { schema: published(schema), example } },
          },
    ]),
  );

/** Codes that the gate gives before a call is reached, and those of the call itself. */
export function refusalCodes({ method, access, body, query, refusals }: Endpoint): RejectionCode[] {
  const codes = new Set<RejectionCode>([...refusals, 'address_blocked', 'rate_limited', 'internal']);
  if (body || query) codes.add('bad_request');
  if (body) codes.add('payload_too_large').add('body_timeout').add('unsupported_encoding');
  if (method !== 'GET') codes.add('wrong_origin');
  if (access === 'session') codes.add('unauthenticated');
  return REJECTIONS.map(([code]) => code).filter((code) => codes.has(code));
}

function refusalsOf(endpoint: Endpoint): OpenapiOperation['responses'] {
  const byStatus = Map.groupBy(refusalCodes(endpoint), (code) => rejection(code).status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.join(', '),
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Error' },
            examples: Object.fromEntries(codes.map((code) => [code, { value: refusalExample(code) }])),
          },
        },
      },
    ]),
  );
}

function refusalExample(code: RejectionCode) {
  const { status, message } = rejection(code);
  return { error: { code, message, ...((status === 429 || status === 503) && { retryAfterMs: 1000 }) } };
}
