/** What decides whether a request may come in, built once from the public origin and never from a header. */
export interface OriginRules {
  /** A WebSocket upgrade: the exact `Origin`; a program that showed a bearer token needs none, for a browser cannot send one with an upgrade. */
  mayUpgrade(headers: Headers, bearer?: boolean): boolean;
  /** A request that may change something: `Sec-Fetch-Site: same-origin`, or no such header and the exact `Origin`; a bearer token needs neither. */
  mayWrite(headers: Headers, bearer: boolean): boolean;
}

export function originRules(publicOrigin: string): OriginRules {
  const fromHere = (headers: Headers): boolean => headers.get('origin') === publicOrigin;
  return {
    mayUpgrade: (headers, bearer = false) => bearer || fromHere(headers),
    mayWrite: (headers, bearer) => {
      if (bearer) return true;
      const site = headers.get('sec-fetch-site');
      return site === null ? fromHere(headers) : site === 'same-origin';
    },
  };
}

/**
 * A program that signs in has no token yet. It is told from a browser by what every browser sends along with a write and a page cannot leave out:
 * `Origin`, fetch metadata, and the cookies that would make a forged request worth something.
 */
export const isProgram = (headers: Headers): boolean => !BROWSER_HEADERS.some((name) => headers.has(name));

const BROWSER_HEADERS = ['origin', 'sec-fetch-site', 'sec-fetch-mode', 'cookie'] as const;
