// Volumes of tasks that run on this machine's own file system: links in their sandboxes, as Mesos's posix/filesystem isolator makes
// them (src/slave/containerizer/mesos/isolators/filesystem/posix.cpp).
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { Launch } from './executor.ts';

/** Says which volumes are not where the task expects them. Throws where the sandbox cannot be written. */
export function linkVolumes({ container, sandbox }: Launch): readonly string[] {
  const elsewhere: string[] = [];
  for (const { container_path: place, host_path: source } of container?.volumes ?? []) {
    if (source === undefined || source === place) continue;
    const link = path.resolve(sandbox, place);
    if (!path.isAbsolute(source)) {
      elsewhere.push(
        `The volume for ${place} is a folder of the sandbox, "${source}", and nothing leads from there to it.`,
      );
    } else if (link === sandbox || !link.startsWith(sandbox + path.sep)) {
      elsewhere.push(`The volume for ${place} is at ${source}: without a container nothing can be mounted there.`);
    } else {
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(source, link);
    }
  }
  return elsewhere;
}
