import { isFailure, messageOf } from '../../server/ports/failure.ts';
import { isUnanswered } from '../../server/ports/unanswered.ts';
import { findBet, type FoundBet } from '../../server/upkeep/archive/find.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { CommandFailure } from '../command-line/failure.ts';
import type { ArchiveHouse } from './house.ts';
import type { Job } from './job.ts';

/**
 * Reads from the archive what answers a question.
 *
 * @param what cannot be read, in words, where the failure does not say.
 * @throws CommandFailure `archive_unreachable`, with exit code 3, where it is away and nobody can tell;
 * `archive_damaged`, with exit code 1, where it is there and not as it was written
 */
export async function fromArchive<Result>(read: () => Promise<Result>, what = ''): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    const message = what + messageOf(cause);
    throw isAway(cause)
      ? new CommandFailure('archive_unreachable', message, EXIT.undecided, { cause })
      : new CommandFailure('archive_damaged', message, EXIT.wrong, { cause });
  }
}

const isAway = (cause: unknown): boolean =>
  cause instanceof AggregateError
    ? cause.errors.every(isAway)
    : isUnanswered(cause) || isFailure(cause, 'object_missing');

/** Looks for a bet in the archive; null when it is in none of the segments. @throws as {@link fromArchive} */
export const archivedBet = (
  { source, objects }: ArchiveHouse,
  betId: string,
  progress: Job['progress'],
): Promise<FoundBet | null> =>
  fromArchive(
    () => findBet(objects, source.segments(), betId, (part) => progress('search', part)),
    'The archive cannot be searched: ',
  );
