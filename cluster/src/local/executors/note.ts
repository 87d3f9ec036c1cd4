// Lines of the local cluster in a task's own output: how this run differs from one on a real cluster.
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Launch } from './executor.ts';

/** Throws where the sandbox cannot be written. */
export const note = ({ sandbox }: Launch, line: string): void =>
  appendFileSync(path.join(sandbox, 'stderr'), `[local cluster] ${line}\n`);
