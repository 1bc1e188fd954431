import { readOperatorOrder } from '../../game/operator.ts';
import { backTo, fieldsOf } from './form.ts';
import type { OpsDeps, OpsCaller } from './deps.ts';

/**
 * The hand switch: the name is that of the session, the id that of the form, so that a form sent twice counts
 * once.
 */
const switchTo =
  (what: 'halt' | 'resume' | 'cancel-maintenance') =>
  async (deps: OpsDeps, { request, who }: OpsCaller): Promise<Response> => {
    const form = await fieldsOf(request);
    const order = readOperatorOrder({
      id: form?.get('id'),
      operator: who.name,
      reason: form?.get('reason'),
      deed: { what },
    });
    if (typeof order === 'string') return backTo(`/ops?said=${encodeURIComponent(order)}`);
    const answer = await deps.operator.act(order, who);
    deps.log.info(
      { operator: who.name, what, reason: order.reason, answer: 'done' in answer ? 'done' : answer.refused },
      'an operator used the switch',
    );
    return backTo('done' in answer ? '/ops' : `/ops?said=${encodeURIComponent(answer.message)}`);
  };

/** Somebody takes back what waits, their own order or another's. */
export async function dismissForm(deps: OpsDeps, { request, who }: OpsCaller): Promise<Response> {
  const waiting = (await fieldsOf(request))?.get('id') ?? '';
  const order = readOperatorOrder({
    id: deps.newId(),
    operator: who.name,
    reason: 'dismissed on the page',
    deed: { what: 'dismiss', order: waiting },
  });
  if (typeof order === 'string') return backTo(`/ops?said=${encodeURIComponent(order)}`);
  const answer = await deps.operator.act(order, who);
  return backTo('done' in answer ? '/ops' : `/ops?said=${encodeURIComponent(answer.message)}`);
}

/** A second person says yes to what a first one ordered. */
export async function approveForm(deps: OpsDeps, { request, who }: OpsCaller): Promise<Response> {
  const id = (await fieldsOf(request))?.get('id') ?? '';
  const answer = await deps.operator.approve(id, who);
  deps.log.info(
    { operator: who.name, id, answer: 'done' in answer ? 'done' : answer.refused },
    'an operator approved an order',
  );
  return backTo('done' in answer ? '/ops' : `/ops?said=${encodeURIComponent(answer.message)}`);
}

export const haltForm = switchTo('halt');
export const resumeForm = switchTo('resume');
export const cancelMaintenanceForm = switchTo('cancel-maintenance');
