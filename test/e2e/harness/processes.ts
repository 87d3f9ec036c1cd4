// The tasks of a test among all processes of this machine: told by a mark in their command line.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

/** A text that no other command line has. */
export const newMark = (): string => `tosca-e2e-${randomUUID().slice(0, 8)}`;

/** How many processes have the mark in their command line. */
export function countProcesses(mark: string): number {
  const all = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' });
  return all.split('\n').filter(line => line.includes(mark)).length;
}
