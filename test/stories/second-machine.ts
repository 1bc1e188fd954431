import { expect } from 'bun:test';
import { expectAll, expectBalanced, playOn } from './account.ts';
import { untyped } from './machine.ts';
import { FIRST, NAME, NEW_NAME, type Pair } from './pair.ts';
import type { Player } from './player.ts';
import { firstDeploy, type Step } from './step.ts';

/** Books that are gone stop the house within this time. */
const HALT_MS_MAX = 10_000;

/** How the house comes to its second machine, and what becomes of it there. */
export function secondMachine(pair: () => Pair): readonly Step[] {
  const player = (): Player => pair().player!;
  return [
    [
      'to a second machine, from backups alone: not a micro-dollar and not a bet is lost',
      async () => {
        const { one, two, outside } = pair();
        await player().play(6);
        const said = one.say(one.block('Move to another machine', 'tapgrid halt'));
        const head = /^ledger up to batch (\d+), head (\w+)$/m.exec(said)!;
        one.say(one.block('Move to another machine', '-czf'));
        two.say(
          `umask 077; echo '${one.say('base64 -w 0 /root/house.tar.gz')}' | base64 -d >/root/house.tar.gz`,
        );
        two.say(two.block('Move to another machine', '-xzf'));
        const restored = two.say(
          two.block('Restore from nothing', 'unpacked') +
            two
              .block('Restore from nothing', 'tapgrid restore')
              .replace('--from /var/backups/tapgrid', '--from s3') +
            two.block('Restore from nothing', 'set-aside'),
        );
        expect(restored).toContain(`batch ${head[1]}\nhead ${head[2]}\n`);
        expect(
          two.say(`unset TAPGRID_RELEASE
${firstDeploy(two)}rm -r /opt/tapgrid/unpacked`),
        ).toContain(`${FIRST} is in service`);
        outside.lead(
          [NAME, NEW_NAME],
          two.number,
          two.say(`cat /etc/tapgrid/tls/fullchain.pem /etc/tapgrid/tls/${NAME}/fullchain.pem`),
        );
        const seen = await player().look();
        expect(seen.open).toEqual([]);
        expectAll(seen, player().acknowledged);
        expectBalanced(seen);
        expect(await player().refusal()).toBe('halted');
        two.say(`umask 077; echo '${one.say('cat ~/.tapgrid-token').trim()}' >~/.tapgrid-token`);
        two.say(two.block('Move to another machine', 'resume'));
        await playOn(two, player());
        const { status } = await outside.ask(`https://${NAME}/rules`, { redirect: 'manual' });
        expect(status).toBe(308);
        expect(one.say('systemctl is-active tapgrid tapgrid-tail "tapgrid-*.timer" || true')).not.toContain(
          'active\n\n',
        );
      },
    ],

    [
      'the books are deleted while it runs: it halts, alarms and says what to do; they come back',
      async () => {
        const { two } = pair();
        const kept = await player().settled();
        const shipped = [...player().acknowledged];
        await two.until('the shipment', isSentSince(Number(two.say('date +%s')) + 1));
        await player().play(3);
        const late = player().acknowledged.slice(shipped.length);
        two.say('find /var/lib/tapgrid -mindepth 1 -delete');
        const began = performance.now();
        await two.until(
          'the halt',
          `curl -s --unix-socket /run/tapgrid/operations.sock http://x/healthz | grep -q books_gone`,
        );
        expect(performance.now() - began).toBeLessThan(HALT_MS_MAX);
        expect(await player().refusal()).not.toBeNull();
        await two.until('the alert', `${ALERTS} | grep -qx TapgridBooksGone`);
        const { exitCode, found } = two.doctor();
        expect(exitCode).toBe(1);
        expect(found[0]).toMatchObject({
          name: 'database',
          state: 'wrong',
          says: expect.stringContaining('is gone while the server runs'),
          todo: expect.stringContaining('TapgridBooksGone'),
        });
        two.say(two.block('TapgridBooksGone', 'ls -la'));
        for (const has of [
          'systemctl stop',
          'tapgrid restore',
          'set-aside',
          'start tapgrid\n',
          'start tapgrid-tail',
        ])
          two.say(two.block('Restore from nothing', has).replace('--from /var/backups/tapgrid', '--from s3'));
        await two.untilPlay();
        const seen = await player().settled();
        expectBalanced(seen);
        for (const bet of kept.closed) expect(seen.closed).toContainEqual(bet);
        // What came in the last seconds is there as well or not at all: each bet with its stake, none twice.
        const there = seen.closed.map(({ id }) => id);
        expect(there.filter((id) => !shipped.includes(id) && !late.includes(id))).toEqual([]);
        expect(new Set(there).size).toBe(there.length);
        player().acknowledged.splice(0, Infinity, ...there);
        await playOn(two, player());
      },
    ],

    [
      'in the end the books hold, a backup ends well, no alert is on, the doctor finds nothing',
      async () => {
        const { two } = pair();
        expect(JSON.parse(two.say('tapgrid verify-ledger --signatures --json'))).toMatchObject({ ok: true });
        two.say('tapgrid backup run');
        two.say('systemctl start tapgrid-backup tapgrid-integrity tapgrid-archive tapgrid-probe');
        await two.until('quiet', `[ "$(${ALERTS})" = TapgridWatchdog ]`);
        expect(two.say('systemctl list-units --failed --no-legend')).toBe('');
        const { exitCode, found } = two.doctor();
        const odd = found.filter(({ state }) => state !== 'well').map(({ name }) => name);
        // Its exchanges have stood still: how far they run ahead cannot be measured.
        expect([exitCode, odd]).toEqual([0, ['hold', 'proxy']]);
      },
    ],

    ['every block that the runbook leaves to the stories was typed', () => expect(untyped()).toEqual([])],
  ];
}

/** @param at s since 1970. Whether the tail has sent what was there then: it survives the machine. */
const isSentSince = (at: number): string =>
  `awk '/^tapgrid_tail_last_sent/ && $2 >= ${at} { sent = 1 } END { exit !sent }' ${TAIL_REPORT}`;
const TAIL_REPORT = '/var/lib/tapgrid/jobs/tail.prom';

/** Names of the alerts that are on. */
const ALERTS = `curl -s http://127.0.0.1:9090/api/v1/alerts |
  jq -r '.data.alerts[] | select(.state == "firing") | .labels.alertname' | sort -u`;
