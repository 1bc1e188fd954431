import type { Database } from 'bun:sqlite';
import type { Maintenance } from '../game/maintenance.ts';
import { prepare } from './database.ts';

interface PlanRow {
  readonly seq: number;
  readonly what: 'plan-maintenance' | 'cancel-maintenance';
  readonly target: string;
  readonly detail: string;
  readonly reason: string;
}

/**
 * Reads the maintenance that was announced last, unless it was cancelled, or ended by a resume after it
 * began. The clock decides whether it is over.
 */
export function plannedMaintenance(db: Database): () => Maintenance | null {
  const newest = prepare<PlanRow>(
    db,
    `SELECT seq, what, target, detail, reason FROM operator_actions
    WHERE what = 'plan-maintenance' OR what = 'cancel-maintenance' ORDER BY seq DESC LIMIT 1`,
  );
  const resumed = prepare<{ seq: number }>(
    db,
    `SELECT seq FROM operator_actions
    WHERE (what = 'halt' OR what = 'resume') AND what = 'resume' AND seq > $1 AND at >= $2 LIMIT 1`,
  );
  return () => {
    const plan = newest.get();
    if (plan === null || plan.what === 'cancel-maintenance') return null;
    const from = Number(plan.target);
    if (resumed.get(plan.seq, from) !== null) return null;
    return { from, until: Number(plan.detail), reason: plan.reason };
  };
}
