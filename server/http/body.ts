/** Largest body that is taken, in bytes. */
export const BODY_BYTES_MAX = 16 * 1024;

const UTF8 = new TextDecoder();

/** Reads a body with a bound that does not trust `Content-Length`. @returns null when there is more than is taken. */
export const readText = (request: Request, hasLength: boolean): Promise<string | null> =>
  hasLength ? request.text() : readStream(request.body).then((bytes) => bytes && UTF8.decode(bytes));

export type ReadJson = { readonly value: unknown } | { readonly code: 'bad_request' | 'payload_too_large'; readonly message?: string };

const JSON_TYPE = /^application\/json\s*(;|$)/i;
/** Stands in a text for bytes that are no UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * Reads a body as JSON. A text with the replacement character is refused, though somebody might have meant it: nothing that is taken here has a place for it.
 * @returns the value, or the code for which it is refused.
 */
export function readJson(headers: Headers, text: string | null): ReadJson {
  if (!JSON_TYPE.test(headers.get('content-type') ?? '')) return { code: 'bad_request', message: 'The body must be application/json.' };
  if (text === null) return { code: 'payload_too_large' };
  try {
    if (!text.includes(REPLACEMENT)) return { value: JSON.parse(text) };
  } catch {
    // Told below.
  }
  return { code: 'bad_request', message: 'The body is not JSON in UTF-8.' };
}

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
