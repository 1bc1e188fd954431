/**
 * All of a list that is read page by page, each behind the last row of the one before, until one is empty.
 * @param start the key before the first row.
 * @param read the rows behind a key, some at a time.
 */
export function* pagesBehind<Row, Key>(
  start: Key,
  read: (after: Key) => readonly Row[],
  keyOf: (row: Row) => Key,
): Generator<readonly Row[]> {
  for (let page = read(start); ; ) {
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    page = read(keyOf(last));
  }
}
