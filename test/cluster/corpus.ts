// Answers recorded from real clusters, where they are at hand.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(process.env.TOSCA_CORPUS ?? path.join(import.meta.dirname, '../../../shared/corpus'), 'wire');

/** False where the recorded answers are not on this machine: tests of them are skipped and say so. */
export const hasCorpus = existsSync(folder);

/** @param file For example `recorded/marathon-1-task/app.json`. */
export function recorded(file: string): string {
  return readFileSync(path.join(folder, file), 'utf8');
}
