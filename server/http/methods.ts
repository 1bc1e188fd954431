import { PREFLIGHT } from './cross-origin.ts';
import { refusalResponse } from './reply.ts';

interface Route {
  readonly method: string;
  /** Parameters as `:name`. */
  readonly path: string;
}

interface Place {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
  readonly isPublic: boolean;
}

/** Which methods each path takes, and what a request is answered that no route took. */
export class Methods {
  readonly #places: readonly Place[];

  /** @param publicPaths those that scripts of any page may read. */
  constructor(routes: readonly Route[], publicPaths: ReadonlySet<string>) {
    const places = new Map<string, Place>();
    for (const { method, path } of routes) {
      if (path.endsWith('*')) continue;
      const place = places.get(path) ?? {
        pattern: patternOf(path),
        methods: new Set(),
        isPublic: publicPaths.has(path),
      };
      place.methods.add(method);
      if (method === 'GET') place.methods.add('HEAD');
      places.set(path, place);
    }
    this.#places = [...places.values()];
  }

  /**
   * The methods of a path for `OPTIONS`, 405 with `Allow` for any other that it does not take, 404 where
   * nothing is.
   */
  answer({ method, url }: Pick<Request, 'method' | 'url'>): Response {
    const { pathname } = new URL(url);
    const place = this.#at(pathname);
    if (place === null) return this.missing({ url });
    const allow = [...place.methods, 'OPTIONS'].join(', ');
    if (method === 'OPTIONS')
      return new Response(null, {
        status: 204,
        headers: { allow, 'cache-control': 'no-store', ...(place.isPublic && PREFLIGHT) },
      });
    return refusalResponse(
      { code: 'method_not_allowed', message: `This address does not accept ${method}; it accepts ${allow}.` },
      { allow },
    );
  }

  /** 404, and what may have been meant. */
  missing({ url }: Pick<Request, 'url'>): Response {
    return refusalResponse({ code: 'not_found', ...this.#hint(new URL(url).pathname) });
  }

  #at(pathname: string): Place | null {
    return this.#places.find(({ pattern }) => pattern.test(pathname)) ?? null;
  }

  /** An address is read as it is written, to the last slash. */
  #hint(pathname: string): { readonly message?: string } {
    if (/.\/$/.test(pathname) && this.#at(pathname.replace(/\/+$/, '')) !== null)
      return { message: 'Nothing exists at that address; remove the trailing slash.' };
    return pathname.startsWith('/api/')
      ? { message: 'Nothing exists at that address; /api/docs lists the calls.' }
      : {};
  }
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.+]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
