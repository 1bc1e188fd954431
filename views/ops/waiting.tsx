import { Html } from '@elysiajs/html';
import type { WaitingOrder } from '../../server/ports/operator.ts';
import { span } from '../clock.ts';
import { orderText } from './deed.ts';

/** What needs a second pair of eyes: what, who wants it, why, and the button for somebody else. */
export function WaitingCard({ waiting, at }: { waiting: readonly WaitingOrder[]; at: number }): JSX.Element {
  return (
    <section class="card waiting">
      <h2>Needs a second person</h2>
      <ul class="actions">
        {waiting.map(({ order, since }) => (
          <li>
            <b safe>{orderText(order)}</b> <span safe>{order.reason}</span>
            <small safe>{`${order.operator} · ${span(at - since)} · ${order.id}`}</small>
            <form method="post" action="/ops/approve">
              <input type="hidden" name="id" value={order.id} />
              <button type="submit" class="button small">
                Approve
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
