import { Html } from '@elysiajs/html';
import { grouped } from '../../server/game/money.ts';
import type { JobState } from '../../server/ports/operations.ts';
import { ago, dayTime, span } from '../clock.ts';

/** The jobs: when each last ran, and with what result. */
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
            <span class="right" safe>
              {ok === null
                ? 'never ran'
                : ok
                  ? `OK, ${since(at, lastSuccessAt)}`
                  : `failed, ${since(at, lastRunAt)}`}
            </span>
            <small class="note" safe>
              {lastSuccessAt === null
                ? 'Has not succeeded yet.'
                : `Last success ${dayTime(lastSuccessAt)} UTC`}
            </small>
            {figures.length > 0 && (
              <small class="note" safe>
                {figures.flatMap(([name, value]) => figureText(name, value)).join(' · ')}
              </small>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/**
 * A figure of a report in words: the unit is the last part of its name, the job the first. Times stand above.
 */
function figureText(name: string, value: number): string[] {
  const words = name.split('_').slice(1);
  const unit = words.at(-1);
  if (name.endsWith('timestamp_seconds')) return [];
  if (name.endsWith('duration_seconds'))
    return [`took ${value < 60 ? `${Number(value.toFixed(1))} s` : span(value * 1000)}`];
  if (unit === 'bytes') return [`${(value / 1e6).toFixed(1)} MB`];
  return [`${words.join(' ')} ${grouped(value)}`];
}

const since = (at: number, then: number | null): string => (then === null ? 'never' : ago(at - then));
