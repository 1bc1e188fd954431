import { all, within } from '../page/element.js';
import { onDemand } from '../page/on-demand.js';

/** What `verifier.js` found. @typedef {import('./verifier.d.ts').Finding} Finding */

/**
 * The verifier in a page: reads the receipt, lets it be checked, and shows each step as it passes or fails.
 * @param {HTMLElement} section
 */
export function wireCheck(section) {
  const begin = /** @type {HTMLButtonElement} */ (within(section, '[data-begin]'));
  const file = /** @type {HTMLInputElement} */ (within(section, '[data-file]'));
  const { betId = '', cell = '', currency = '', stake = '', status = '', payout = '' } = section.dataset;
  const onPage = { betId, cell, currency, stake, status, payout };
  const url = new URL(section.dataset.check ?? '', location.href).href;
  begin.disabled = file.disabled = false;
  begin.addEventListener('click', () => run(section, ({ HOUSE }) => HOUSE.json(url), onPage));
  file.addEventListener('change', () => {
    const [kept] = file.files ?? [];
    if (kept) run(section, () => readFile(kept), null);
    file.value = '';
  });
}

/**
 * @typedef {import('./verifier.d.ts').Verifier} Verifier
 * @param {HTMLElement} section @param {(verifier: Verifier) => Promise<unknown>} read
 * @param {import('./verifier.d.ts').OnPage | null} onPage
 */
async function run(section, read, onPage) {
  if (section.dataset.state === 'running') return;
  clear(section);
  try {
    if (!globalThis.crypto?.subtle) throw new Error(NO_CRYPTOGRAPHY);
    say(section, 'Fetching the verifier …');
    /** @type {Verifier} */
    const verifier = await onDemand('verifier.js');
    const receipt = await read(verifier);
    const { verdict, findings } = await verifier.checkHere({
      receipt,
      house: location.origin,
      onPage,
      progress: (answers) => say(section, `Comparing it with what the house publishes: ${answers} answers …`),
    });
    await showAll(section, findings);
    finish(section, verdict, sentenceOf(verdict, findings, receipt));
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    finish(section, 'stopped', `It could not be checked. ${message}`);
  }
}

const NO_CRYPTOGRAPHY =
  'Browsers check signatures only on pages that came over https. Download the file and check it with the ' +
  'command below.';
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** @param {File} file @returns {Promise<unknown>} */
async function readFile(file) {
  if (file.size > FILE_BYTES_MAX) throw new Error('The file is too large for a receipt.');
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new Error('The file is not JSON.');
  }
}

/** @param {HTMLElement} section */
function clear(section) {
  section.dataset.state = 'running';
  for (const step of all('[data-step]', section)) {
    step.hidden = false;
    delete step.dataset.state;
    within(step, 'small').textContent = '';
  }
}

/**
 * One after another, so that eyes can follow; what no finding is about was not needed for this bet.
 * @param {HTMLElement} section @param {readonly Finding[]} findings
 */
async function showAll(section, findings) {
  within(section, '.steps').setAttribute('open', '');
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  for (const step of all('[data-step]', section)) {
    const found = findings.find(({ check }) => check === step.dataset.step);
    step.hidden = found === undefined;
    if (found === undefined) continue;
    const state = found.ok ? 'passes' : found.open ? 'open' : 'fails';
    step.dataset.state = state;
    within(step, 'small').textContent = `${STATES[state]}${found.detail}`;
    if (!isStill && !document.hidden) await new Promise((resolve) => setTimeout(resolve, STEP_SHOWN_MS));
  }
}

const STATES = { passes: 'Passes: ', open: 'Cannot be decided: ', fails: 'Fails: ' };
const STEP_SHOWN_MS = 30;

/** @param {string} verdict @param {readonly Finding[]} findings @param {unknown} receipt that was read */
function sentenceOf(verdict, findings, receipt) {
  const count = findings.length;
  const opened = findings.filter(({ open }) => open).length;
  const failed = findings.filter(({ ok }) => !ok).length - opened;
  const { status } = /** @type {{ status?: string }} */ (receipt ?? {});
  const isOpen = status === 'placed' || status === 'locked';
  const what = isOpen
    ? 'so far the bet is as the rules say'
    : 'the bet was priced, decided and paid by the rules';
  if (verdict === 'holds') return `All ${count} checks pass: ${what}.`;
  if (verdict === 'open') return `No check fails, but ${opened} of ${count} cannot be decided.`;
  return (
    `${failed} of ${count} checks ${failed === 1 ? 'fails' : 'fail'}. What differs is marked in the list. ` +
    'Download the file and keep it: it is your proof.'
  );
}

/** @param {HTMLElement} section @param {string} state @param {string} text */
function finish(section, state, text) {
  section.dataset.state = state;
  say(section, text);
}

/** @param {HTMLElement} section @param {string} text */
function say(section, text) {
  within(section, '.verdict-line').textContent = text;
}
