import type { Session } from '../game/session.ts';
import type { ArchiveDesk, ArchivedPart, FetchProgress } from '../ports/archived.ts';
import type { Books } from '../ports/books.ts';
import type { Refusal } from './reply.ts';

/** What is said about archived rows, and how far their fetch has got. */
export interface ArchivedRows extends ArchivedPart {
  readonly progress: FetchProgress;
}

interface Parts {
  readonly books: Pick<Books, 'archived' | 'segmentsOfBet' | 'hasMoved' | 'bet'>;
  readonly archive: ArchiveDesk;
}

/** Null where every row of the account is here. */
export function archivedRows({ books, archive }: Parts, accountId: string): ArchivedRows | null {
  const part = books.archived(accountId);
  return part && { ...part, progress: archive.progress([part.segment]) };
}

/**
 * Why there is no receipt at once: there is no such bet, or it is in the archive. Null if all of it is here.
 */
export function receiptRefusal({ books, archive }: Parts, betId: string): Refusal | null {
  const segments = books.segmentsOfBet(betId);
  if (segments.length === 0)
    return books.bet(betId) === null ? { code: 'not_found', message: 'There is no bet with that id.' } : null;
  return archivedRefusal(archive.progress(segments));
}

/** Asks for a bet, or for the newest part of the statement that has left the disk. */
export function askArchive(
  { books, archive }: Parts,
  { accountId }: Session,
  betId: string | null,
): FetchProgress | Refusal {
  const part = betId === null ? books.archived(accountId) : null;
  const lacking = (): readonly number[] =>
    betId !== null
      ? books.segmentsOfBet(betId)
      : part !== null && books.archived(accountId)?.segment === part.segment
        ? [part.segment]
        : [];
  const asked = lacking();
  const bet = betId === null ? null : books.bet(betId);
  if (asked.length === 0)
    return betId !== null && bet === null
      ? { code: 'not_found', message: 'There is no bet with that id.' }
      : archive.progress([]);
  // A part of the archive is fetched for those alone who have something in it; the quote before a bet of
  // theirs may stand in a part where they have nothing else.
  if (bet?.accountId !== accountId && !asked.some((segment) => books.hasMoved(accountId, segment)))
    return { code: 'not_found', message: 'Your account has nothing in the archive for that time.' };
  const progress = archive.fetch(accountId, lacking);
  return 'code' in progress || progress.state !== 'failed' ? progress : archivedRefusal(progress);
}

function archivedRefusal({ state, retryAfterMs }: FetchProgress): Refusal {
  return {
    code: 'archived',
    message: ARCHIVED_SENTENCES[state === 'here' ? 'archived' : state],
    ...(retryAfterMs !== null && { retryAfterMs }),
  };
}

/** For people, on pages and in the API. */
const ARCHIVED_SENTENCES = {
  archived: 'That time is in the archive. Its owner can request it.',
  waiting: 'That time is in the archive and waiting to be fetched. Try again in a moment.',
  fetching: 'That time is in the archive and is being fetched. Try again in a moment.',
  failed: 'That time is in the archive, which cannot be read at the moment. The operator has been informed.',
} as const;
