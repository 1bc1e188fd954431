import { Html } from '@elysiajs/html';
import type { JobState } from '../../server/ports/operations.ts';
import { dayTime, span } from '../clock.ts';

/** The jobs beside the server: when each last ran, and how that ended. */
export function JobsCard({ jobs, at }: { jobs: readonly JobState[]; at: number }): JSX.Element {
  return (
    <section class="card">
      <h2>Jobs</h2>
      <ul class="jobs">
        {jobs.map(({ job, lastRunAt, lastSuccessAt, ok, figures }) => (
          <li class={ok === null ? 'never' : ok ? 'alive' : 'failed'}>
            <span class="name">
              <i class="lamp-dot"></i> <b safe>{job}</b>
            </span>
            <span class="right" safe>{ok === null ? 'never ran' : ok ? `well, ${ago(at, lastSuccessAt)}` : `failed, ${ago(at, lastRunAt)}`}</span>
            <small class="note" safe>{lastSuccessAt === null ? 'No success is on record.' : `Last success ${dayTime(lastSuccessAt)}`}</small>
            {figures.length > 0 && <small class="note" safe>{figures.filter(([name]) => !name.endsWith('timestamp_seconds')).map(([name, value]) => `${name.replaceAll('_', ' ')} ${Number(value.toPrecision(6))}`).join(' · ')}</small>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const ago = (at: number, then: number | null): string => (then === null ? 'never' : at - then < 60_000 ? 'just now' : `${span(at - then)} ago`);
