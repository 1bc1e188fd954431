const SHOWN = /^bearer\b/i;
const TOKEN = /^Bearer ([A-Za-z0-9_-]{43})$/i;

/**
 * Whether a request wants to be somebody by its `Authorization` header, whatever stands there for a token.
 * Another scheme is the proxy's business.
 */
export const showsBearer = (authorization: string): boolean => SHOWN.test(authorization);

/** The token of an `Authorization` header; null where there is none of its shape. */
export const bearerToken = (authorization: string): string | null => TOKEN.exec(authorization)?.[1] ?? null;
