import { existsSync } from 'node:fs';
import { messageOf } from '../../server/ports/failure.ts';
import type { TailHead } from '../../server/ports/tail.ts';
import { SqliteTail } from '../../server/store/tail-source.ts';
import { inOrder, isWhole, listSnapshots } from '../../server/upkeep/backup/manifest.ts';
import type { ObjectStore } from '../../server/upkeep/backup/object-store.ts';
import { readSegment } from '../../server/upkeep/backup/segment.ts';
import { holeIn } from '../../server/upkeep/backup/tail-hole.ts';
import type { Outcome } from '../command-line/command.ts';
import { exitOf } from '../command-line/exit-codes.ts';
import type { Job } from './job.ts';
import type { OwnBooks } from '../../server/upkeep/houses/ownership.ts';
import {
  counted,
  nameOf,
  residentsOf,
  residentText,
  type Resident,
} from '../../server/upkeep/houses/residents.ts';

/** Two hourly runs in a row that did not come. */
const SNAPSHOT_AGE_MS_MAX = 2 * 3_600_000;
/** Commits that are older than this and not in the tail. */
const TAIL_LAG_MS_MAX = 10_000;

interface StoreStatus {
  readonly store: string;
  /** Other houses in it, one line each. */
  readonly others: readonly string[];
  readonly snapshots: number;
  readonly bytes: number;
  readonly newest: { readonly id: string; readonly at: number; readonly batch: number } | null;
  readonly tail: { readonly segments: number; readonly batch: number; readonly at: number } | null;
  readonly faults: readonly string[];
}

/** Which backups exist and how old they are, compared with the live ledger. */
export async function runStatus({ house }: Job): Promise<Outcome> {
  const head = liveHead(house.database);
  const own = head === null || head.house === null ? null : house.hold();
  const stores: StoreStatus[] = [];
  try {
    for (const store of [house.local, house.remote])
      if (store !== null) stores.push(await statusOf(store, own, head?.ledger ?? null, Date.now()));
  } finally {
    own?.close();
  }
  const ok = stores.every(({ faults }) => faults.length === 0);
  return {
    exit: exitOf(ok),
    report: { ok, house: own?.house ?? null, head: head?.ledger ?? null, stores },
    text:
      `${own === null ? 'no books here; this covers all houses' : nameOf(own.house)}\n\n` +
      `${stores.map(textOf).join('\n\n')}\n` +
      `${house.remote === null ? '\nno bucket is configured: backups do not leave this machine\n' : ''}`,
  };
}

function liveHead(database: string): TailHead | null {
  if (!existsSync(database)) return null;
  const source = new SqliteTail(database);
  try {
    return source.begin();
  } finally {
    source.end();
    source.close();
  }
}

async function statusOf(
  store: ObjectStore,
  own: OwnBooks | null,
  head: { readonly batch: number; readonly at: number } | null,
  now: number,
): Promise<StoreStatus> {
  const all = await listSnapshots(store);
  const residents = await residentsOf(store, own);
  const isOther = ({ house }: Resident): boolean => own !== null && house !== own.house;
  const ours = residents.filter((resident) => !isOther(resident));
  const whole = inOrder(ours.flatMap(({ snapshots }) => snapshots));
  const newest = whole.at(-1);
  const segments = ours.flatMap(({ tails }) => tails.flatMap((tail) => tail.segments));
  const last = segments.at(-1);
  const faults = all
    .filter((snapshot) => !isWhole(snapshot))
    .map((snapshot) => (snapshot as { damaged: string }).damaged);
  if (newest === undefined) faults.push(own === null ? 'no snapshot' : 'no snapshot of this house');
  else if (now - newest.at > SNAPSHOT_AGE_MS_MAX)
    faults.push(`the newest snapshot is ${ageOf(now - newest.at)} old`);
  const header =
    last === undefined
      ? null
      : await readSegment(store, last).then(
          (segment) => segment.header,
          (error: Error) => {
            faults.push(error.message);
            return null;
          },
        );
  const reached = Math.max(header?.to.ledger.batch ?? 0, newest?.ledger.batch ?? 0);
  if (
    head !== null &&
    head.batch > reached &&
    now - Math.max(header?.at ?? 0, newest?.at ?? 0) > TAIL_LAG_MS_MAX
  )
    faults.push(`the tail is ${head.batch - reached} batches behind the ledger`);
  const hole = own === null ? null : await holeIn(store, own).catch(messageOf);
  if (hole !== null) faults.push(`${hole}: a restore would stop before it`);
  return {
    store: store.name,
    others: residents.filter(isOther).map(residentText),
    snapshots: whole.length,
    faults,
    bytes: whole.reduce((sum, { parts }) => sum + parts.reduce((size, part) => size + part.bytes, 0), 0),
    newest: newest === undefined ? null : { id: newest.id, at: newest.at, batch: newest.ledger.batch },
    tail:
      header === null ? null : { segments: segments.length, batch: header.to.ledger.batch, at: header.at },
  };
}

function textOf({ store, others, snapshots, bytes, newest, tail, faults }: StoreStatus): string {
  const reach = ({ at, batch }: { readonly at: number; readonly batch: number }): string =>
    `${ageOf(Date.now() - at)} old, up to batch ${batch}`;
  return [
    store,
    `  ${counted(snapshots, 'snapshot')}, ${(bytes / 1e6).toFixed(1)} MB` +
      (newest === null ? '' : `; the newest is ${newest.id}, ${reach(newest)}`),
    tail === null ? '  no tail' : `  tail of ${counted(tail.segments, 'segment')}, ${reach(tail)}`,
    ...others.map((other) => `  not counted: ${other}`),
    ...faults.map((fault) => `  ERROR: ${fault}`),
  ].join('\n');
}

const ageOf = (ms: number): string =>
  ms < 120_000
    ? `${(ms / 1000).toFixed(1)} s`
    : ms < 7_200_000
      ? `${Math.round(ms / 60_000)} min`
      : `${(ms / 3_600_000).toFixed(1)} h`;
