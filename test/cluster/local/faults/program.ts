// The cluster of cluster.ts as a program of one file, so that it can be started and killed.
import path from 'node:path';
import { build } from 'esbuild';

/** Resolves to the path of the program. */
export async function buildProgram(folder: string): Promise<string> {
  const program = path.join(folder, 'cluster.cjs');
  await build({
    entryPoints: [path.join(__dirname, 'cluster.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
  });
  return program;
}
