import { REJECTIONS } from '../game/rejection.ts';
import { docsCss } from './api-docs-style.ts';
import { ANY_ORIGIN } from './cross-origin.ts';
import { guide, type GuideDeps } from './guide/guide.ts';
import { html, prose, type Html } from './html.ts';
import type { OpenapiDocument, OpenapiOperation } from './openapi.ts';
import { Prepared } from './prepared.ts';

const CSP =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const CACHE = 'public, max-age=300';

/** The document as a page for people: plain HTML, no script. */
export const docsPage = (document: OpenapiDocument, deps: GuideDeps): Prepared =>
  new Prepared(String(page(document, guide(deps))), {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': CSP,
    'cache-control': CACHE,
  });

export const docsStyle = (): Prepared =>
  new Prepared(docsCss, { 'content-type': 'text/css; charset=utf-8', 'cache-control': CACHE });

/** For programs, on any page. */
export const docsJson = (document: OpenapiDocument): Prepared =>
  new Prepared(JSON.stringify(document), {
    ...ANY_ORIGIN,
    'content-type': 'application/json;charset=utf-8',
    'cache-control': CACHE,
  });

interface Listed {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenapiOperation;
}

function page({ info, paths }: OpenapiDocument, chapters: ReturnType<typeof guide>): Html {
  const calls: Listed[] = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${info.title} API</title><link rel="stylesheet" href="/api/docs.css"></head>
<body>
<header><h1>${info.title} API <small>${info.version}</small></h1>${prose(info.description)}<p><a href="/api/openapi.json">OpenAPI document</a></p></header>
<nav aria-label="Guide"><ul>${chapters.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<nav aria-label="Calls"><ul>${calls.map(({ method, path, operation }) => html`<li><a href="#${operation.operationId}"><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code></a></li>`)}<li><a href="#codes">Codes of refusals</a></li></ul></nav>
<main>${chapters.map(({ id, title, body }) => html`<section id="${id}"><h2>${title}</h2>${body}</section>`)}${calls.map(section)}${codes()}</main>
</body>
</html>
`;
}

function section({ method, path, operation }: Listed): Html {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  return html`<section id="${operationId}">
<h2><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code></h2>
<p class="title">${summary} <em>${accessOf(operation)}</em></p>${prose(description)}
${parameters.length === 0 ? '' : html`<h3>Parameters</h3><dl>${parameters.map((one) => html`<dt><code>${one.name}</code>${one.required ? '' : ' optional'}</dt><dd>${one.description ?? `in the ${one.in}`}</dd>`)}</dl>`}
${requestBody ? html`<h3>Body</h3>${contents(requestBody.content)}` : ''}
${operation['x-messages'] ? Object.entries(operation['x-messages']).map(([direction, messages]) => html`<h3>Messages ${direction}</h3>${Object.entries(messages).map(([name, message]) => html`<p><code>${name}</code> ${message.about}</p>${contents({ [name]: message })}`)}`) : ''}
${Object.entries(responses).map(([status, { description: about, content }]) => html`<h3>${status}</h3>${prose(about)}${content ? contents(content) : ''}`)}
</section>
`;
}

function accessOf({ security }: OpenapiOperation): string {
  if (security.length === 0) return 'public';
  return security.some((one) => Object.keys(one).length === 0)
    ? 'public; shows more with a session'
    : 'needs a session';
}

function contents(content: NonNullable<OpenapiOperation['responses'][string]['content']>): Html[] {
  return Object.entries(content).map(([type, { schema, example, examples }]) => {
    const shown = examples
      ? Object.values(examples)
          .map(({ value }) => JSON.stringify(value))
          .join('\n')
      : typeof example === 'string'
        ? example
        : JSON.stringify(example, null, 2);
    const isReference = typeof schema === 'object' && schema !== null && '$ref' in schema;
    const text = JSON.stringify(schema, null, 2);
    const more = html`<details><summary>Schema of ${type}</summary><pre tabindex="0">${text}</pre></details>`;
    return html`<pre tabindex="0">${shown}</pre>${isReference ? '' : more}`;
  });
}

const codes = (): Html => html`<section id="codes"><h2>Error codes</h2><p>In order of precedence.</p>
<table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead>
<tbody>${REJECTIONS.map(([code, status, message]) => html`<tr><td><code>${code}</code></td><td>${String(status)}</td><td>${message}</td></tr>`)}</tbody></table></section>`;
