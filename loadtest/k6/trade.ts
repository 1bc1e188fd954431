import { sleep } from 'k6';
import { mine } from './client.ts';

/**
 * One step of a trader: an order of one tap; a user who is turned away waits as long as he is told to, within
 * reason.
 */
export async function trade(): Promise<void> {
  const client = await mine();
  if (client === null) return sleep(1);
  const order = await client.order(1);
  if (order === null) return sleep(0.2);
  const response = client.send(order);
  if (response.status === 503 || response.status === 429)
    sleep(Math.min(5, Number(response.headers['Retry-After'] ?? 1)));
}
