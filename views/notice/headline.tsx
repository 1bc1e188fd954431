import { Html } from '@elysiajs/html';
import { HEADLINE_CAP, HEADLINE_EDGE, type HeadlineNotice } from '../../server/game/headline.ts';
import { Moment } from '../moment.tsx';

/** An entry of the news calendar that is near, or around which cells are sold on its terms now. */
export function HeadlineBanner({ notice }: { notice: HeadlineNotice | null }): JSX.Element {
  if (notice === null) return '';
  const { at, name, from, until, running } = notice;
  const cap = `at most ${HEADLINE_CAP / 100}×`;
  const edge = `edge ${HEADLINE_EDGE * 100}\u00a0points wider`;
  return (
    <p class="banner warn headline">
      <b safe>{running ? `News, ${cap}` : 'News'}</b> <span safe>{name}</span>{' '}
      <Moment at={at} as="near" bare />
      <span class="more">
        <span safe>{running ? ` — ${edge} until ` : ` — from `}</span>
        {running ? <Moment at={until} as="hour" /> : <Moment at={from} as="hour" />}
        <span safe>{running ? '' : `: ${edge}, ${cap}`}</span>
      </span>
    </p>
  );
}
