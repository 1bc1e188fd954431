import { acceptedEncoding, type Encoding } from './encoding.ts';
import { Rendered } from './rendered.ts';
import { isRefusal, jsonHeaders, refusalResponse, type Json, type Reply } from './reply.ts';

/** What says nothing but of the client's own taste, so that a cache keeps one for each. */
const VARY = { vary: 'accept-encoding' } as const;
/** A file that is written while it is sent is packed as it goes. */
const STREAMED: readonly Encoding[] = ['gzip'];

/**
 * The answer as the client takes it: what is long and no refusal is compressed. @param common headers that
 * every answer of the caller carries.
 */
export async function compressed(
  reply: Reply,
  common: Readonly<Record<string, string>>,
  accept: string | null,
): Promise<Response> {
  if (reply instanceof Response) return streamed(reply, common, accept);
  return isRefusal(reply) ? refusalResponse(reply, common) : packed(reply, { ...common, ...VARY }, accept);
}

async function packed(
  reply: Json,
  common: Readonly<Record<string, string>>,
  accept: string | null,
): Promise<Response> {
  const rendered = reply.body instanceof Rendered ? reply.body : new Rendered(JSON.stringify(reply.body));
  const encoding = rendered.encodingFor(acceptedEncoding(accept));
  const headers = {
    ...jsonHeaders(reply, common),
    ...(encoding !== 'identity' && { 'content-encoding': encoding }),
  };
  return new Response(await rendered.bytes(encoding), { status: reply.status, headers });
}

function streamed(
  response: Response,
  common: Readonly<Record<string, string>>,
  accept: string | null,
): Response {
  const headers = new Headers({ ...Object.fromEntries(response.headers), ...common, ...VARY });
  const encoding = acceptedEncoding(accept, STREAMED);
  if (response.body === null || encoding === 'identity')
    return new Response(response.body, { status: response.status, headers });
  headers.set('content-encoding', encoding);
  return new Response(response.body.pipeThrough(new CompressionStream('gzip') as never), {
    status: response.status,
    headers,
  });
}
