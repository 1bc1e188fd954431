import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemCodeOf } from '../../server/ports/failure.ts';
import { safely, warn, well, wrong, type Check } from './check.ts';

/** What provision.sh put where, as sha256sum writes it. */
export const INSTALLED_LIST = '/etc/tapgrid/installed.sha256';

const LINE = /^([0-9a-f]{64}) {2}(\/.+)$/;
const AGAIN = '/opt/tapgrid/current/deploy/provision.sh';
/** More names than these do not help; the command lists all of them. */
const NAMES_MAX = 5;

/** Whether the files of the release are where it put them, and as it left them; nothing without a list. */
export function installed(list: string): readonly Check[] {
  const text = safely(() => readFileSync(list, 'utf8'));
  if (text === null) return [];
  const files = text.split('\n').flatMap((line) => {
    const [, hash, path] = LINE.exec(line) ?? [];
    return path === undefined ? [] : [{ path, state: stateOf(path, hash!) }];
  });
  const of = (wanted: State): string[] =>
    files.flatMap(({ path, state }) => (state === wanted ? [path] : []));
  const [gone, changed, closed] = [of('gone'), of('changed'), of('closed')];
  const also = changed.length === 0 ? '' : `; changed by hand: ${named(changed)}`;
  if (gone.length > 0)
    return [wrong('installed', `missing: ${named(gone)}${also}`, `${AGAIN} restores them.`)];
  if (changed.length > 0)
    return [
      warn(
        'installed',
        `changed by hand: ${named(changed)}`,
        `${AGAIN} --dry-run says what it would do; it keeps what was changed in /etc/tapgrid/kept.`,
      ),
    ];
  const unread = closed.length === 0 ? '' : `, ${closed.length} not readable for this user`;
  return [well('installed', `${files.length - closed.length} files match the release${unread}`)];
}

type State = 'as it was' | 'changed' | 'gone' | 'closed';

function stateOf(path: string, hash: string): State {
  try {
    const found = createHash('sha256').update(readFileSync(path)).digest('hex');
    return found === hash ? 'as it was' : 'changed';
  } catch (cause) {
    return ['ENOENT', 'ENOTDIR'].includes(systemCodeOf(cause) ?? '') ? 'gone' : 'closed';
  }
}

function named(paths: readonly string[]): string {
  const more = paths.length - NAMES_MAX;
  return `${paths.slice(0, NAMES_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
