// A property that the type does not declare. The Orchestrator refuses the template (400).
import { type Entry, entries, type Mapping, name } from '../syntax/nodes.ts';
import type { Assignment } from '../template/assignments.ts';
import type { TemplateView } from '../template/template.ts';
import { offeredCapability, type ResolvedType } from '../types/catalog.ts';
import { type Fix, fix, linesOf, removal, setIn } from './fix.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownProperty: Rule = {
  code: 'unknown-property',
  severity: 'error',
  check({ assignments, valueProblems, template }, report) {
    for (const assignment of assignments) {
      const { owner, type, properties, values } = assignment;
      if (type.missingParent !== undefined || type.circular) continue;
      for (const entry of entries(values)) {
        if (properties.has(name(entry))) continue;
        const home = homeOf(assignment, entry, template);
        tell(entry, values, `${owner} (type ${type.name})`, type, properties.keys(), home);
      }
    }
    for (const problem of valueProblems) {
      if (problem.kind !== 'unknown-property') continue;
      const { owner, at, within } = problem;
      tell(at, within, owner.name, owner, owner.properties.keys(), undefined);
    }

    function tell(
      entry: Entry,
      within: Mapping | undefined,
      owner: string,
      type: ResolvedType,
      known: Iterable<string>,
      home: Home | undefined,
    ): void {
      const { text, fixes } = home ?? suggest(entry.key, nearest(name(entry), known));
      const remove = fix(`Remove "${name(entry)}"`, removal(entry, within));
      report({
        at: entry.key,
        message: `"${name(entry)}" is no property of ${owner}.${text}`,
        related: { at: type, message: `${type.name} is declared here.` },
        fixes: entry.merged === true ? fixes : [...fixes, remove],
      });
    }
  },
};

interface Home {
  readonly text: string;
  readonly fixes: readonly Fix[];
}

/** The capability of the node that has it, where it was written for the node itself; or the node, the other way round. */
function homeOf({ node, body, type, values }: Assignment, entry: Entry, { catalog }: TemplateView): Home | undefined {
  const wanted = name(entry);
  const own = node?.entry.value;
  if (node?.type === undefined || own?.kind !== 'mapping') return undefined;
  const capability =
    type === node.type
      ? [...type.capabilities.keys()].find(each => offeredCapability(catalog, type, each)?.properties.has(wanted))
      : undefined;
  const ofNode = type.kind === 'capability' && node.type.properties.has(wanted);
  if (capability === undefined && !ofNode) return undefined;
  const to = setIn(own, ofNode ? ['properties'] : ['capabilities', capability ?? '', 'properties'], linesOf(entry));
  const only = values?.entries.length === 1 || body === undefined;
  return {
    text: ofNode ? ' It is one of the node itself.' : ` It is one of its capability "${capability}".`,
    fixes:
      to === undefined || only
        ? []
        : [
            fix(
              ofNode ? 'Move it to the node' : `Move it to the capability "${capability}"`,
              removal(entry, values),
              to,
            ),
          ],
  };
}
