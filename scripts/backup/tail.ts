import { counted } from '../../server/upkeep/houses/residents.ts';
import { dirname } from 'node:path';
import { BooksFiles } from '../../server/store/books-files.ts';
import { isFailure, messageOf } from '../../server/ports/failure.ts';
import { SqliteTail } from '../../server/store/tail-source.ts';
import { isWhole, listSnapshots, manifestKey } from '../../server/upkeep/backup/manifest.ts';
import { Sender } from '../../server/upkeep/backup/sender.ts';
import { shipSnapshot, takeSnapshot } from '../../server/upkeep/backup/snapshot.ts';
import { TailShipper } from '../../server/upkeep/backup/tail-shipper.ts';
import type { ObjectStore } from '../../server/upkeep/backup/object-store.ts';
import { expectAhead } from '../../server/upkeep/backup/seen-heads.ts';
import { admit } from '../../server/upkeep/houses/admission.ts';
import { tailsOf, type OwnBooks } from '../../server/upkeep/houses/ownership.ts';
import { writeTextfile } from '../../server/upkeep/textfile.ts';
import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { expectBooks, lockJob, lockJobInTurn } from './house.ts';
import type { Job } from './job.ts';

/**
 * From the begin of one shipment to that of the next: with reading, writing and sending it stays below the 5
 * s that are promised.
 */
const SHIP_EVERY_MS = 2_000;
/** Rest after a shipment that took longer. */
const REST_MS_MIN = 50;
const METRICS_EVERY_MS = 10_000;
/** A server whose books are gone stops within this time: what it commits until then can be shipped yet. */
const GONE_MS = 12_000;

/**
 * Ships until it is asked to stop, then once more.
 *
 * @param metrics where its figures go, or null.
 */
export async function runTail(job: Job, metrics: string | null, end: AbortSignal): Promise<Outcome> {
  expectBooks(job.house);
  const { house, say } = job;
  const lock = lockJob(house.backupDir, 'tail');
  const sender =
    house.remote === null
      ? null
      : new Sender(
          house.local,
          house.remote,
          (tail) => held(job, (own) => prepare(job, house.remote!, own, tail)),
          (error) => say(`not sent, will retry: ${error.message}`),
          (error) => say(`not sent: ${error.message}`),
        );
  const ending = new Promise<true>((resolve) => end.addEventListener('abort', () => resolve(true)));
  let source: SqliteTail | null = null;
  try {
    house.local.clean('tail');
    source = new SqliteTail(house.database);
    const files = new BooksFiles(dirname(house.database));
    let shipper = await opened(job, source, sender, []);
    say(
      `shipping every ${SHIP_EVERY_MS / 1000} s after batch ${shipper.head.batch} to ` +
        `${house.backupDir}${house.remote === null ? '' : ` and ${house.remote.name}`}`,
    );
    let [segments, measuredAt, shippedAt, goneAt] = [0, -Infinity, Date.now(), Infinity];
    for (let last = false, tookMs = 0; !last; ) {
      last = await Promise.race([
        Bun.sleep(Math.max(REST_MS_MIN, SHIP_EVERY_MS - tookMs)).then(() => false),
        ending,
      ]);
      const began = performance.now();
      const gone = files.look();
      if (gone !== null && goneAt === Infinity) {
        goneAt = began;
        say(
          `THE BOOKS ARE GONE: ${gone}. Commits that still reach them are shipped for another ` +
            `${GONE_MS / 1000} s`,
        );
      }
      try {
        const at = Date.now();
        const shipped = await shipper.ship();
        shippedAt = at;
        segments += shipped?.keys.length ?? 0;
        sender?.add(shipped?.keys ?? []);
      } catch (error) {
        if (gone !== null || !isFailure(error, 'snapshot_needed')) throw error;
        say(messageOf(error));
        shipper = await opened(job, source, sender, shipper.keys);
      }
      if (began - goneAt >= GONE_MS) {
        await sender?.end();
        throw new Error(`${gone}; everything up to batch ${shipper.head.batch} has been shipped`);
      }
      tookMs = performance.now() - began;
      if (metrics !== null && gone === null && performance.now() - measuredAt >= METRICS_EVERY_MS) {
        writeMetrics(metrics, shippedAt, sender?.sentUpTo(shippedAt) ?? shippedAt, shipper.head.batch);
        measuredAt = performance.now();
      }
    }
    await sender?.end();
    const { head } = shipper;
    return {
      exit: EXIT.ok,
      report: { segments, head },
      text: `${counted(segments, 'segment')} shipped, up to batch ${head.batch}\n`,
    };
  } finally {
    source?.close();
    lock.release();
  }
}

/**
 * Continues the existing tail, or takes a snapshot and starts one after it; and sends what is not yet in the
 * bucket.
 * @param shipped keys of the newest segments that this process has shipped.
 */
async function opened(
  job: Job,
  source: SqliteTail,
  sender: Sender | null,
  shipped: readonly string[],
): Promise<TailShipper> {
  const sent = (await sender?.sent()) ?? [];
  const shipper = await shipperAfter(job, source, [...sent, ...shipped]);
  sender?.recall(await held(job, (own) => ownSegments(job, own)), sent);
  return shipper;
}

async function shipperAfter(
  { house, progress, say }: Job,
  source: SqliteTail,
  sent: readonly string[],
): Promise<TailShipper> {
  const open = async (): Promise<TailShipper> => {
    const whole = (await listSnapshots(house.local)).filter(isWhole);
    return TailShipper.open(source, house.local, whole, Date.now, undefined, sent);
  };
  try {
    return await open();
  } catch (error) {
    if (!isFailure(error, 'snapshot_needed')) throw error;
    say(`${error.message}: taking a snapshot first`);
    const lock = await lockJobInTurn(house.backupDir, 'run', say);
    try {
      // Whoever had the lock may have taken the one that was needed.
      return await open().catch(async (cause) => {
        if (!isFailure(cause, 'snapshot_needed')) throw cause;
        await takeSnapshot(house.local, house.copier, house.options, progress);
        return open();
      });
    } finally {
      lock.release();
    }
  }
}

/** @throws Failure `other_house`, `books_behind`; whatever keeps the snapshot of the tail from being sent. */
async function prepare(
  { house: { local } }: Job,
  remote: ObjectStore,
  own: OwnBooks,
  tail: string,
): Promise<void> {
  await admit(remote, own, { adopt: false, at: Date.now() });
  await expectAhead(remote, own);
  const base = (await listSnapshots(local)).filter(isWhole).find(({ id }) => id === tail);
  if (base !== undefined && !(await remote.list(manifestKey(tail))).includes(manifestKey(tail)))
    await shipSnapshot(local, remote, base);
}

/** Reads the books with a connection of its own: that of the shipper is in the middle of a shipment. */
async function held<Value>({ house }: Job, read: (own: OwnBooks) => Promise<Value>): Promise<Value> {
  const own = house.hold();
  try {
    return await read(own);
  } finally {
    own.close();
  }
}

/** Keys of the segments of this house in the folder. */
async function ownSegments({ house: { local } }: Job, own: OwnBooks): Promise<string[]> {
  const tails = await tailsOf(local, (await listSnapshots(local)).filter(isWhole), own);
  return tails
    .filter(({ house }) => house === own.house)
    .flatMap(({ segments }) => segments.map(({ key }) => key));
}

function writeMetrics(path: string, shippedAt: number, sentAt: number, batch: number): void {
  writeTextfile(path, [
    {
      name: 'tapgrid_tail_last_success_timestamp_seconds',
      about: 'Time of the newest state in the backup folder.',
      values: { '': shippedAt / 1000 },
    },
    {
      name: 'tapgrid_tail_last_sent_timestamp_seconds',
      about: 'Time of the newest state in the bucket, or in the backup folder if no bucket is configured.',
      values: { '': sentAt / 1000 },
    },
    {
      name: 'tapgrid_tail_batch',
      about: 'Last batch of the ledger that was shipped.',
      values: { '': batch },
    },
  ]);
}
