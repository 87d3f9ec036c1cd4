// A template in the parts that are checked one by one: each entry of its maps (a node template, an input, a type...), and the file around
// them. What a rule needs of a part is worked out when it is first asked for.
import type { FunctionCall } from '../grammar/functions.ts';
import { entryMaps, type GrammarReader, type Path, read, readEntry } from '../grammar/read.ts';
import { type Entry, entries, name, valueAt } from '../syntax/nodes.ts';
import type { PropertyDefinition } from '../types/definitions.ts';
import { checkValue, type ValueContext, type ValueProblem } from '../types/values.ts';
import { type Assignment, nodeAssignments, policyAssignments, relationshipAssignment } from './assignments.ts';
import { callsIn, type NodeTemplate, type Output, type Template } from './template.ts';

export interface Part {
  readonly template: Template;
  /** Undefined for the file around the entries. */
  readonly entry: Entry | undefined;
  /** Keys from the root of the file down to the entry; empty for the file. */
  readonly path: Path;
  /** The node template, input or output that the part is, if it is one. */
  readonly node: NodeTemplate | undefined;
  readonly input: PropertyDefinition | undefined;
  readonly output: Output | undefined;
  /** Function calls, outer ones first. */
  readonly calls: readonly FunctionCall[];
  readonly assignments: readonly Assignment[];
  /** Its assigned properties, and an input's default, held against their types. */
  readonly valueProblems: readonly ValueProblem[];
  /** Walks the part along the grammar. */
  walk(reader: GrammarReader): void;
}

/** The file first, then its entries. */
export function parts(template: Template): readonly Part[] {
  const all = entryMaps.flatMap(map =>
    entries(valueAt(template.document.root, ...map)).map(entry => entryPart(template, entry, [...map, name(entry)])),
  );
  return [filePart(template), ...all];
}

/** Versions tell what a keyname is; where the version is not known, the newest is the most tolerant. */
const versionOf = ({ version }: Template) => version ?? '1.3';

function filePart(template: Template): Part {
  const { root } = template.document;
  return lazy({
    template,
    entry: undefined,
    path: [],
    node: undefined,
    input: undefined,
    output: undefined,
    calls: () => ['policies', 'substitution_mappings'].flatMap(key => callsIn(valueAt(root, 'topology_template', key))),
    assignments: () => policyAssignments(template),
    walk: reader => read(root, versionOf(template), reader),
  });
}

function entryPart(template: Template, entry: Entry, path: Path): Part {
  const [topology, section, own = ''] = path;
  const within = (wanted: string) => topology === 'topology_template' && section === wanted;
  // of two entries of one name only the last counts
  const last = <T extends { readonly entry: Entry }>(found: T | undefined) =>
    found?.entry === entry ? found : undefined;
  const node = within('node_templates') ? last(template.nodes.get(own)) : undefined;
  const input = within('inputs') ? last(template.inputs.get(own)) : undefined;
  return lazy({
    template,
    entry,
    path,
    node,
    input,
    output: within('outputs') ? last(template.outputs.get(own)) : undefined,
    calls: () => (topology === 'topology_template' ? callsIn(entry.value) : []),
    assignments: () =>
      node !== undefined
        ? nodeAssignments(template, node)
        : within('relationship_templates')
          ? relationshipAssignment(template, entry)
          : [],
    walk: reader => readEntry(path, entry.value, versionOf(template), reader),
  });
}

type Making = Omit<Part, 'calls' | 'assignments' | 'valueProblems'> & {
  readonly calls: () => readonly FunctionCall[];
  readonly assignments: () => readonly Assignment[];
};

function lazy(making: Making): Part {
  let calls: readonly FunctionCall[] | undefined;
  let assignments: readonly Assignment[] | undefined;
  let problems: readonly ValueProblem[] | undefined;
  const part: Part = {
    ...making,
    get calls() {
      calls ??= making.calls();
      return calls;
    },
    get assignments() {
      assignments ??= making.assignments();
      return assignments;
    },
    get valueProblems() {
      problems ??= findProblems(part);
      return problems;
    },
  };
  return part;
}

export function valueContext({ catalog, dialect, document }: Template): ValueContext {
  return { catalog, dialect, anchor: document.anchor };
}

function findProblems({ template, input, assignments }: Part): readonly ValueProblem[] {
  const context = valueContext(template);
  const assigned = assignments.flatMap(({ properties, values }) =>
    entries(values).flatMap(each => {
      const property = properties.get(name(each));
      return property === undefined || each.value === undefined ? [] : checkValue(each.value, property.schema, context);
    }),
  );
  return input?.default === undefined || input.entry.value?.kind !== 'mapping'
    ? assigned
    : [...assigned, ...checkValue(input.default, input.schema, context)];
}
