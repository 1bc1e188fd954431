import { Html } from '@elysiajs/html';
import { sameName } from '../../server/game/operator.ts';
import type { WaitingOrder, Who } from '../../server/ports/operator.ts';
import { span } from '../clock.ts';
import { orderText } from './deed.ts';

/** Orders that need a second person: what, who requested it, why, and the button for somebody else. */
export function WaitingCard({
  waiting,
  who,
  at,
}: {
  waiting: readonly WaitingOrder[];
  who: Who;
  at: number;
}): JSX.Element {
  return (
    <section class="card waiting">
      <h2>Needs a second person</h2>
      <ul class="actions">
        {waiting.map(({ order, since, until }) => (
          <li>
            <b safe>{orderText(order)}</b> <span safe>{order.reason}</span>
            <small safe>
              {`${order.operator} · ${span(at - since)} · expires in ${span(until - at)} · ${order.id}`}
            </small>
            <form method="post" action="/ops/approve">
              <input type="hidden" name="id" value={order.id} />
              {who.proven && !sameName(who.name, order.operator) && (
                <button type="submit" class="button small">
                  Approve
                </button>
              )}
              <button type="submit" class="button small plain" formaction="/ops/dismiss">
                Dismiss
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
