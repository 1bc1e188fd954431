const HEADER_LENGTH_MAX = 8192;

/**
 * The first cookie of that name as plain text, or null; nothing is decoded. For cookies that carry no
 * authority.
 */
export function readCookieText(header: string | null, name: string): string | null {
  if (header === null || header.length > HEADER_LENGTH_MAX) return null;
  const pair = header.split(';').find((part) => part.trimStart().startsWith(`${name}=`));
  return pair === undefined ? null : pair.trim().slice(name.length + 1);
}
