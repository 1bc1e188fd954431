import type { Refusal } from './reply.ts';

/** Largest body that is taken, in bytes. */
export const BODY_BYTES_MAX = 16 * 1024;
/** How long a body may take to arrive after its head, so that a slow sender keeps nobody waiting. */
const BODY_MS_MAX = 10_000;

/** Why a body was not read. */
export type Unread = Refusal & { readonly code: 'payload_too_large' | 'body_timeout' };

export interface BodyBounds {
  readonly bytesMax?: number;
  readonly msMax?: number;
}

const UTF8 = new TextDecoder();
const TOO_LARGE: Unread = { code: 'payload_too_large' };
const TOO_SLOW: Unread = { code: 'body_timeout' };

/**
 * Reads a body with a bound that does not trust `Content-Length`, and a limit of time.
 * @param declaredBytes as the head says; null where it says nothing. The server sees to it that no more comes
 *   than was declared.
 */
export function readText(
  request: Request,
  declaredBytes: number | null,
  { bytesMax = BODY_BYTES_MAX, msMax = BODY_MS_MAX }: BodyBounds = {},
): Promise<string | Unread> {
  if (declaredBytes === null)
    return readStream(request.body, bytesMax, msMax).then((bytes) =>
      bytes instanceof Uint8Array ? UTF8.decode(bytes) : bytes,
    );
  // To look at the stream of a body makes one, which costs more than to read it.
  return declaredBytes > bytesMax ? Promise.resolve(TOO_LARGE) : inTime(request.text(), msMax);
}

/** The bytes of a body, bounded like {@link readText}. */
export function readBytes(
  request: Request,
  { bytesMax = BODY_BYTES_MAX, msMax = BODY_MS_MAX }: BodyBounds = {},
): Promise<Uint8Array | Unread> {
  const length = request.headers.get('content-length');
  if (length === null) return readStream(request.body, bytesMax, msMax);
  return Number(length) > bytesMax ? Promise.resolve(TOO_LARGE) : inTime(request.bytes(), msMax);
}

/** The fields of a plain form, bounded like {@link readText}; null when it is no form. */
export async function readForm(
  request: Request,
  bounds?: BodyBounds,
): Promise<URLSearchParams | Unread | null> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers.get('content-type') ?? ''))
    return null;
  const body = await readBytes(request, bounds);
  return body instanceof Uint8Array ? new URLSearchParams(UTF8.decode(body)) : body;
}

export type ReadJson =
  | { readonly value: unknown }
  | (Refusal & { readonly code: 'bad_request' | 'unsupported_encoding' | Unread['code'] });

const JSON_TYPE = /^application\/json\s*(;|$)/i;
/** Stands in a text for bytes that are no UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * Reads a body as JSON. A text with the replacement character is refused, though somebody might have meant
 * it: nothing that is taken here has a place for it.
 * @returns the value, or the code for which it is refused.
 */
export function readJson(headers: Headers, text: string | Unread): ReadJson {
  if (!/^(identity)?$/i.test(headers.get('content-encoding')?.trim() ?? ''))
    return { code: 'unsupported_encoding' };
  if (!JSON_TYPE.test(headers.get('content-type') ?? ''))
    return { code: 'bad_request', message: 'The body must be application/json.' };
  if (typeof text !== 'string') return text;
  try {
    if (!text.includes(REPLACEMENT)) return { value: JSON.parse(text) };
  } catch {
    // Told below.
  }
  return { code: 'bad_request', message: 'The body is not JSON in UTF-8.' };
}

const inTime = <Read extends NonNullable<unknown>>(
  reading: Promise<Read>,
  msMax: number,
): Promise<Read | Unread> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, msMax, TOO_SLOW);
    reading.finally(() => clearTimeout(timer)).then(resolve, reject);
  });

async function readStream(
  body: Request['body'],
  bytesMax: number,
  msMax: number,
): Promise<Uint8Array | Unread> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  const until = performance.now() + msMax;
  for (let size = 0; ; ) {
    const read = await inTime(reader.read(), Math.max(0, until - performance.now()));
    if ('code' in read) return abandoned(reader, read);
    if (read.done) return new Uint8Array(Buffer.concat(chunks));
    size += read.value.length;
    if (size > bytesMax) return abandoned(reader, TOO_LARGE);
    chunks.push(read.value);
  }
}

/** What still comes is not kept. */
function abandoned(reader: { cancel(): Promise<void> }, unread: Unread): Unread {
  reader.cancel().catch(() => {});
  return unread;
}
