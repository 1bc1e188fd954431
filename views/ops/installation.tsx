import { Html } from '@elysiajs/html';
import type { Installation } from '../../server/ports/operations.ts';
import { ago, dayTime, span } from '../clock.ts';

const COMMIT_LENGTH = 12;
const DAY_MS = 86_400_000;

/** What runs here since when, its certificate, where the copies of the books are, and what it leans on. */
export function InstallationCard({
  installation: { build, startedAt, machine, redis, backups },
  at,
}: {
  installation: Installation;
  at: number;
}): JSX.Element {
  return (
    <section class="card">
      <h2>Installation</h2>
      <dl class="facts rows">
        <Fact name="Version" value={build.version} note={builtText(build)} />
        <Fact name="Running" value={span(at - startedAt)} note={`since ${dayTime(startedAt)} UTC`} />
        <Fact
          name="Certificate"
          value={certificateText(machine.certificate, at)}
          note={certificateNote(machine.certificate)}
        />
        <Fact name="Snapshot" value={snapshotText(backups, at)} note={backups.places.join(' and ')} />
        <Fact
          name="Tail"
          value={backups.tailAt === null ? 'never shipped' : `${seconds(at - backups.tailAt)} behind`}
          note="commits not yet in all backup locations"
        />
        <Fact name="Redis" value={redis} />
        <Fact name="Open files" value={openFilesText(machine)} />
      </dl>
      <p class="quiet">
        <a href="/ops/settings">All settings</a>
      </p>
    </section>
  );
}

function Fact({ name, value, note }: { name: string; value: string; note?: string }): JSX.Element {
  return (
    <div>
      <dt safe>{name}</dt>
      <dd>
        <span safe>{value}</span>
        {note !== undefined && note !== '' && <small safe>{note}</small>}
      </dd>
    </div>
  );
}

const builtText = ({ commit, builtAt }: Installation['build']): string =>
  commit === null
    ? 'run from its sources'
    : `commit ${commit.slice(0, COMMIT_LENGTH)}` +
      (builtAt === null ? '' : `, built ${builtAt.slice(0, 16).replace('T', ' ')} UTC`);

type Shown = Installation['machine']['certificate'];

function certificateText(certificate: Shown, at: number): string {
  if (certificate === null) return 'not checked';
  if (typeof certificate === 'string') return 'none found';
  const days = Math.floor((certificate.endsAt - at) / DAY_MS);
  if (days < 0) return `expired ${span(at - certificate.endsAt)} ago`;
  return `expires in ${days} ${days === 1 ? 'day' : 'days'}`;
}

function certificateNote(certificate: Shown): string {
  if (certificate === null) return '';
  if (typeof certificate === 'string') return `the proxy on this machine: ${certificate}`;
  return (
    `${dayTime(certificate.endsAt)} ` +
    `UTC${certificate.ofOurOwn ? ', self-signed: browsers refuse it' : ''}`
  );
}

const snapshotText = ({ snapshotAt, snapshotBytes }: Installation['backups'], at: number): string =>
  snapshotAt === null ? 'none yet' : `${ago(at - snapshotAt)}, ${megabytes(snapshotBytes ?? 0)}`;

const openFilesText = ({ openFiles, openFilesMax }: Installation['machine']): string =>
  openFiles === null
    ? 'not known'
    : `${openFiles} of ${openFilesMax === Infinity ? 'any number' : openFilesMax}`;

const seconds = (ms: number): string => (ms < 120_000 ? `${Math.max(0, Math.round(ms / 1000))} s` : span(ms));
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
