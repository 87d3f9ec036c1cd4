// Sees to it that no container outlives its cluster: at its end, when it is killed, and, should both have failed, at the next start.
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../../local-address.ts';
import type { Engine } from './engine.ts';

const clusterLabel = 'tosca-mesos.cluster';
/** A cluster that lives again with its state folder is the same cluster, and another life. */
const lifeLabel = 'tosca-mesos.life';
const hostLabel = 'tosca-mesos.host';
const processLabel = 'tosca-mesos.pid';

export interface Owner {
  readonly cluster: string;
  readonly life: string;
}

export const ownerLabels = ({ cluster, life }: Owner): Readonly<Record<string, string>> => ({
  [clusterLabel]: cluster,
  [lifeLabel]: life,
  [hostLabel]: os.hostname(),
  [processLabel]: String(process.pid),
});

interface Listed {
  readonly Id: string;
  readonly Labels?: Readonly<Record<string, string>>;
}

const listing = (label: string): string =>
  `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`;
/** Looks for what is left before it is given up. */
const mostRounds = 100;

const removal = (id: string): string => `/containers/${id}?force=1&v=1`;

export interface ContainerWatch {
  /** Removes what is left of the cluster's containers. */
  stop(): Promise<void>;
}

/**
 * Run by Node once the cluster is gone: removes its containers, also one that was just being made. How to connect is in its environment,
 * which others cannot read; its argument lists the containers.
 */
const remover = `
const list = process.argv[1];
const { tls, ...where } = JSON.parse(process.env.ENGINE);
const web = require(tls ? 'node:https' : 'node:http');
const ask = (method, path) => new Promise((resolve, reject) => {
  web.request({ ...where, ...tls, method, path }, reply => {
    let text = '';
    reply.setEncoding('utf8').on('data', part => { text += part; }).on('end', () => resolve(text)).on('error', reject);
  }).on('error', reject).end();
});
(async () => {
  for (let round = 0; round < 6; round++) {
    try {
      const found = JSON.parse(await ask('GET', list));
      await Promise.all(found.map(({ Id }) => ask('DELETE', '/containers/' + Id + '?force=1&v=1')));
    } catch {}
    await new Promise(resolve => setTimeout(resolve, 500));
  }
})();
`;

/** A shell that costs next to nothing waits for the end of a pipe that only the cluster's process holds open. */
const waiter = `trap '' TERM HUP INT
read -r _
exec "$@"`;

export function watchContainers(engine: Engine, { life }: Owner, log: (line: string) => void): ContainerWatch {
  const list = listing(`${lifeLabel}=${life}`);
  const argv = [process.execPath, '-e', remover, list];
  const child = spawn('/bin/sh', ['-c', waiter, 'container-watch', ...argv], {
    cwd: '/',
    detached: true,
    // An editor's own executable is Node only when it is told so.
    env: { PATH: '/usr/bin:/bin', ELECTRON_RUN_AS_NODE: '1', ENGINE: JSON.stringify(engine.place) },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', error => log(`Containers may outlive the cluster if that is killed: ${error.message}`));
  child.unref();
  const rope = child.stdin as Socket | null;
  rope?.on('error', () => {});
  rope?.unref();
  return {
    async stop() {
      try {
        const left = await engine.ask<Listed[]>('GET', list);
        await Promise.allSettled(left.map(({ Id }) => engine.ask('DELETE', removal(Id))));
        child.kill('SIGKILL');
      } catch (error) {
        // Left alone, the watch tries now.
        log(`Containers may be left behind: ${error instanceof Error ? error.message : String(error)}`);
      }
      rope?.destroy();
    },
  };
}

/** Removes containers of former lives: of this cluster, and of those on this machine that are no more. Resolves when there are none. */
export async function removeAbandoned(engine: Engine, { cluster, life }: Owner): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    const all = await engine.ask<Listed[]>('GET', listing(clusterLabel));
    const abandoned = all.filter(({ Labels: labels = {} }) =>
      labels[clusterLabel] === cluster
        ? labels[lifeLabel] !== life
        : labels[hostLabel] === os.hostname() && !isAlive(Number(labels[processLabel])),
    );
    if (abandoned.length === 0) return;
    // Those that another is removing already are refused here, and not gone yet.
    await Promise.allSettled(abandoned.map(({ Id }) => engine.ask('DELETE', removal(Id))));
    if (round > 0) await sleep(100);
  }
  throw new Error('the engine does not remove them');
}
