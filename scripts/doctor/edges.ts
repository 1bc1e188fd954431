import { availableParallelism } from 'node:os';
import { edgesOf } from '../../server/compose/places.ts';
import type { Config } from '../../server/config.ts';
import { warn, well, wrong, type Check } from './check.ts';
import { readUnit, RESTARTS_MAX, type Asks, type Unit } from './units.ts';

export interface Edge extends Unit {
  readonly name: string;
}

/**
 * The processes that serve people, as the service manager has them; nothing where it starts none.
 * @param runs whether the engine is at work: without it none of them serves.
 */
export function edges(config: Pick<Config, 'edges'>, ask: Asks, runs: boolean): readonly Check[] {
  const found = edgeUnits(config, ask);
  if (found.length === 0 || !runs) return [];
  const starting = found.filter(isStarting);
  const away = found.filter((edge) => edge.active !== 'active' && !isStarting(edge));
  const restarted = found.filter(({ restarts }) => restarts >= RESTARTS_MAX);
  const forgotten = found.filter(({ startsWithMachine }) => !startsWithMachine);
  if (away.length > 0) {
    const how = away.map(({ name, active, result }) => `${name} (${result === 'success' ? active : result})`);
    const scope = away.length === found.length ? 'nobody is served' : 'the others serve everybody';
    return [
      wrong(
        'edges',
        `not running: ${how.join(', ')}; ${scope}`,
        `systemctl restart ${namesOf(away)}, then journalctl -u '${away[0]!.name}' -n 30.`,
      ),
    ];
  }
  if (starting.length > 0)
    return [warn('edges', `still starting: ${namesOf(starting)}`, 'Wait a few seconds, then look again.')];
  if (restarted.length > 0) {
    const how = restarted.map(({ name, restarts }) => `${name} ${restarts} times`);
    return [
      warn('edges', `systemd had to restart ${how.join(', ')}`, 'See TapgridEdgesLost in the runbook.'),
    ];
  }
  return forgotten.length > 0
    ? [
        warn(
          'edges',
          `will not start with the server: ${namesOf(forgotten)}`,
          'Run /opt/tapgrid/current/deploy/provision.sh.',
        ),
      ]
    : [well('edges', `${found.length} running`)];
}

/** Those that the settings ask for and the service manager knows. */
export function edgeUnits(config: Pick<Config, 'edges'>, ask: Asks): readonly Edge[] {
  const count = Math.max(1, edgesOf(config, availableParallelism()));
  return Array.from({ length: count }, (_, index) => `tapgrid-edge@${index + 1}`).flatMap((name): Edge[] => {
    const unit = readUnit(ask, `${name}.service`);
    return unit === null || !unit.hasProgram ? [] : [{ name, ...unit }];
  });
}

/** For the first time: one that has ended before may end again. */
const isStarting = ({ active, sub, restarts }: Edge): boolean =>
  active === 'activating' && sub === 'start' && restarts === 0;

const namesOf = (some: readonly Edge[]): string => some.map(({ name }) => name).join(' ');
