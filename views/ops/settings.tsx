import { Html } from '@elysiajs/html';
import type { ShownSetting } from '../../server/ports/operations.ts';

const FROM: Readonly<Record<ShownSetting['from'], string>> = {
  default: 'default',
  environment: 'environment',
  file: 'file of settings',
  credential: 'credential',
};

/** Every setting as it counts, to read: what was set stands out, and no secret is shown. */
export function OpsSettings({ settings }: { settings: readonly ShownSetting[] }): JSX.Element {
  const groups = [...new Set(settings.map(({ group }) => group))];
  return (
    <main id="main" class="page to-read">
      <header class="title">
        <h1>Settings</h1>
      </header>
      <p class="quiet">
        The settings this process started with. Changed ones are highlighted; secrets are hidden. Edit the
        settings file to change them; changes apply at the next start.
      </p>
      {groups.map((group) => (
        <section class="card">
          <h2 safe>{group}</h2>
          <dl class="facts rows">
            {settings
              .filter((one) => one.group === group)
              .map(({ key, value, from }) => (
                <div class={from === 'default' ? 'as-shipped' : 'as-set'}>
                  <dt>
                    <code safe>{key}</code>
                  </dt>
                  <dd>
                    <span safe>{value ?? 'unset'}</span>
                    <small safe>{FROM[from]}</small>
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </main>
  );
}
