import {
  isClosedBy,
  isRunning,
  maintenanceText,
  readMaintenance,
  type Maintenance,
} from '../../game/maintenance.ts';
import type { BetRecord, History } from '../../ports/history.ts';
import type { ActionRow } from '../../store/rows/action.ts';
import type { Findings } from './findings.ts';

type Planned = Pick<Maintenance, 'from' | 'until'> | null;

const ACTIONS_PER_PAGE = 500;

/**
 * Holds bets against the maintenance that was announced, commit by commit: none reaches into one. Within a
 * commit the order of an action and a bet is not known, so a bet may keep to any of the states that it went
 * through.
 */
export class MaintainedBets {
  #planned: Planned = null;

  /** @param last number of the last action before the part that is walked. */
  constructor(
    private readonly findings: Findings,
    history: Pick<History, 'actionsAfter'>,
    last: number,
  ) {
    for (let seq = 0; seq < last; ) {
      const page = history.actionsAfter(seq, ACTIONS_PER_PAGE).filter((action) => action.seq <= last);
      for (const action of page) this.#planned = plannedAfter(action, this.#planned);
      seq = page.at(-1)?.seq ?? last;
    }
  }

  take(actions: readonly ActionRow[], bets: readonly BetRecord[]): void {
    const states = [this.#planned];
    for (const action of actions) {
      this.#hold(action);
      this.#planned = plannedAfter(action, this.#planned);
      states.push(this.#planned);
    }
    for (const bet of bets) {
      if (!states.every((planned) => planned !== null && isClosedBy(planned, bet, bet.placedAt))) continue;
      this.findings.add(
        'maintenance',
        `bet ${bet.id}`,
        `reaches into that of ${maintenanceText(states.at(-1)!)}`,
      );
    }
  }

  #hold({ what, seq, at, target, detail, before, after }: ActionRow): void {
    if (what !== 'plan-maintenance' && what !== 'cancel-maintenance') return;
    const held = this.#planned !== null && at < this.#planned.until ? this.#planned : null;
    const said = what === 'cancel-maintenance' ? 'none' : `${target}-${detail}`;
    if (before !== maintenanceText(held) || after !== said)
      this.findings.add(
        'maintenance',
        `action ${seq}`,
        `says ${before} → ${after}, before it ${maintenanceText(held)} was announced`,
      );
  }
}

function plannedAfter({ what, at, after }: ActionRow, planned: Planned): Planned {
  if (what === 'plan-maintenance') return readMaintenance(after);
  if (what === 'cancel-maintenance') return null;
  return what === 'resume' && planned !== null && isRunning(planned, at) ? null : planned;
}
