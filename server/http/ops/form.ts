import { readBytes } from '../body.ts';

/** The fields of a plain form; null when it is larger than is taken, or not a form. */
export async function readForm(request: Request): Promise<URLSearchParams | null> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) return null;
  const body = await readBytes(request);
  return body === null ? null : new URLSearchParams(new TextDecoder().decode(body));
}
