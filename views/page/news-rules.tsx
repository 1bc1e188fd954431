import { Html } from '@elysiajs/html';
import {
  HEADLINE_CAP,
  HEADLINE_EDGE,
  termsFrom,
  termsUntil,
  type Headline,
} from '../../server/game/headline.ts';
import { Moment } from '../moment.tsx';

/** What applies around expected news, and which news is expected. */
export function NewsRules({ headlines }: { headlines: readonly Headline[] }): JSX.Element {
  return (
    <>
      <h2 id="news">Around the news</h2>
      <p safe>
        {'Before and after news that is expected to move the price, the edge of every cell is ' +
          `${HEADLINE_EDGE * 100} percentage points wider and no cell pays more than ` +
          `${HEADLINE_CAP / 100}×. The times are announced here, on every page from an hour before, and at ` +
          '/api/v1/calendar. ' +
          'Bets that are locked by then keep their multiplier; a tap that is still held is locked on the ' +
          'terms of the moment of its lock, and your guard applies.'}
      </p>
      {headlines.length === 0 ? (
        <p>No such news is expected at present.</p>
      ) : (
        <table class="table narrow">
          <thead>
            <tr>
              <th>News</th>
              <th>Expected</th>
              <th>These terms</th>
            </tr>
          </thead>
          <tbody>
            {headlines.map((headline) => (
              <tr>
                <td safe>{headline.name}</td>
                <td>
                  <Moment at={headline.at} as="near" bare />
                </td>
                <td>
                  <Moment at={termsFrom(headline)} as="hour" bare /> –{' '}
                  <Moment at={termsUntil(headline)} as="hour" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
