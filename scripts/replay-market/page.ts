import { escaped, returnsChart, type Series } from './chart.ts';
import { lockWords, notesOf, type Report, type Run } from './report.ts';
import { heading, NO_BETS, returnsTable, runSentences, tradersTable, verdict, type Table } from './tables.ts';

const STYLE = `:root{color-scheme:light dark;--ink:#1d2430;--soft:#667085;--line:#d9dee7;--paper:#fff;--quoted:#b3bccb;--on:#2563c9;--off:#d9822b}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf2;--soft:#98a2b5;--line:#333b4a;--paper:#141922;--quoted:#55607a;--on:#6ea0f5;--off:#eda85c}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1.2rem;margin-top:2.5rem}h3{font-size:1rem;margin:1.5rem 0 .25rem}
ul{padding-left:1.2rem;color:var(--soft)}.verdict{font-weight:600}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13px;white-space:nowrap;margin:1rem 0}
th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left}th{color:var(--soft);font-weight:500}
svg{width:100%;height:auto;display:block}.axis{font-size:12px;fill:var(--soft)}.rule{stroke:var(--line)}.even{stroke:var(--ink);stroke-dasharray:4 3}
.quoted{fill:var(--quoted)}.on{fill:var(--on)}.off{fill:var(--off)}.whisker{stroke:var(--ink);stroke-width:1.4;fill:none}
.key span{display:inline-block;margin-right:1.2rem;color:var(--soft)}.key i{display:inline-block;width:.8rem;height:.8rem;margin-right:.35rem;vertical-align:-1px}
.key .quoted{background:var(--quoted)}.key .on{background:var(--on)}.key .off{background:var(--off)}`;

/** The report as one page that needs nothing else: a chart per trader, and the tables of each run. */
export function htmlReport(report: Report): string {
  const { runs, recording } = report;
  return pageOf(
    `Replay of ${recording.file}`,
    `<p class="verdict">${escaped(verdict(report))}</p>
${list(notesOf(report))}
${runs.some(({ bets }) => bets > 0) ? returnsSection(runs) : ''}
${runs.map(runSection).join('\n')}`,
  );
}

/** A page in the style of all replays. @param body HTML */
export const pageOf = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
${body}
</body></html>
`;

const returnsSection = (runs: readonly Run[]): string => `<h2>Promised and paid per multiplier</h2>
<p class="key"><span><i class="quoted"></i>promised</span>${runs.map((run) => `<span><i class="${run.lock}"></i>paid, ${escaped(lockWords(run))}</span>`).join('')}</p>
${chartsOf(runs)}`;

function chartsOf(runs: readonly Run[]): string {
  const [first] = runs;
  return (first?.traders ?? [])
    .map(({ trader, buckets }, seat) => {
      const quoted: Series = {
        name: 'promised',
        tone: 'quoted',
        buckets: buckets.map((bucket) => ({ ...bucket, realised: bucket.quoted, interval: null })),
      };
      const realised = runs.map(
        (run): Series => ({
          name: `paid, ${lockWords(run)}`,
          tone: run.lock,
          buckets: run.traders[seat]?.buckets ?? [],
        }),
      );
      return (
        `<h3>${escaped(trader)}</h3>\n` +
        `${returnsChart(`Promised and paid: ${trader} per multiplier`, [quoted, ...realised])}`
      );
    })
    .join('\n');
}

const runSection = (run: Run): string => `<h2>${escaped(heading(lockWords(run)))}</h2>
${list(runSentences(run))}
${run.bets === 0 ? `<p>${escaped(NO_BETS)}</p>` : `${htmlTable(tradersTable(run))}\n${htmlTable(returnsTable(run))}`}`;

export const list = (sentences: readonly string[]): string =>
  `<ul>${sentences.map((sentence) => `<li>${escaped(sentence)}</li>`).join('')}</ul>`;

export const htmlTable = ({ head, rows }: Table): string =>
  `<div class="scroll"><table><thead><tr>${head.map((cell) => `<th>${escaped(cell)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table></div>`;
