import { expect, test } from 'bun:test';
import { Opened } from './opened.ts';

const openedIn = (log: string[]) => new Opened((what, part) => log.push(`${what} ${part}`));

test('what was opened last is closed first, one after the other', async () => {
  const log: string[] = [];
  const opened = openedIn(log);
  const books = { rows: 0 };
  expect(opened.add('books', books, () => log.push('books are closed'))).toBe(books);
  opened.add('socket', null, async () => {
    await Bun.sleep(1);
    log.push('socket is closed');
  });
  await opened.close();
  expect(log).toEqual([
    'opened books',
    'opened socket',
    'closing socket',
    'socket is closed',
    'closing books',
    'books are closed',
  ]);
});

test('a part that cannot be closed keeps none of the others open, and is told of', async () => {
  const log: string[] = [];
  const opened = openedIn(log);
  for (const part of ['books', 'socket', 'timer'])
    opened.add(part, part, () => {
      if (part === 'socket') throw new Error('the socket cannot be closed');
      log.push(`${part} is closed`);
    });
  await expect(opened.close()).rejects.toThrow('the socket cannot be closed');
  expect(log.filter((line) => line.endsWith('is closed'))).toEqual(['timer is closed', 'books is closed']);
});

test('it is closed once, and whoever closes it again waits for the same', async () => {
  let closed = 0;
  const opened = new Opened();
  opened.add('books', null, async () => {
    await Bun.sleep(1);
    closed += 1;
  });
  await Promise.all([opened.close(), opened.close()]);
  await opened.close();
  expect(closed).toBe(1);
});
