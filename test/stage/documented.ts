import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { rejection } from '../../server/game/rejection.ts';
import { endpoints } from '../../server/http/api/endpoints.ts';
import { refusalCodes } from '../../server/http/openapi.ts';
import { isPlain } from '../../server/http/request-head.ts';
import { ErrorShape } from '../../server/http/shape.ts';

interface Asked {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
}

/**
 * Every answer of every scenario is compared with the document: status, shape, code, and the headers that all
 * answers have.
 */
export function expectDocumented(
  { origin, method, path }: Asked,
  { status, headers }: Response,
  body: any,
): void {
  const { pathname } = new URL(path, origin);
  const endpoint = endpoints.find(
    (one) => one.method === method && new RegExp(`^${one.path.replace(/:\w+/g, '[^/]+')}$`).test(pathname),
  );
  // What is not written as a path of ours never comes to a call.
  if (endpoint === undefined || !isPlain({ url: `${origin}${pathname}` })) return;
  const asked = `${method} ${path} ${status}`;
  const sample = endpoint.answers[status];
  const known: readonly string[] = refusalCodes(endpoint);
  if (
    sample === undefined &&
    !(
      Value.Check(ErrorShape, body) &&
      known.includes(body.error.code) &&
      rejection(body.error.code).status === status
    )
  )
    throw new Error(`${asked} is not documented: ${JSON.stringify(body)}`);
  if (sample !== undefined && sample.example !== null && !Value.Check(strict(sample.schema), body)) {
    const fault = Value.Errors(strict(sample.schema), body).First()!;
    throw new Error(`${asked}: ${fault.path} ${fault.message}`);
  }
  if (body?.error?.code !== 'wrong_origin' && !/^"\w+";r=\d+;t=\d+$/.test(headers.get('ratelimit') ?? ''))
    throw new Error(`${asked} tells no rate limit`);
}

const stricts = new Map<TSchema, TSchema>();

/** The same schema with every object closed: a field that is not in the document is a fault here. */
function strict(schema: TSchema): TSchema {
  const known = stricts.get(schema);
  if (known) return known;
  const close = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(close);
    const copy = Object.fromEntries(
      Reflect.ownKeys(part).map((key) => [key, close(part[key as never])]),
    ) as Record<PropertyKey, unknown>;
    if (copy.type === 'object' && copy.properties) copy.additionalProperties = false;
    return copy;
  };
  const closed = close(schema) as TSchema;
  stricts.set(schema, closed);
  return closed;
}
