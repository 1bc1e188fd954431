const LISTED = /\s*(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)/y;

/**
 * Whether what the caller has is still what would be sent, by RFC 9110, 13.1.2: the header is `*` or a list
 * of tags, compared without regard to `W/`.
 * @param etag as it is sent, in quotes, weak or not.
 */
export function isUnchanged(headers: Headers, etag: string): boolean {
  const known = headers.get('if-none-match');
  if (known === null) return false;
  if (known.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  LISTED.lastIndex = 0;
  for (let found = LISTED.exec(known); found !== null; found = LISTED.exec(known))
    if (found[1] === opaque) return true;
  return false;
}
