import { Html } from '@elysiajs/html';
import { HEADLINE_CAP, HEADLINE_EDGE, type HeadlineNotice } from '../../server/game/headline.ts';
import { Moment } from '../moment.tsx';

/** An entry of the news calendar that is near, or around which cells are sold on its terms now. */
export function HeadlineBanner({ notice }: { notice: HeadlineNotice | null }): JSX.Element {
  if (notice === null) return '';
  const { at, name, from, until, running } = notice;
  const cap = `up to ${HEADLINE_CAP / 100}×`;
  const edge = `edge ${HEADLINE_EDGE * 100}\u00a0points wider`;
  // On a phone two lines: what it is, and below it when, or what holds until when.
  return (
    <p class="banner warn headline">
      <span class="news-line">
        <b>News</b> <span safe>{name}</span>
      </span>{' '}
      {running ? (
        <span class="news-line">
          <span class="more">
            <Moment at={at} as="hour" bare />
            <span safe>{` — ${edge}, `}</span>
          </span>
          <span safe>{`${cap} until `}</span>
          <Moment at={until} as="hour" />
        </span>
      ) : (
        <span class="news-line">
          <Moment at={at} as="near" bare />
          <span class="more">
            {' — from '}
            <Moment at={from} as="hour" />
            <span safe>{`: ${edge}, ${cap}`}</span>
          </span>
        </span>
      )}
    </p>
  );
}
