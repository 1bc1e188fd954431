/**
 * The server's metrics by name and labels, as they stand in the text. @param socket where the server answers
 * its operator.
 */
export async function readMetrics(socket: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch('http://operations/metrics', { unix: socket });
  if (!response.ok) throw new Error(`no metrics: ${response.status}`);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}
