import { join } from 'node:path';
import type { Config } from '../../server/config.ts';
import { micros } from '../../server/game/money.ts';
import type {
  ArchiveOperation,
  ArchiveResult,
  ArchiveSource,
  WeekFiles,
} from '../../server/ports/archive.ts';
import { Failure, isFailure } from '../../server/ports/failure.ts';
import { SqliteArchiveSource } from '../../server/store/archive/archive-source.ts';
import { FetchedSegments } from '../../server/store/archive/fetched-segments.ts';
import { SqliteWeekFiles } from '../../server/store/archive/week-files.ts';
import { inspectStore } from '../../server/store/inspection.ts';
import { DATABASE_FILE, openStore } from '../../server/store/store.ts';
import type { ArchiverOptions } from '../../server/upkeep/archive/archive-run.ts';
import { commitOverSocket } from '../../server/upkeep/archive/archive-socket.ts';
import { SegmentStore } from '../../server/upkeep/archive/segment-store.ts';
import { PlanFile } from '../../server/upkeep/archive/plan.ts';
import { lockFolder } from '../backup/house.ts';
import { placesOf, type Places } from './places.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/**
 * Rows that one commit deletes at most, and the time of the writer that it may take where commits are short.
 */
const SLICE_ROWS = 4_000;
const SLICE_MS = 4;
/** Of a writer's time the archiver takes at most a quarter. */
const REST_SHARE = 3;
/** 64 MiB: a smaller file is not worth the work. */
const FREE_PAGES_MIN = 16_384;
/** What one week leaves is filled by the next. */
const FREE_SHARE = 1;

/** The parts of the archive, put together from the settings. */
export interface ArchiveHouse {
  /** Its id. */
  readonly house: string;
  readonly source: ArchiveSource;
  readonly weekFiles: WeekFiles;
  readonly objects: SegmentStore;
  readonly plan: PlanFile;
  readonly options: ArchiverOptions;
  readonly places: Places;
  readonly fetched: FetchedSegments;
}

/** @throws Failure `not_started` for books of before houses had ids. */
export function archiveHouse(config: Config): ArchiveHouse {
  const { dataDir } = config;
  const places = placesOf(config);
  const { house } = inspectStore(join(dataDir, DATABASE_FILE));
  if (house === null)
    throw new Failure(
      'not_started',
      'the books have no house id yet: start the server of this version first',
    );
  return {
    house,
    source: new SqliteArchiveSource(join(dataDir, DATABASE_FILE)),
    weekFiles: new SqliteWeekFiles(dataDir),
    objects: new SegmentStore(places.store, house),
    places,
    fetched: new FetchedSegments(dataDir),
    plan: new PlanFile(join(dataDir, 'archive')),
    options: {
      afterMs: config.archiveAfterDays * DAY_MS,
      betsMax: config.archiveBetsMax,
      ageMsMin: config.archiveAgeMinutesMin * MINUTE_MS,
      ordersMs: config.archiveOrdersHours * HOUR_MS,
      rowsMax: config.archiveSegmentRows,
      sliceRows: SLICE_ROWS,
      sliceMs: SLICE_MS,
      restShare: REST_SHARE,
      freePagesMin: FREE_PAGES_MIN,
      freeShare: FREE_SHARE,
      historyMs: config.historyWeeks * 7 * DAY_MS,
      historyBytesMax: config.historyGibMax * 1024 ** 3,
      leavesDisk: places.leavesDisk,
    },
  };
}

/** Access to the writer, until it is released. */
export interface LedgerAccess {
  readonly through: 'the server' | 'this process';
  write(operation: ArchiveOperation): Promise<ArchiveResult>;
  release(): Promise<void>;
}

/**
 * Makes this the only archiver of the data folder and finds the writer: the running server's, through its
 * socket, or one of this process where no server runs.
 * @throws Error when another archiver is at work, or its folder cannot be locked.
 */
export async function openLedgerAccess({ dataDir }: Config): Promise<LedgerAccess> {
  const lock = lockArchive(dataDir, 'run');
  try {
    const store = await openStore({
      dataDir,
      caps: {
        cellShare: 1,
        columnShare: 1,
        totalShare: 1,
        accountShare: 1,
        openBetsMax: 1,
        betsPerCellMax: 5,
      },
      bankrolls: { PLAY: micros(0), USD: micros(0) },
      at: Date.now(),
      mayCreate: false,
    });
    return {
      through: 'this process',
      write: async (operation) =>
        (await store.ledger.commitBatch([operation], Date.now())).results[0] as ArchiveResult,
      release: () => store.close().finally(() => lock.release()),
    };
  } catch (cause) {
    if (!isFailure(cause, 'directory_in_use')) {
      lock.release();
      throw cause;
    }
    return {
      through: 'the server',
      write: (operation) => commitOverSocket(dataDir, operation),
      release: async () => lock.release(),
    };
  }
}

/**
 * Makes this the only process that does `work` there. @throws Error when another one is at it, or its folder
 * cannot be locked.
 */
export const lockArchive = (dataDir: string, work: 'run' | 'fetch'): { release(): void } =>
  lockFolder(
    join(dataDir, 'archive', work === 'run' ? 'lock' : 'fetch-lock'),
    `another tapgrid archive ${work} is running in ${dataDir}`,
  );
