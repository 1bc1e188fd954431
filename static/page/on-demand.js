/**
 * Where something lies that the page fetches when it is first needed: beside the module that asks for it.
 * @param {string} name `watch.js`
 */
export const besides = (name) => new URL(name, import.meta.url).href;

/** A module of its own. @param {string} name as of {@link besides} */
export const onDemand = (name) => import(besides(name));
