import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { blocksOf, RUNBOOK } from '../runbook.ts';
import { debianIsPossible, makeDebian, type Debian } from './debian.ts';

/**
 * The whole installation on a Debian that boots: provision.sh and deploy.sh as an operator runs them, then
 * the machine as a trader meets it.
 */

const NAME = 'taps.example';
const BOOTED = blocksOf(await Bun.file(RUNBOOK).text()).filter(({ how }) => how === 'sh booted');
const PROVISION = `/root/release/deploy/provision.sh --server-name ${NAME} --monitoring --bun /root/bun/bun`;
const PAGE = `curl --silent --fail --cacert /etc/tapgrid/tls/fullchain.pem https://${NAME}`;
const IS_READY = `[ "$(${PAGE}/readyz)" = '{"ready":true}' ]`;
/** A copy of the release that ends before it says that it is ready. */
const MAKE_BAD = String.raw`mkdir /root/bad && tar -C /root/release --exclude=./.git --exclude=./.tools --exclude=./coverage -cf - . | tar -C /root/bad -xf - && sed -i 's/notify(.READY=1/process.exit(70);\n  &/' /root/bad/server/main.ts && grep -q 'process.exit(70)' /root/bad/server/main.ts`;
/** Opens a page's socket through the proxy, says so, and says with which code it was closed. */
const WATCH = `cat >/root/watch.ts <<'SCRIPT'
const socket = new WebSocket('wss://${NAME}/live', { headers: { origin: 'https://${NAME}' }, tls: { ca: Bun.file('/etc/tapgrid/tls/fullchain.pem') } });
socket.onmessage = () => { socket.onmessage = null; console.log('open'); };
socket.onclose = ({ code }) => { console.log(code); process.exit(); };
SCRIPT
exec /root/bun/bun /root/watch.ts`;

describe.skipIf(!debianIsPossible)(
  'a machine of its own (root, namespaces, cgroup v2 and the files of Debian 12 needed)',
  () => {
    let debian: Debian;
    beforeAll(async () => {
      debian = await makeDebian();
      await debian.boot();
    }, 600_000);
    afterAll(() => debian?.stop(), 180_000);

    /** What a script says; a failure is shown with all that it said. */
    function say(script: string, exitCode = 0): string {
      const answer = debian.run(script);
      expect({ script, ...answer }).toEqual({ script, ...answer, exitCode });
      return answer.text;
    }

    test('provision.sh makes it what it should be, and finds nothing to do the second time', () => {
      expect(say(PROVISION)).toMatch(/\n\d\d changes made\.\n$/);
      // There are no exchanges here, and whoever runs this may not be allowed to hold as many files open as
      // the unit asks for.
      say(
        "sed -i 's/^FEED=.*/FEED=walk:1/' /etc/tapgrid/tapgrid.env && echo SOCKETS_MAX=500 >>/etc/tapgrid/tapgrid.env",
      );
      expect(say(PROVISION)).toEndWith('\n0 changes made.\n');
      expect(say('systemctl is-active nginx redis-server prometheus prometheus-alertmanager nftables')).toBe(
        'active\n'.repeat(5),
      );
      expect(say('systemctl list-units --failed --no-legend')).toBe('');
    }, 300_000);

    test('kernel settings are applied', () => {
      expect(
        say('cat /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/tcp_syncookies /proc/sys/vm/swappiness'),
      ).toBe('8192\n1\n10\n');
    });

    test('deploy.sh puts the first release into service: the page comes over TLS, the old scheme leads to it, Redis is in use', async () => {
      expect(say('/root/release/deploy/deploy.sh /root/release --version v1')).toContain('v1 is in service');
      const [head, ...body] = say(`${PAGE}/ --write-out '\n%{http_code} %{http_version}'`)
        .split('\n')
        .toReversed();
      expect([head, body.join('\n')]).toEqual(['200 2', expect.stringContaining('</html>')]);
      expect(say(`curl --silent --head http://${NAME}/rules`)).toMatch(
        /^HTTP\/1\.1 308 [\s\S]*\r\nLocation: https:\/\/taps\.example\/rules\r\n/,
      );
      // A busy disk may make it degraded for a moment.
      await debian.until(
        'a healthy house',
        `[ "$(curl --silent --unix-socket /run/tapgrid/operations.sock http://x/healthz | jq --compact-output '[.state, .causes]')" = '["closed",[]]' ]`,
      );
      const key = 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU';
      expect(
        say(`${PAGE}/api/v1/practice --json '{"publicKey":"${key}"}' | jq --raw-output .account.currency`),
      ).toBe('PLAY\n');
      expect(
        Number(say('redis-cli --no-auth-warning -u "$(cat /etc/tapgrid/credentials/REDIS_URL)" dbsize')),
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

    test('an upgrade sends the sockets away with 1012, and the new release goes on', async () => {
      const watcher = debian.spawn(WATCH);
      const lines = watcher.stdout.pipeThrough(new TextDecoderStream()).getReader();
      expect((await lines.read()).value).toBe('open\n');
      expect(say('/root/release/deploy/deploy.sh /root/release --version v2')).toContain('v2 is in service');
      expect((await lines.read()).value).toBe('1012\n');
      say(IS_READY);
      expect(say('readlink /opt/tapgrid/current')).toBe('releases/v2\n');
    }, 300_000);

    test('a bad release is stopped by the rehearsal, and taken back when there was none', () => {
      say(MAKE_BAD);
      const before = say('systemctl show --value -p MainPID tapgrid');
      expect(say('/root/release/deploy/deploy.sh /root/bad --version v3 2>&1', 1)).toContain(
        'the rehearsal failed: nothing was changed',
      );
      expect(say('systemctl show --value -p MainPID tapgrid')).toBe(before);
      expect(say('/root/release/deploy/deploy.sh /root/bad --version v3 --no-rehearsal 2>&1', 1)).toContain(
        'v3 is not in service; v2 is',
      );
      say(IS_READY);
      expect(say('/root/release/deploy/deploy.sh --rollback')).toContain('v1 is in service');
    }, 300_000);

    test('the jobs wait for their time, and each ends well', () => {
      const timers = ['archive', 'backup', 'integrity'].map((job) => `tapgrid-${job}.timer`);
      expect(say(`systemctl is-active ${timers.join(' ')}`)).toBe('active\n'.repeat(3));
      for (const timer of timers)
        expect(say(`systemctl show --value -p NextElapseUSecRealtime ${timer}`)).toMatch(/\d{4}-\d\d-\d\d/);
      for (const job of ['backup', 'integrity', 'archive']) say(`systemctl start tapgrid-${job}`);
      expect(say('systemctl is-active tapgrid-tail')).toBe('active\n');
      expect(
        say(
          `curl -s http://127.0.0.1:9464/metrics | grep --count '^tapgrid_job_last_success_timestamp_seconds{.*} [1-9]'`,
        ),
      ).toBe('3\n');
    }, 300_000);

    test.each(BOOTED.map(({ chapter, script }) => [chapter, script]))(
      'the runbook, %s: %s',
      async (_, script) => {
        // Something to find in the log of the proxy, which is written down after five seconds.
        if (script!.includes('/var/log/nginx/tapgrid.log'))
          say(
            `${PAGE}/api/v1/taps --json '{}' --output /dev/null || true; until grep --quiet /api/v1/taps /var/log/nginx/tapgrid.log; do sleep 0.2; done`,
          );
        say(`set -euo pipefail\n${script!.replaceAll('TAPS.EXAMPLE', NAME)}`);
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
        'systemd-run --quiet --unit=forgotten /root/bun/bun -e "Bun.serve({ port: 8080, fetch: () => new Response() }); Bun.serve({ port: 22, fetch: () => new Response() })"',
      );
      /** Where an answer is expected it may take its time. */
      const from = (where: string, url: string, secondsMax = 60): string =>
        debian.run(
          `${where} curl --silent --output /dev/null --max-time ${secondsMax} --cacert /etc/tapgrid/tls/fullchain.pem --resolve ${NAME}:443:198.51.100.1 --write-out '%{http_code}' ${url}`,
        ).text;
      say(
        'for try in $(seq 600); do curl --silent --output /dev/null http://198.51.100.1:8080/ && exit 0; sleep 0.1; done; exit 1',
      );
      const outside = 'ip netns exec outside';
      expect(
        [`https://${NAME}/readyz`, 'http://198.51.100.1:22/'].map((url) => from(outside, url, 30)),
      ).toEqual(['200', '200']);
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

    test('the doctor finds nothing wrong but the clock that is not its own', () => {
      const found = JSON.parse(debian.run('tapgrid-run scripts/tapgrid.ts doctor --json').text) as {
        name: string;
        state: string;
        says: string;
      }[];
      expect(found.filter(({ name, state }) => state === 'wrong' && name !== 'clock')).toEqual([]);
    }, 300_000);

    test('the operator’s page opens to the token that was made', () => {
      const page = `curl --silent --cacert /etc/tapgrid/tls/fullchain.pem --header 'Origin: https://${NAME}' --cookie-jar /root/cookies --cookie /root/cookies https://${NAME}/ops`;
      expect(say(`${page} --output /dev/null --write-out '%{http_code}'`)).toBe('401');
      expect(
        say(
          `${page}/sign-in --data name=Ann --data-urlencode "password=$(cat /etc/tapgrid/credentials/OPERATOR_TOKEN)" --output /dev/null --write-out '%{http_code}'`,
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
      say('tapgrid-run scripts/verify-ledger.ts');
    }, 300_000);
  },
);
