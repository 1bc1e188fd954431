import { Html } from '@elysiajs/html';
import { OpsLog } from '../../../views/ops/log.tsx';
import { OpsPage, OpsPanels } from '../../../views/ops/page.tsx';
import { OpsShell } from '../../../views/ops/shell.tsx';
import { OpsSettings } from '../../../views/ops/settings.tsx';
import { StateCard } from '../../../views/ops/switch.tsx';
import { CURRENCIES } from '../../game/money.ts';
import type { Operations } from '../../ports/operations.ts';
import { allCellsOf } from '../all-cells.ts';
import { promisedBy } from '../promised.ts';
import { readCookieText } from '../pages/cookie.ts';
import { BUCKET_EDGES } from '../pages/reading.tsx';
import { htmlResponse } from '../pages/visit.tsx';
import type { OpsDeps, OpsCaller } from './deps.ts';

const RECENT_ACTIONS = 5;
const LOG_ROWS = 50;
const SAID_LENGTH_MAX = 300;

export function opsPage(deps: OpsDeps, caller: OpsCaller): Response {
  const operations = deps.look();
  const said = caller.url.searchParams.get('said')?.slice(0, SAID_LENGTH_MAX) ?? null;
  return shell(
    deps,
    caller,
    'House',
    <OpsPage
      operations={operations}
      {...returnsOf(deps, operations)}
      actions={deps.operatorBooks.actions(null, RECENT_ACTIONS).rows}
      waiting={deps.operatorBooks.waiting(deps.now())}
      who={caller.who}
      said={said}
      formId={deps.newId()}
    />,
  );
}

/** The breaker, for a page that is open. */
export function state(deps: OpsDeps, { request }: OpsCaller): Response {
  return htmlResponse(request, String(<StateCard operations={deps.look()} />));
}

/** What else changes. */
export function panels(deps: OpsDeps, { request, who }: OpsCaller): Response {
  const operations = deps.look();
  return htmlResponse(
    request,
    String(
      <OpsPanels
        operations={operations}
        {...returnsOf(deps, operations)}
        actions={deps.operatorBooks.actions(null, RECENT_ACTIONS).rows}
        waiting={deps.operatorBooks.waiting(deps.now())}
        who={who}
      />,
    ),
  );
}

export function logPage(deps: OpsDeps, caller: OpsCaller): Response {
  const { rows, cursor } = deps.operatorBooks.actions(caller.url.searchParams.get('cursor'), LOG_ROWS);
  return shell(deps, caller, 'Log', <OpsLog actions={rows} cursor={cursor} />);
}

/** To read: they are changed where the server is started. */
export const settingsPage = (deps: OpsDeps, caller: OpsCaller): Response =>
  shell(deps, caller, 'Settings', <OpsSettings settings={deps.settings()} />);

const returnsOf = ({ books }: OpsDeps, { simulated }: Operations) => ({
  buckets: CURRENCIES.map((currency) => ({
    currency,
    buckets: books.returnsByBucket(currency, BUCKET_EDGES),
  })),
  promised: promisedBy(books.lastRevision()?.inputs),
  cells: allCellsOf(books, simulated),
});

function shell(deps: OpsDeps, { request, who }: OpsCaller, title: string, children: JSX.Element): Response {
  const document = (
    <OpsShell
      title={title}
      asset={(path) => deps.files.url(path)}
      theme={readCookieText(request.headers.get('cookie'), 'theme') ?? 'auto'}
      operator={who.name}
    >
      {children}
    </OpsShell>
  );
  return htmlResponse(request, String(document));
}
