import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Edit } from '../../deploy/release.ts';

const UNIT = 'deploy/systemd/tapgrid.service';
const PROXY = 'deploy/nginx/tapgrid.conf';
const SERVICES = 'deploy/provision/services.sh';

/**
 * Makes of a release what those were from before there were edges: one process at the socket that people and
 * programs on the machine know, a proxy that leads there, and scripts that know of nothing else.
 */
export function withoutEdges(edit: Edit, sources: string): void {
  edit(
    'server/config/server.ts',
    "wholeOr('auto', 'processes', 0, 64),\n    '1',",
    "wholeOr('auto', 'processes', 0, 64),\n    '0',",
  );
  rmSync(join(sources, 'deploy/systemd/tapgrid-edge@.service'));
  edit(UNIT, 'Environment=ROLE=engine\n', '');
  edit(
    UNIT,
    'LINK_SOCKET=/run/tapgrid/link.sock\nEnvironment=OPS_LISTEN=/run/tapgrid/ops.sock',
    'LISTEN_SOCKET=/run/tapgrid/http.sock',
  );
  edit(UNIT, 'ExecStartPre=/bin/ln -sfn /run/tapgrid-edge-1/http.sock /run/tapgrid/http.sock\n', '');
  edit(PROXY, '  server unix:/run/tapgrid-edge-1/http.sock max_fails=2 fail_timeout=5s;\n', '');
  edit(PROXY, '/http.sock max_fails=0 backup;', '/http.sock max_fails=0;');
  edit(PROXY, 'unix:/run/tapgrid/ops.sock', 'unix:/run/tapgrid/http.sock');
  edit(SERVICES, '  enable_edges\n', '');
  edit(SERVICES, 'for unit in tapgrid tapgrid- tapgrid-edge@; do', 'for unit in tapgrid tapgrid-; do');
  edit('deploy/provision/changes.sh', '/etc/systemd/system/*@.service)', '/nowhere)');
  edit('deploy/deployment/switch.sh', '  systemctl stop "$EDGES" || true\n', '');
  edit('deploy/deployment/switch.sh', 'for edge in $(edge_sockets); do', 'for edge in; do');
}
