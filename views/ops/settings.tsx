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
        As this process was started with them. What was set stands out; secrets are not shown. They are
        changed in the file of settings, and count from the next start on.
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
