/**
 * Where a request comes from. `program`: nothing of it comes from a browser, so no cookie of it is read and
 * it is given none. `elsewhere`: another site, which may change nothing.
 */
export type RequestOrigin = 'program' | 'here' | 'elsewhere';

export interface Origins {
  cameFrom(headers: Headers): RequestOrigin;
  /** Whether a page is opened at the address where it can be played. */
  isOwnAddress(url: URL): boolean;
}
