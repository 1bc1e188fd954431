import type { RequestOrigin } from '../ports/origins.ts';

/**
 * Where a request comes from, by the two headers that a browser writes itself and no page can leave out of a
 * request that may change something: `program` shows neither, `here` is one of our own pages, `elsewhere` any
 * other. Built once from the public origin and never from a header of the request. Cookies, `Sec-Fetch-Mode`
 * and whatever else HTTP libraries add by themselves decide nothing. A header that says something foreign
 * counts more than one that says something right.
 */
export function provenanceOf(publicOrigin: string): (headers: Headers) => RequestOrigin {
  return (headers) => {
    const origin = headers.get('origin');
    const site = headers.get('sec-fetch-site');
    if (origin === null && site === null) return 'program';
    return (origin ?? publicOrigin) === publicOrigin && (site ?? 'same-origin') === 'same-origin'
      ? 'here'
      : 'elsewhere';
  };
}

/**
 * Whether a page is opened at the address where it can be played. Proxies may leave the port out of what they
 * pass on: it is missed by nobody.
 */
export function isOwnAddress(publicOrigin: string): (url: URL) => boolean {
  const { hostname, port } = new URL(publicOrigin);
  return (url) => url.hostname === hostname && (url.port === '' || url.port === port);
}
