import { expect } from 'bun:test';
import { playOn } from './account.ts';
import { BROUGHT, firstDeploy, type Step } from './step.ts';
import { BAD, archiveOf, FIRST, NAME, NEW_NAME, NEXT, type Pair } from './pair.ts';
import type { Machine } from './machine.ts';
import { Player } from './player.ts';

/** Columns and health that take a test not so long; the rules are the same. */
const QUICK = 'WINDOW_MS=1000\nCOLUMNS_AHEAD=5\nBREAKER_HYSTERESIS_MS=2000\nSOCKETS_MAX=500\n';
const SSH_PORT = 2222;
const EDGE = 'curl --silent --unix-socket /run/tapgrid-edge-1/http.sock http://x';

/** What a house goes through on its first machine. @param pair gives the machines, once they are made. */
export function firstMachine(pair: () => Pair): readonly Step[] {
  const player = (): Player => pair().player!;

  return [
    [
      'install, on both machines: the release is verified, the machine made, and nothing is left to do',
      async () => {
        const { one, two, outside } = pair();
        const install = (machine: Machine): Promise<string> => {
          const looked = machine.block('Install', 'sha256sum');
          return machine.saying(`${looked}\n${looked.split('\n').at(-2)!.replace(' --dry-run', ' --redis')}`);
        };
        const said = await Promise.all([install(one), install(two)]);
        for (const text of said) expect(text).toMatch(/\n\d\d changes made\.\n$/);
        // Nobody sets the clock of a machine that a test boots.
        for (const machine of [one, two])
          machine.say('mkdir -p /run/systemd/timesync && touch /run/systemd/timesync/synchronized');
        outside.makeKey('key-one', 'secret-of-key-one');
        one.say(
          one.block('Install', 'OUR-BUCKET', {
            'OUR-BUCKET': outside.bucket,
            'OUR-REGION': 'us-east-1',
            'OUR-KEY-ID': 'key-one',
            'OUR-SECRET': 'secret-of-key-one',
          }),
        );
        one.say(`printf '%s' '${QUICK}FEED_URLS=${await outside.feedUrls()}\n' >>/etc/tapgrid/tapgrid.env`);
      },
    ],

    [
      'the first release goes into service, an operator has a token, the jobs end well, a trader plays',
      async () => {
        const { one, outside } = pair();
        expect(one.say(firstDeploy(one))).toContain(`${FIRST} is in service`);
        one.say('umask 077; tapgrid operators add ANN >~/.tapgrid-token');
        outside.lead([NAME], one.number, one.say('cat /etc/tapgrid/tls/fullchain.pem'));
        await one.untilPlay();
        pair().player = await Player.begin(`https://${NAME}`, outside.ask);
        await playOn(one, player());
        await one.until('the first backup', '[ -e /var/lib/tapgrid/jobs/backup.success ]');
        expect(one.say('find /var/lib/tapgrid/jobs -name "*.failed"')).toBe('');
      },
    ],

    [
      'another release, which has no edges: units, sockets and proxy follow, the trader plays on',
      async () => {
        const { one } = pair();
        expect(shapeOf(one)).toEqual(WITH_EDGES);
        const said = one.say(one.block('Upgrade', 'deploy.sh /root', { ...BROUGHT, VERSION: NEXT }));
        expect(said).toContain(`${NEXT} is in service`);
        expect(said).toContain(`* ${NEXT}`);
        expect(shapeOf(one)).toEqual(WITHOUT_EDGES);
        await playOn(one, player());
      },
    ],

    [
      'a bad release is refused after its rehearsal, and taken back where there was none',
      async () => {
        const { one } = pair();
        const before = one.say('systemctl show --value -p MainPID tapgrid');
        const deploy = `/opt/tapgrid/current/deploy/deploy.sh ${archiveOf(BAD)} 2>&1`;
        expect(one.say(deploy, 1)).toMatch(/the rehearsal failed[;:] nothing was changed/);
        expect(one.say('systemctl show --value -p MainPID tapgrid')).toBe(before);
        expect(one.say(`${deploy} --no-rehearsal`, 1)).toContain(`${BAD} is not in service; ${NEXT} is`);
        // Its edge may wait on for an engine until systemd ends it: these scripts know of none.
        expect(shapeOf(one)).toEqual({ ...WITHOUT_EDGES, running: expect.any(String) });
        await playOn(one, player());
      },
    ],

    [
      'a rollback, by a release that knows nothing of edges to one that has them',
      async () => {
        const { one } = pair();
        expect(one.say(one.block('Roll back', '--rollback'))).toContain(`${FIRST} is in service`);
        expect(shapeOf(one)).toEqual(WITH_EDGES);
        expect(one.say(`${EDGE}/version | jq --raw-output .version`)).toBe(`${FIRST}\n`);
        expect(one.doctor().found.filter(({ name }) => name === 'edges')).toMatchObject([{ state: 'well' }]);
        await playOn(one, player());
      },
    ],

    [
      'all keys are changed with ssh on another port, which stays open; the old key of the bucket goes',
      async () => {
        const { one, outside } = pair();
        const banner = (): string =>
          outside.run(
            `timeout 10 bash -c 'exec 3<>/dev/tcp/10.1.${one.number}.1/${SSH_PORT}; head -n 1 <&3'`,
          );
        one.say(
          `echo Port ${SSH_PORT} >/etc/ssh/sshd_config.d/port.conf && systemctl restart ssh
       /root/release/deploy/provision.sh --ssh-port ${SSH_PORT}`,
        );
        expect(banner()).toStartWith('SSH-2.0-');
        one.say(one.block('Key rotation', 'REDIS_URL'));
        outside.makeKey('key-two', 'secret-of-key-two');
        const words = { 'ANOTHER-KEY-ID': 'key-two', 'ANOTHER-SECRET': 'secret-of-key-two' };
        one.say(one.block('Key rotation', 'ANOTHER-SECRET', words));
        outside.dropKey('key-one');
        one.say('systemctl start tapgrid-backup');
        expect(banner()).toStartWith('SSH-2.0-');
        await playOn(one, player());
        expect(one.doctor().found.filter(({ name, state }) => name === 'redis' && state !== 'well')).toEqual(
          [],
        );
      },
    ],

    [
      'another name: the old one leads to it, the account plays on under it',
      async () => {
        const { one, outside } = pair();
        const script = one.block('Rename the house', 'rename.sh').replaceAll(' --certificate', '');
        expect(one.say(script)).toContain(`the house is https://${NEW_NAME}; redirected to it: ${NAME}`);
        outside.lead(
          [NAME, NEW_NAME],
          one.number,
          one.say(`cat /etc/tapgrid/tls/fullchain.pem /etc/tapgrid/tls/${NAME}/fullchain.pem`),
        );
        // Under the old one a program is told so, and nothing is taken.
        expect(await player().refusal()).toBe('no_board');
        player().at(`https://${NEW_NAME}`);
        await playOn(one, player());
        const { status, headers } = await outside.ask(`https://${NAME}/rules`, { redirect: 'manual' });
        expect([status, headers.get('location')]).toEqual([308, `https://${NEW_NAME}/rules`]);
      },
    ],
  ];
}

/** Which processes serve people, where, and whom the proxy asks. */
function shapeOf(machine: Machine): Record<'running' | 'enabled' | 'leadsTo' | 'asked', string> {
  const said = (script: string): string => machine.say(script).trim();
  return {
    running: said("systemctl list-units --no-legend --plain 'tapgrid-edge@*' | awk '{print $1, $3}'"),
    enabled: said('cd /etc/systemd/system; ls . tapgrid.service.wants 2>/dev/null | grep edge || true'),
    leadsTo: said('readlink /run/tapgrid/http.sock || true'),
    asked: said("nginx -T 2>/dev/null | sed -n 's/^ *server unix:\\(.*\\.sock\\).*/\\1/p'"),
  };
}

const WITH_EDGES = {
  running: 'tapgrid-edge@1.service active',
  enabled: 'tapgrid-edge@.service\ntapgrid-edge@.service.d\ntapgrid-edge@1.service',
  leadsTo: '/run/tapgrid-edge-1/http.sock',
  asked: '/run/tapgrid-edge-1/http.sock\n/run/tapgrid/http.sock\n/run/tapgrid/ops.sock',
};
const WITHOUT_EDGES = {
  running: '',
  enabled: '',
  leadsTo: '',
  asked: '/run/tapgrid/http.sock\n/run/tapgrid/http.sock',
};
