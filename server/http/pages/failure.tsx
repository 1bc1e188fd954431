import { Html } from '@elysiajs/html';
import { ErrorPage } from '../../../views/page/error.tsx';
import { page, type Caller } from './visit.tsx';

export const notFound = (caller: Caller): Response =>
  page(caller, {
    title: 'Not found',
    section: 'none',
    status: 404,
    children: (
      <ErrorPage
        status={404}
        title="Page not found"
        text="The page may have moved, or the address is mistyped."
      />
    ),
  });

export const failed = (caller: Caller): Response =>
  page(caller, {
    title: 'Something went wrong',
    section: 'none',
    status: 500,
    children: (
      <ErrorPage
        status={500}
        title="Something went wrong on our side"
        text="Your balance and bets are unchanged. Try again in a moment."
      />
    ),
  });
