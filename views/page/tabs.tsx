import { Html } from '@elysiajs/html';
import { IDS } from '../ids.ts';

/** Which page it is. */
export type Section =
  | 'board'
  | 'history'
  | 'statement'
  | 'fairness'
  | 'leaderboard'
  | 'rules'
  | 'account'
  | 'none';

type Place = readonly [name: Section, href: string, label: string];

/** The pages, at the lower edge of a phone: what is needed while playing, and the others behind a summary. */
export function Tabs({
  section,
  openCount,
  showOthers,
}: {
  section: Section;
  openCount: number;
  showOthers: boolean;
}): JSX.Element {
  const isBoard = section === 'board';
  const history: Place = ['history', '/history', 'History'];
  const leaderboard: readonly Place[] = showOthers ? [['leaderboard', '/leaderboard', 'Top']] : [];
  const beside = isBoard && showOthers ? leaderboard : [...leaderboard, history];
  const more: readonly Place[] = [
    ...(beside.includes(history) ? [] : [history]),
    ['statement', '/statement', 'Statement'],
    ['fairness', '/fairness', 'Fairness'],
    ['rules', '/rules', 'Rules'],
  ];
  return (
    <nav class="tabs" aria-label="Pages">
      <Tab place={['board', '/', 'Board']} section={section} />
      {isBoard && (
        <a href={`#${IDS.rail}`}>
          Open · <span id={IDS.openBadge}>{openCount}</span>
        </a>
      )}
      <a href={isBoard ? `#${IDS.today}` : `/#${IDS.today}`}>Today</a>
      {beside.map((place) => (
        <Tab place={place} section={section} />
      ))}
      <details class="more">
        <summary class={more.some(([name]) => name === section) ? 'current' : undefined}>More</summary>
        <div>
          {more.map((place) => (
            <Tab place={place} section={section} />
          ))}
        </div>
      </details>
    </nav>
  );
}

const Tab = ({ place: [name, href, label], section }: { place: Place; section: Section }): JSX.Element => (
  <a href={href} aria-current={name === section ? 'page' : undefined} safe>
    {label}
  </a>
);
