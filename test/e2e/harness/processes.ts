// The processes of a test among all of this machine: tasks, told by a mark in their command line, and the local cluster.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A text that no other command line has. */
export const newMark = (): string => `tosca-e2e-${randomUUID().slice(0, 8)}`;

/** How many processes have the mark in their command line. */
export function countProcesses(mark: string): number {
  const all = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' });
  return all.split('\n').filter(line => line.includes(mark)).length;
}

/** The process that a local cluster has written down as its own in a run-time directory. */
export function localClusterProcess(runtimeDirectory: string): number {
  const [own] = readdirSync(runtimeDirectory).filter(name => /^tosca-mesos-\d+$/.test(name));
  const text = readFileSync(path.join(runtimeDirectory, own ?? '', 'local.json'), 'utf8');
  return (JSON.parse(text) as { readonly pid: number }).pid;
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
