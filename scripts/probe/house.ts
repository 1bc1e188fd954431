import { relative } from 'node:path';

/** Where the house answers: an address, or a unix socket with the name that is asked for behind it. */
export interface Place {
  readonly address: string;
  readonly socket: string | null;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what another server says, looked at as it comes
  readonly body: any;
}

/** No call may take longer: a trader would have given up. */
const CALL_MS_MAX = 5_000;

/** A call of the API. @throws Error when nobody answers. */
export async function call(
  { address, socket }: Place,
  path: string,
  { token, body }: { readonly token?: string; readonly body?: unknown } = {},
): Promise<Answer> {
  const response = await fetch(`${address}${path}`, {
    ...(socket !== null && { unix: shorter(socket) }),
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    signal: AbortSignal.timeout(CALL_MS_MAX),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null,
  };
}

/** The names of sockets are bounded, and a folder may lie deep. */
function shorter(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length ? near : path;
}

/** `503 halted`, for people. */
export const refusalOf = ({ status, body }: Answer): string =>
  `${status} ${body?.error?.code ?? 'without a reason'}`;
