import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedRelease, packedRelease, packFolder, releaseOf, removeReleases } from '../release.ts';
import { blocksOf, RUNBOOK } from '../runbook.ts';
import { makeDebian, systems, type Debian } from './debian.ts';

/**
 * The whole installation on a machine that boots: provision.sh and deploy.sh as an operator runs them, then
 * the machine as a trader meets it.
 */

const NAME = 'taps.example';
/** Of ten, as systemd counts; 9.6 is a unit without bounds. */
const EXPOSURE_MAX = 4.5;
const BOOTED = blocksOf(await Bun.file(RUNBOOK).text()).filter(({ how }) => how === 'sh booted');
const PROVISION =
  `/root/release/deploy/provision.sh --server-name ${NAME} --monitoring --redis ` +
  '--release-signers /root/brought/signers';
const DEPLOY = 'TAPGRID_SETTLE_SECONDS=2 /root/release/deploy/deploy.sh';
const archiveOf = (version: string): string =>
  `/root/brought/tapgrid-${version}-linux-${process.arch}.tar.gz`;
const PAGE = `curl --silent --fail --cacert /etc/tapgrid/tls/fullchain.pem https://${NAME}`;
const IS_READY = `[ "$(${PAGE}/readyz)" = '{"ready":true}' ]`;
/** The program of the release is Bun as well, when it is told to be. */
const BUN = 'env BUN_BE_BUN=1 /opt/tapgrid/current/tapgrid';
/** Opens a page's socket through the proxy, says so, and says with which code it was closed. */
const WATCH = `cat >/root/watch.ts <<'SCRIPT'
const socket = new WebSocket('wss://${NAME}/live', { headers: { origin: 'https://${NAME}' }, tls: { ca: Bun.file('/etc/tapgrid/tls/fullchain.pem') } });
socket.onmessage = () => { socket.onmessage = null; console.log('open'); };
socket.onclose = ({ code }) => { console.log(code); process.exit(); };
SCRIPT
exec env BUN_BE_BUN=1 "$(readlink -f /opt/tapgrid/current)/tapgrid" /root/watch.ts`;
const REDIS_PASSWORD = "$(sed 's|.*:\\([0-9a-f]*\\)@.*|\\1|' /etc/tapgrid/credentials/REDIS_URL)";
/** A key of the practice account that is asked for, and how it is asked for. */
const KEY = 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU';
const post = (path: string, body: unknown): string =>
  `${PAGE}${path} --header 'content-type: application/json' --data '${JSON.stringify(body)}'`;

/** What operators bring: two signed archives, a folder with a release that falls over, the keys to trust. */
let brought: string;
beforeAll(async () => {
  if (systems.length === 0) return;
  brought = mkdtempSync(join(tmpdir(), 'tapgrid-brought-'));
  const key = join(brought, 'key');
  Bun.spawnSync(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
  writeFileSync(join(brought, 'signers'), `tapgrid ${readFileSync(`${key}.pub`, 'utf8')}`);
  const next = changedRelease('0.1.2', (edit, sources) => {
    edit('deploy/systemd/tapgrid.service', 'TasksMax=256', 'TasksMax=255');
    edit('deploy/systemd/sandbox.conf', 'UMask=0077', 'UMask=0177');
    edit('deploy/nginx/tapgrid.conf', 'send_timeout          15s', 'send_timeout          14s');
    edit('deploy/host/nftables.conf', 'burst 10 packets', 'burst 9 packets');
    edit('deploy/monitoring/rules.yml', 'groups:', '# of 0.1.2\ngroups:');
    const unit =
      '[Unit]\nDescription=new\n\n[Timer]\nOnCalendar=daily\n\n[Install]\nWantedBy=timers.target\n';
    writeFileSync(join(sources, 'deploy/systemd/tapgrid-archive.timer'), unit);
  });
  for (const folder of [await packedRelease('0.1.1', key, true), await packFolder(next, '0.1.2', key)])
    for (const name of readdirSync(folder).filter((name) => /\.(tar\.gz|deb|sha256|sha256\.sig)$/.test(name)))
      cpSync(join(folder, name), join(brought, name));
  const bad = changedRelease('0.1.3', (edit) =>
    edit('server/main.ts', 'notify(`READY=1', 'process.exit(70);\n    notify(`READY=1'),
  );
  cpSync(bad, join(brought, 'bad'), { recursive: true });
}, 300_000);
afterAll(() => {
  if (brought !== undefined) rmSync(brought, { recursive: true, force: true });
  removeReleases();
});

test.skipIf(systems.length > 0)(
  'a machine of its own (root, namespaces, cgroup v2 and the files of a system that is supported)',
  () => {},
);

describe.each(systems.map(({ name, under }) => [name, under]))('%s, booted', (_, under) => {
  let debian: Debian;
  beforeAll(async () => {
    debian = await makeDebian(under, await releaseOf('0.1.1'), brought);
    await debian.boot();
  }, 600_000);
  afterAll(() => debian?.stop(), 180_000);

  /** What a script says; a failure is shown with all that it said. */
  function say(script: string, exitCode = 0): string {
    const answer = debian.run(script);
    expect({ script, ...answer }).toEqual({ script, ...answer, exitCode });
    return answer.text;
  }
  const show = (unit: string, property: string): string =>
    say(`systemctl show ${unit} --value -p ${property}`).trim();

  test('provision.sh makes it what it should be, and finds nothing to do the second time', () => {
    expect(say(PROVISION)).toMatch(/\n\d\d changes made\.\n$/);
    // There is no way out of this machine, and whoever runs this may not hold as many files open as
    // the unit asks for.
    say('echo SOCKETS_MAX=500 >>/etc/tapgrid/tapgrid.env');
    expect(say('/root/release/deploy/provision.sh')).toEndWith('\n0 changes made.\n');
    expect(say('systemctl is-active nginx redis-server prometheus prometheus-alertmanager')).toBe(
      'active\n'.repeat(4),
    );
    expect(say('systemctl is-enabled nftables')).toBe('enabled\n');
    expect(say('nft list chain inet tapgrid input')).toContain('policy drop;');
    expect(say('systemctl list-units --failed --no-legend')).toBe('');
  }, 300_000);

  test('commands are there before a release is in service, so that settings can be seen and a house be restored', () => {
    expect(say('tapgrid settings PUBLIC_ORIGIN')).toBe(`https://${NAME}\n`);
    expect(
      debian.run('tapgrid restore --from /var/backups/tapgrid --to /var/lib/tapgrid/restored'),
    ).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining('no snapshot'),
    });
    // The doctor asks for a release first, and for nothing that hangs on one.
    const found = JSON.parse(debian.run('tapgrid doctor --json').text) as Record<string, string>[];
    expect(found.filter(({ state }) => state === 'wrong').map(({ name, says }) => [name, says])).toEqual([
      ['unit', 'no release is in service'],
    ]);
  });

  test('kernel settings are applied, and security updates install themselves without a reboot', () => {
    expect(
      say('cat /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/tcp_syncookies /proc/sys/vm/swappiness'),
    ).toBe('8192\n1\n10\n');
    const updates = say('apt-config dump');
    for (const line of [
      'APT::Periodic::Unattended-Upgrade "1";',
      'Unattended-Upgrade::Automatic-Reboot "false";',
    ])
      expect(updates).toContain(line);
    expect(
      updates
        .match(/^Unattended-Upgrade::(Origins-Pattern|Allowed-Origins)::.*/gm)!
        .every((line) => /-security|Security/.test(line)),
    ).toBe(true);
  });

  test.each(['nginx', 'prometheus', 'prometheus-alertmanager'])(
    '%s can do little besides its work',
    (unit) => {
      const text = say(`systemd-analyze security --no-pager ${unit}`);
      expect(Number(/exposure level for \S+: ([\d.]+)/.exec(text)?.[1])).toBeLessThan(EXPOSURE_MAX);
    },
  );

  test('deploy.sh puts the first release into service without a price, says so, and it can be given again', () => {
    expect(say(`${DEPLOY} ${archiveOf('0.1.1')}`)).toMatch(
      /0\.1\.1 is in service\n.*NOTES\.md\n[\s\S]*deploy: it says starting: no price yet/,
    );
    say("sed -i 's/^FEED=.*/FEED=walk:1/' /etc/tapgrid/tapgrid.env && systemctl restart tapgrid");
    expect(say(`${DEPLOY} ${archiveOf('0.1.1')}`)).toContain('0.1.1 is already in service');
    expect(say('ls /opt/tapgrid')).toBe('current\nreleases\n');
  }, 300_000);

  test('the timers run at once, each with a time to come', () => {
    for (const timer of ['backup', 'integrity', 'archive'].map((name) => `tapgrid-${name}.timer`))
      expect([timer, show(timer, 'ActiveState'), show(timer, 'NextElapseUSecRealtime') === '']).toEqual([
        timer,
        'active',
        false,
      ]);
    // One that a restart of the house has ended is on its way back.
    say('for _ in $(seq 100); do systemctl is-active --quiet tapgrid-tail && break; sleep 0.2; done');
    expect([show('tapgrid-probe.timer', 'ActiveState'), show('tapgrid-tail', 'ActiveState')]).toEqual([
      'active',
      'active',
    ]);
    expect(
      say('systemctl list-timers --no-legend "tapgrid-*"')
        .trim()
        .split('\n')
        .filter((line) => /^(n\/a|-) /.test(line)),
    ).toEqual([]);
  });

  test('the page comes over TLS, the old scheme leads to it, Redis is in use', async () => {
    await debian.until('the page', IS_READY);
    const [head, ...body] = say(`${PAGE}/ --write-out '\n%{http_code} %{http_version}'`)
      .split('\n')
      .toReversed();
    expect([head, body.join('\n')]).toEqual(['200 2', expect.stringContaining('</html>')]);
    expect(say(`curl --silent --head http://${NAME}/rules`)).toMatch(
      /^HTTP\/1\.1 308 [\s\S]*\r\nLocation: https:\/\/taps\.example\/rules\r\n/,
    );
    expect(say(`${PAGE}/version | jq --raw-output .version`)).toBe('0.1.1\n');
    // A busy disk may make it degraded for a moment.
    await debian.until(
      'a healthy house',
      `[ "$(curl --silent --unix-socket /run/tapgrid/operations.sock http://x/healthz | jq --compact-output '[.state, .causes]')" = '["closed",[]]' ]`,
    );
    expect(say(`${post('/api/v1/practice', { publicKey: KEY })} | jq --raw-output .account.currency`)).toBe(
      'PLAY\n',
    );
    expect(
      Number(say(`redis-cli --no-auth-warning --user tapgrid --pass ${REDIS_PASSWORD} dbsize`)),
    ).toBeGreaterThan(0);
  }, 300_000);

  test('Prometheus sees it through the proxy, with every rule, and has found the Alertmanager', async () => {
    await debian.until(
      'a good scrape',
      `curl -s 'http://127.0.0.1:9090/api/v1/query?query=up\\{job="tapgrid"\\}' | jq --exit-status '.data.result[0].value[1] == "1"'`,
    );
    expect(
      say(
        `curl -s http://127.0.0.1:9090/api/v1/rules | jq --compact-output '[.data.groups[].rules[].health] | [index("err"), length > 25]'`,
      ),
    ).toBe('[null,true]\n');
    await debian.until(
      'the Alertmanager',
      `curl -s http://127.0.0.1:9090/api/v1/alertmanagers | jq --exit-status '.data.activeAlertmanagers | length == 1'`,
    );
  }, 300_000);

  test('an upgrade sends the sockets away with 1012, and units, sandbox, proxy, packet filter and alerts come along', async () => {
    const watcher = debian.spawn(WATCH);
    const lines = watcher.stdout.pipeThrough(new TextDecoderStream()).getReader();
    expect((await lines.read()).value).toBe('open\n');
    expect(say(`${DEPLOY} ${archiveOf('0.1.2')}`)).toContain('0.1.2 is in service');
    expect((await lines.read()).value).toBe('1012\n');
    say(IS_READY);
    expect(what()).toEqual(['0.1.2', '255', '0177', true, true, '1']);
    expect(show('tapgrid-archive.timer', 'Description')).toBe('new');
  }, 300_000);

  /** What is in force of the release, not what stands in files. */
  const what = () => [
    say(`${PAGE}/version | jq --raw-output .version`).trim(),
    show('tapgrid', 'TasksMax'),
    show('tapgrid-backup', 'UMask'),
    say('nginx -T 2>/dev/null').includes('send_timeout          14s'),
    say('nft list chain inet tapgrid input').includes('burst 9 packets'),
    say('grep --count "of 0.1.2" /etc/prometheus/tapgrid-rules.yml || true').trim(),
  ];

  test('a bad release is stopped by the rehearsal, and taken back when there was none', () => {
    const before = show('tapgrid', 'MainPID');
    expect(say(`${DEPLOY} /root/brought/bad 2>&1`, 1)).toContain('it is not signed');
    expect(say(`${DEPLOY} /root/brought/bad --unverified 2>&1`, 1)).toContain(
      'the rehearsal failed; nothing was changed',
    );
    expect(show('tapgrid', 'MainPID')).toBe(before);
    expect(say(`${DEPLOY} /root/brought/bad --unverified --no-rehearsal 2>&1`, 1)).toContain(
      '0.1.3 is not in service; 0.1.2 is',
    );
    say(IS_READY);
    expect(what()).toEqual(['0.1.2', '255', '0177', true, true, '1']);
  }, 300_000);

  test('a rollback takes all of it back', () => {
    expect(say(`${DEPLOY} --rollback`)).toContain('0.1.1 is in service');
    say(IS_READY);
    expect(what()).toEqual(['0.1.1', '256', '0077', false, false, '0']);
    expect(say('grep -v "^#" /etc/tapgrid/installed.sha256 | sha256sum --check --strict --quiet -')).toBe('');
  }, 300_000);

  test('the package brings the same, starts nothing, and its going takes nothing out of service', () => {
    const packages = `/root/brought/tapgrid_0.1.1_${process.arch === 'x64' ? 'amd64' : 'arm64'}.deb`;
    expect(say(`apt-get install --yes ${packages}`)).toContain('run tapgrid-deploy to put it into service');
    expect(say('tapgrid-provision --dry-run')).toEndWith('\n0 changes would be made.\n');
    expect(say('tapgrid-deploy')).toContain('0.1.1 is already in service');
    expect(say('tapgrid-deploy --list')).toMatch(/- 0\.1\.2 \(rolled back\)\n.*\* 0\.1\.1\n/);
    say(`apt-get remove --yes tapgrid && ${IS_READY}`);
  }, 300_000);

  test('what runs beside the house and has failed again and again is started by provision.sh', async () => {
    say(
      'echo "ARGS=--nonsense" >/etc/default/prometheus-alertmanager; systemctl restart prometheus-alertmanager',
    );
    await debian.until('its end', 'systemctl is-failed prometheus-alertmanager');
    say('/root/release/deploy/provision.sh');
    await debian.until('the Alertmanager', 'curl --silent --fail http://127.0.0.1:9093/-/ready');
    expect(say('cat /etc/tapgrid/kept/etc/default/prometheus-alertmanager')).toBe('ARGS=--nonsense\n');
  }, 300_000);

  test('the jobs each end well', async () => {
    for (const job of ['backup', 'integrity', 'archive', 'probe']) say(`systemctl start tapgrid-${job}`);
    expect(say('systemctl is-active tapgrid-tail')).toBe('active\n');
    await debian.until(
      'the probe',
      'grep -q "^tapgrid_probe_last_success_timestamp_seconds [1-9]" /var/lib/tapgrid/jobs/probe.prom',
    );
    expect(
      say(
        `curl -s http://127.0.0.1:9464/metrics | grep --count '^tapgrid_job_last_success_timestamp_seconds{.*} [1-9]'`,
      ),
    ).toBe('3\n');
  }, 300_000);

  test('backups go to another disk once the units may write there, and the doctor asks for it', () => {
    const backups = () =>
      (
        JSON.parse(debian.run('tapgrid doctor --json').text) as {
          name: string;
          state: string;
          says: string;
        }[]
      )
        .filter(({ name }) => name === 'backups')
        .map(({ state, says }) => `${state}: ${says}`)
        .join();
    const goTo = (path: string): string =>
      say(`sed -i 's|^BACKUP_DIR=.*|BACKUP_DIR="${path}"|' /etc/tapgrid/tapgrid.env`);
    say("install -d -m 0700 -o tapgrid -g tapgrid '/srv/another disk'");
    goTo('/srv/another disk');
    expect(backups()).toStartWith('wrong: /srv/another disk is closed to the units');
    expect(say('/root/release/deploy/provision.sh')).toContain('20-backups.conf');
    expect(say('/root/release/deploy/provision.sh')).toEndWith('\n0 changes made.\n');
    say('systemctl restart tapgrid tapgrid-tail && systemctl start tapgrid-backup');
    expect(say("ls '/srv/another disk'")).not.toBe('');
    expect(backups()).not.toStartWith('wrong');
    say('echo DATA_DIR=/srv/books >>/etc/tapgrid/tapgrid.env');
    expect(say('/root/release/deploy/provision.sh --dry-run')).toContain('mount another disk there instead');
    say("sed -i '/^DATA_DIR=/d' /etc/tapgrid/tapgrid.env");
    goTo('/var/backups/tapgrid');
    expect(say('/root/release/deploy/provision.sh')).toContain(
      'remove /etc/systemd/system/tapgrid-.service.d/20-',
    );
    say('systemctl restart tapgrid tapgrid-tail');
  }, 300_000);

  describe('ssh', () => {
    const LOGIN = "export SSH_CONNECTION='198.51.100.2 50000 198.51.100.1 2222'";
    const rules = (): string => say("nft list chain inet tapgrid input | grep 'dport.*accept'");

    test('is moved to another port, and what is run later does not close it', () => {
      say(
        'echo Port 2222 >/etc/ssh/sshd_config.d/port.conf && systemctl try-restart ssh && /root/release/deploy/provision.sh --ssh-port 2222',
      );
      expect(rules()).toContain('tcp dport 2222 accept');
      expect(say('/root/release/deploy/provision.sh')).toEndWith('\n0 changes made.\n');
      say(`${LOGIN}; /root/release/deploy/provision.sh --ssh-port 22`);
      expect(rules()).toContain('tcp dport { 22, 2222 } accept');
    }, 300_000);

    test('takes keys alone only when somebody has one, and goes on with passwords when asked to', () => {
      const settings = () =>
        say("mkdir -p /run/sshd && /usr/sbin/sshd -T | grep -E '^(passwordauthentication|permitrootlogin) '");
      const before = settings();
      expect(say('/root/release/deploy/provision.sh --ssh-keys-only 2>&1', 1)).toContain('ssh key here');
      expect([settings(), say('grep SSH_KEYS_ONLY /etc/tapgrid/machine.conf')]).toEqual([
        before,
        'SSH_KEYS_ONLY=no\n',
      ]);
      say(
        'mkdir -p ~/.ssh && cp /root/brought/key.pub ~/.ssh/authorized_keys && /root/release/deploy/provision.sh --ssh-keys-only',
      );
      expect(settings()).toBe('permitrootlogin without-password\npasswordauthentication no\n');
      say('/root/release/deploy/provision.sh --no-ssh-keys-only');
      expect(settings()).toBe(before);
    }, 300_000);
  });

  test('a rule that was typed in, and tables of others, outlive what is run later', () => {
    say('nft add table inet theirs && nft insert rule inet tapgrid input ip saddr 203.0.113.9 drop');
    say(
      'rm /etc/ssh/sshd_config.d/port.conf && systemctl try-restart ssh && /root/release/deploy/provision.sh --ssh-port 22',
    );
    const all = say('nft list ruleset');
    for (const line of ['table inet theirs', 'ip saddr 203.0.113.9 drop', 'tcp dport 22 accept'])
      expect(all).toContain(line);
  }, 300_000);

  test('a bad rule of the operator is named by provision.sh and the doctor, and a filter that is gone comes back', () => {
    const provision = '/root/release/deploy/provision.sh 2>&1';
    const doctor = (): string =>
      say(`tapgrid doctor --json | jq --raw-output '.[] | select(.name == "firewall").says' || true`).trim();
    say("echo 'ip sadr 203.0.113.9 drop' >/etc/tapgrid/filter.d/bad.nft");
    expect(say(provision, 1)).toContain('the kernel rejects /etc/tapgrid/filter.d/bad.nft');
    expect(doctor()).toStartWith('packet filter: loaded, and the kernel rejects the files: ');
    say('rm /etc/tapgrid/filter.d/bad.nft && nft delete table inet tapgrid');
    expect(doctor()).toBe('packet filter: not loaded');
    expect(say(provision)).toEndWith('\n1 changes made.\n');
    expect([doctor(), say('nft list chain inet tapgrid input').includes('policy drop;')]).toEqual([
      'packet filter: loaded',
      true,
    ]);
  }, 300_000);

  test.each(BOOTED.map(({ chapter, script }) => [chapter, script]))(
    'the runbook, %s: %s',
    async (_, script) => {
      // Something to find in the log of the proxy, which is written down after five seconds.
      if (script!.includes('/var/log/nginx/tapgrid.log'))
        say(
          `${post('/api/v1/taps', {})} --output /dev/null || true; until grep --quiet /api/v1/taps /var/log/nginx/tapgrid.log; do sleep 0.2; done`,
        );
      say(`set -euo pipefail\n${script!.replaceAll('TAPS.EXAMPLE', NAME).replaceAll('VERSION', '0.1.1')}`);
      await debian.until('the server', IS_READY);
      expect(say('systemctl list-units --failed --no-legend')).toBe('');
    },
    300_000,
  );

  test('Redis and the server agree on the new password', async () => {
    await debian.until(
      'Redis',
      `curl --silent --unix-socket /run/tapgrid/operations.sock http://x/healthz | jq --exit-status '[.checks[] | select(.name == "redis" and .state == "ok")] | length == 1'`,
    );
  }, 300_000);

  test('from outside there are the web and ssh, and nothing else', () => {
    say(
      'ip netns add outside && ip link add inner type veth peer name outer netns outside && ip address add 198.51.100.1/24 dev inner && ip link set inner up',
    );
    say(
      'ip netns exec outside sh -c "ip address add 198.51.100.2/24 dev outer && ip link set outer up && ip link set lo up"',
    );
    // Something that was left listening to everybody.
    say(
      `systemd-run --quiet --unit=forgotten ${BUN} -e "Bun.serve({ port: 8080, fetch: () => new Response() })"`,
    );
    /** Where an answer is expected it may take its time. */
    const from = (where: string, url: string, secondsMax = 60): string =>
      debian.run(
        `${where} curl --silent --output /dev/null --max-time ${secondsMax} --cacert /etc/tapgrid/tls/fullchain.pem --resolve ${NAME}:443:198.51.100.1 --write-out '%{http_code}' ${url}`,
      ).text;
    say(
      'for try in $(seq 600); do curl --silent --output /dev/null http://198.51.100.1:8080/ && exit 0; sleep 0.1; done; systemctl status --no-pager forgotten; ss -tlnp; exit 1',
    );
    const outside = 'ip netns exec outside';
    expect(from(outside, `https://${NAME}/readyz`, 30)).toBe('200');
    expect(say(`${outside} timeout 30 bash -c 'exec 3<>/dev/tcp/198.51.100.1/22; head -c 4 <&3'`)).toBe(
      'SSH-',
    );
    expect(
      [`https://${NAME}/metrics`, `https://${NAME}/healthz`].map((url) => from(outside, url, 30)),
    ).toEqual(['404', '404']);
    // No answer at all: not a refusal, which would come at once.
    expect(
      ['http://198.51.100.1:8080/', 'http://198.51.100.1:9090/', 'http://198.51.100.1:6379/'].map((url) =>
        from(outside, url, 2),
      ),
    ).toEqual(['000', '000', '000']);
    say('systemctl stop forgotten');
  }, 300_000);

  test('another name: the page is there, and the old one leads to it', async () => {
    expect(say('/root/release/deploy/rename.sh play.example')).toContain(
      'the house is https://play.example; redirected to it: taps.example',
    );
    const curl = 'curl --silent --cacert';
    expect(say(`${curl} /etc/tapgrid/tls/fullchain.pem https://play.example/readyz`)).toBe('{"ready":true}');
    expect(say('tapgrid settings PUBLIC_ORIGIN')).toBe('https://play.example\n');
    const former = `${curl} /etc/tapgrid/tls/taps.example/fullchain.pem`;
    expect(
      say(
        `${former} --output /dev/null --write-out '%{http_code} %{redirect_url}' https://taps.example/rules`,
      ),
    ).toBe('308 https://play.example/rules');
    expect(
      say(`${former} --output /dev/null --write-out '%{http_code}' https://taps.example/api/v1/grid`),
    ).toBe('421');
    // The probe is a trader too, and signs the new address.
    say('systemctl start tapgrid-probe');
    expect(say("jq --raw-output '.origin, (.bet | type)' /var/lib/tapgrid/probe.json")).toBe(
      'https://play.example\nobject\n',
    );
    // An authority may look whether another name is to be this machine's; nobody else is answered.
    say(
      'mkdir -p /var/lib/tapgrid-acme/.well-known/acme-challenge && echo proof >/var/lib/tapgrid-acme/.well-known/acme-challenge/x',
    );
    expect(
      say('curl --silent --header "Host: third.example" http://127.0.0.1/.well-known/acme-challenge/x'),
    ).toBe('proof\n');
    say('curl --silent --header "Host: third.example" http://127.0.0.1/', 52);
    expect(say('/root/release/deploy/rename.sh taps.example')).toContain(
      'the house is https://taps.example; redirected to it: play.example',
    );
    await debian.until('the page', IS_READY);
  }, 300_000);

  test('the doctor finds nothing wrong but the clock that is not its own', () => {
    const found = JSON.parse(debian.run('tapgrid doctor --json').text) as {
      name: string;
      state: string;
      says: string;
    }[];
    expect(found.filter(({ name, state }) => state === 'wrong' && name !== 'clock')).toEqual([]);
    for (const name of ['installed', 'timers', 'secrets'])
      expect(found.find((one) => one.name === name)).toMatchObject({ name, state: 'well' });
  }, 300_000);

  test('the operator’s page opens to the token that was made, and not to another', () => {
    const page =
      `curl --silent --cacert /etc/tapgrid/tls/fullchain.pem --header 'Origin: https://${NAME}' ` +
      `--cookie-jar /root/cookies --cookie /root/cookies https://${NAME}/ops`;
    expect(say(`${page} --output /dev/null --write-out '%{http_code}'`)).toBe('401');
    expect(
      say(
        `tapgrid operators add ANN >~/.tapgrid-token; ${page}/sign-in --data password=x --output /dev/null --write-out '%{http_code}'`,
      ),
    ).toBe('401');
    expect(
      say(
        `${page}/sign-in --data "password=$(cat ~/.tapgrid-token)" --output /dev/null --write-out '%{http_code}'`,
      ),
    ).toBe('303');
    expect(say(page)).toContain('Taps are taken');
  });

  test('cut off and booted again it serves by itself, with the same books', async () => {
    const before = Number(say(`${PAGE}/api/v1/chain | jq .ledger.batch`));
    await debian.boot();
    await debian.until('the page', IS_READY);
    expect(Number(say(`${PAGE}/api/v1/chain | jq .ledger.batch`))).toBeGreaterThanOrEqual(before);
    expect(say('systemctl list-units --failed --no-legend')).toBe('');
    say('tapgrid verify-ledger');
    expect([
      show('tapgrid-backup.timer', 'ActiveState'),
      say('nft list chain inet tapgrid input').includes('policy drop'),
    ]).toEqual(['active', true]);
  }, 300_000);
});
