// Reads the clusters that the setting `toscaMesos.clusters` names. A user typed it: what makes no sense is told, not thrown.
import { type Profile, readProfile } from '../../../cluster/src/profile.ts';

export const localClusterName = 'Local cluster';

export interface ReadProfiles {
  readonly profiles: readonly Profile[];
  /** One sentence for each entry that cannot be used. */
  readonly problems: readonly string[];
}

export function readProfiles(setting: unknown): ReadProfiles {
  if (setting === undefined || setting === null) return { profiles: [], problems: [] };
  if (!Array.isArray(setting)) return { profiles: [], problems: ['The setting toscaMesos.clusters is not a list.'] };
  const profiles = new Map<string, Profile>();
  const problems: string[] = [];
  for (const [index, entry] of setting.entries()) {
    const where = `Entry ${index + 1} of the setting toscaMesos.clusters`;
    const { name, ...members } = (typeof entry === 'object' ? entry : null) ?? ({} as Record<string, unknown>);
    if (typeof name !== 'string' || name.trim() === '') problems.push(`${where} has no name.`);
    else if (name === localClusterName || name === 'local')
      problems.push(`${where} is named as the built-in cluster: name it otherwise.`);
    else if (profiles.has(name)) problems.push(`${where} is named as one above: name it otherwise than "${name}".`);
    else {
      const profile = readProfile(name, members);
      if ('problem' in profile) problems.push(`${where}: ${profile.problem}`);
      else profiles.set(name, profile);
    }
  }
  return { profiles: [...profiles.values()], problems };
}
