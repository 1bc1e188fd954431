import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { readOperators } from '../../server/identity/operators.ts';
import { messageOf } from '../../server/ports/failure.ts';
import { CommandFailure } from '../command-line/failure.ts';

/**
 * The server's user reads it by the group of its folder; anybody who may write it decides who operates the
 * house.
 */
const MODE = 0o640;

/** What stands in a file of operators; '' when there is none yet. @throws CommandFailure `bad_operators` */
export const textOf = (path: string): string =>
  within(path, () => (existsSync(path) ? readFileSync(path, 'utf8') : ''));

/** Who has a token by what stands there. @throws CommandFailure `bad_operators` */
export const namesOf = (path: string, text: string): readonly string[] =>
  within(path, () => readOperators(text).map(({ name }) => name));

/**
 * Replaces its text atomically; owner and mode stay.
 * @throws CommandFailure `bad_operators` when it would not be a file of operators, or cannot be written
 */
export const replaceText = (path: string, text: string): void =>
  within(path, () => {
    readOperators(text);
    const { uid, gid, mode } = existsSync(path) ? statSync(path) : { ...ownersOf(dirname(path)), mode: MODE };
    const beside = `${path}.new`;
    try {
      writeFileSync(beside, text, { mode: 0o600, flush: true });
      chownSync(beside, uid, gid);
      chmodSync(beside, mode & 0o777);
      renameSync(beside, path);
    } finally {
      rmSync(beside, { force: true });
    }
  });

const ownersOf = (folder: string): { uid: number; gid: number } => ({
  uid: process.getuid?.() ?? -1,
  gid: statSync(folder).gid,
});

function within<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new CommandFailure('bad_operators', `${path} (OPERATORS_FILE): ${messageOf(cause)}`);
  }
}
