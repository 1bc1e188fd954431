/** Largest body that is taken, in bytes. */
export const BODY_BYTES_MAX = 16 * 1024;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

export type ReadJson = { readonly value: unknown } | { readonly code: 'bad_request' | 'payload_too_large'; readonly message?: string };

/**
 * Reads a body of JSON with a bound that does not trust `Content-Length`.
 * @returns the value, or the code for which it is refused.
 */
export function readJson(request: Request): ReadJson | Promise<ReadJson> {
  if (declaredBytes(request.headers) > BODY_BYTES_MAX) return TOO_LARGE;
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) return { code: 'bad_request', message: 'The body must be application/json.' };
  return readBytes(request).then(parsed);
}

const TOO_LARGE = { code: 'payload_too_large' } as const;

function parsed(bytes: Uint8Array | null): ReadJson {
  if (bytes === null) return TOO_LARGE;
  try {
    return { value: JSON.parse(UTF8.decode(bytes)) };
  } catch {
    return { code: 'bad_request', message: 'The body is not JSON in UTF-8.' };
  }
}

export const declaredBytes = (headers: Headers): number => Number(headers.get('content-length') ?? 0);

/** The bytes of a body. @returns null when there is more than is taken. */
export function readBytes(request: Request): Promise<Uint8Array | null> {
  // To look at the stream of a body makes one, which costs more than to read it.
  return request.headers.has('content-length') ? request.bytes() : readStream(request.body);
}

async function readStream(body: Request['body']): Promise<Uint8Array | null> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
