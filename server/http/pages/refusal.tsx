import { Html } from '@elysiajs/html';
import { RefusalDocument } from '../../../views/page/refusal.tsx';
import { rejection, type RejectionCode } from '../../game/rejection.ts';
import { refusalResponse, type Refusal, type Refuse } from '../reply.ts';
import type { StaticFiles } from './static.ts';
import { htmlResponse, themeOf } from './visit.tsx';

/** Somebody looks at a page, not a program at a call. */
export const wantsPage = ({ url, headers }: Pick<Request, 'url' | 'headers'>): boolean =>
  !/^\/(?:api\/(?!docs$)|static\/)/.test(new URL(url).pathname) &&
  (headers.get('accept') ?? '').includes('text/html');

/**
 * A refusal as the one who asked reads it: a page for people, one sentence where a form is answered in its
 * place, JSON for programs.
 */
export const refusals =
  (files: StaticFiles): Refuse =>
  (request, refusal) => {
    const plain = refusalResponse(refusal);
    if (!wantsPage(request)) return plain;
    const wait = plain.headers.get('retry-after');
    const [title, text] = wordsOf(refusal, wait);
    const isFragment = request.headers.get('hx-request') !== null;
    const document = isFragment ? (
      <span safe>{text}</span>
    ) : (
      <RefusalDocument
        theme={themeOf(request.headers.get('cookie'))}
        asset={(path) => files.url(path)}
        status={plain.status}
        title={title}
        text={text}
      />
    );
    const page = htmlResponse(request, String(document), plain.status);
    if (wait !== null) page.headers.set('retry-after', wait);
    return page;
  };

const TITLES: Readonly<Partial<Record<RejectionCode, string>>> = {
  rate_limited: 'Too many requests',
  address_blocked: 'Your address is blocked',
  wrong_origin: 'That request came from another site',
  payload_too_large: 'That request is too large',
  internal: 'Something went wrong on our side',
};

/** @param wait whole seconds. */
function wordsOf({ code, message }: Refusal, wait: string | null): readonly [title: string, text: string] {
  const then = wait === null ? '' : ` Try again in ${wait === '1' ? 'a second' : `${wait} seconds`}.`;
  if (code === 'rate_limited')
    return [TITLES[code]!, `Too many requests came from your address. Your bets continue.${then}`];
  return [TITLES[code] ?? 'That was refused', `${message ?? rejection(code).message}${then}`];
}
