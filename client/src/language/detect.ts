// Which YAML files are TOSCA: those whose first lines hold `tosca_definitions_version`. No editor here; see follow.ts.

/** How many lines of a file are looked at. */
export const linesLookedAt = 50;

/** True when one of the lines is the key `tosca_definitions_version`, at the start of a line, quoted or not. */
export function looksLikeTemplate(lines: Iterable<string>): boolean {
  let seen = 0;
  for (const line of lines) {
    if (seen++ === linesLookedAt) return false;
    if (/^\uFEFF?(["']?)tosca_definitions_version\1\s*:(\s|$)/.test(line)) return true;
  }
  return false;
}
