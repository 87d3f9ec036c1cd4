// A template in the parts that are checked one by one: each entry of its maps (a node template, an input, a type...), and the file around
// them. What a rule needs of a part is worked out when it is first asked for.

import { type GrammarFacts, noFacts, type Path } from '../grammar/facts.ts';
import type { FunctionCall } from '../grammar/functions.ts';
import { type TypeKind, typeKeynames } from '../grammar/keynames.ts';
import { entryMaps, read, readEntry } from '../grammar/read.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { type Entry, entries, entryOf, get, items, name, text, valueAt } from '../syntax/nodes.ts';
import type { PropertyDefinition, Schema } from '../types/definitions.ts';
import type { ValueContext, ValueProblem } from '../types/value-problems.ts';
import { checkValues } from '../types/values.ts';
import {
  type Assignment,
  groupAssignment,
  nodeAssignments,
  policyAssignments,
  relationshipAssignment,
} from './assignments.ts';
import { filledInterfaces, operationInputs, operationsIn } from './interfaces.ts';
import { resultOf } from './results.ts';
import { callsIn, callsInEntry, type NodeTemplate, type Output, type Template, type TemplateView } from './template.ts';
import { definitionsIn } from './type-declaration.ts';
import { type Workload, workloadOf } from './workload.ts';

export interface Part {
  readonly template: TemplateView;
  /** Undefined for the file around the entries. */
  readonly entry: Entry | undefined;
  /** The file, where the part is what is around the entries. */
  readonly file: SyntaxDocument | undefined;
  /** Keys from the root of the file down to the entry; empty for the file. */
  readonly path: Path;
  /** The node template, input or output that the part is, if it is one. */
  readonly node: NodeTemplate | undefined;
  readonly input: PropertyDefinition | undefined;
  readonly output: Output | undefined;
  /** What the Orchestrator makes of the node template, where that is an app or a job. */
  readonly workload: Workload | undefined;
  /** Of what kind the type is that the part declares, if it is one. */
  readonly typeKind: TypeKind | undefined;
  /** Function calls, outer ones first. */
  readonly calls: readonly FunctionCall[];
  readonly assignments: readonly Assignment[];
  /** Its assigned properties, and an input's default, held against their types. */
  readonly valueProblems: readonly ValueProblem[];
  /** What the grammar finds in it. */
  readonly grammar: GrammarFacts;
}

/** Where the entries are that are parts of their own, in the order of the grammar. */
export function partEntries({
  document,
}: Template): readonly { readonly map: Path; readonly entries: readonly Entry[] }[] {
  return entryMaps.map(map => ({ map, entries: entries(valueAt(document.root, ...map)) }));
}

/** Versions tell what a keyname is; where the version is not known, the newest is the most tolerant. */
const versionOf = ({ version }: TemplateView) => version ?? '1.3';

/** The file around the entries. */
export function filePart(template: Template): Part {
  const { root } = template.document;
  return new LazyPart(template, undefined, template.document, [], {
    calls: () => ['policies', 'substitution_mappings'].flatMap(key => callsIn(valueAt(root, 'topology_template', key))),
    assignments: () => policyAssignments(template, root),
    grammar: () => (template.relative === undefined ? read(root, versionOf(template)) : noFacts),
  });
}

export function entryPart(template: TemplateView, entry: Entry, map: Path): Part {
  const path = [...map, name(entry)];
  const [topology, section] = path;
  const within = (wanted: string) => topology === 'topology_template' && section === wanted;
  return new LazyPart(template, entry, undefined, path, {
    calls: () => callsInEntry(entry),
    assignments: ({ node }) =>
      node !== undefined
        ? nodeAssignments(template, node)
        : within('relationship_templates')
          ? relationshipAssignment(template, entry)
          : within('groups')
            ? groupAssignment(template, entry)
            : [],
    grammar: () => (template.relative === undefined ? readEntry(path, entry.value, versionOf(template)) : noFacts),
  });
}

const kinds: ReadonlyMap<string, TypeKind> = new Map(
  (Object.entries(typeKeynames) as [TypeKind, string][]).map(([kind, key]) => [key, kind]),
);

interface Making {
  readonly calls: () => readonly FunctionCall[];
  readonly assignments: (part: Part) => readonly Assignment[];
  readonly grammar: () => GrammarFacts;
}

class LazyPart implements Part {
  readonly template: TemplateView;
  readonly entry: Entry | undefined;
  readonly file: SyntaxDocument | undefined;
  readonly path: Path;
  readonly node: NodeTemplate | undefined;
  readonly input: PropertyDefinition | undefined;
  readonly output: Output | undefined;
  readonly typeKind: TypeKind | undefined;
  readonly #making: Making;
  #workload: Workload | undefined | null = null;
  #calls: readonly FunctionCall[] | undefined;
  #assignments: readonly Assignment[] | undefined;
  #problems: readonly ValueProblem[] | undefined;
  #grammar: GrammarFacts | undefined;

  constructor(
    template: TemplateView,
    entry: Entry | undefined,
    file: SyntaxDocument | undefined,
    path: Path,
    making: Making,
  ) {
    this.template = template;
    this.entry = entry;
    this.file = file;
    this.path = path;
    this.#making = making;
    const [topology, section, own = ''] = path;
    const within = topology === 'topology_template' ? section : undefined;
    // of two entries of one name only the last counts
    const last = <T extends { readonly entry: Entry }>(found: T | undefined) =>
      found?.entry === entry ? found : undefined;
    this.node = within === 'node_templates' ? last(template.nodes.get(own)) : undefined;
    this.input = within === 'inputs' ? last(template.inputs.get(own)) : undefined;
    this.output = within === 'outputs' ? last(template.outputs.get(own)) : undefined;
    this.typeKind = path.length === 2 ? kinds.get(topology ?? '') : undefined;
  }

  get workload(): Workload | undefined {
    if (this.#workload === null) this.#workload = workloadOf(this.template, this.node);
    return this.#workload;
  }

  get calls(): readonly FunctionCall[] {
    this.#calls ??= this.#making.calls();
    return this.#calls;
  }

  get assignments(): readonly Assignment[] {
    this.#assignments ??= this.#making.assignments(this);
    return this.#assignments;
  }

  get valueProblems(): readonly ValueProblem[] {
    this.#problems ??= findProblems(this);
    return this.#problems;
  }

  get grammar(): GrammarFacts {
    this.#grammar ??= this.#making.grammar();
    return this.#grammar;
  }
}

export function valueContext(
  { catalog, dialect, anchor }: TemplateView,
  result?: (call: FunctionCall) => Schema | undefined,
): ValueContext {
  return { catalog, dialect, anchor, result };
}

function findProblems(part: Part): readonly ValueProblem[] {
  const { template, input, assignments } = part;
  const context = valueContext(template, call => resultOf(part, call));
  return checkValues(context, ({ check, member }) => {
    for (const { properties, values } of assignments) {
      for (const entry of entries(values)) {
        const property = properties.get(name(entry));
        if (property !== undefined) member(entry, property.schema, 0);
      }
    }
    for (const definition of part.typeKind === undefined ? [input] : definitionsIn(part)) {
      if (definition?.default !== undefined && definition.entry.value?.kind === 'mapping')
        check(definition.default, definition.schema, 0);
    }
    for (const [entry, schema] of ofKnownTypes(part)) member(entry, schema, 0);
    for (const [entry, schema] of ofOperations(part)) member(entry, schema, 0);
  });
}

/** The inputs of operations that are given values, by the standard. The production parser hands on whatever is there. */
function ofOperations(part: Part): readonly (readonly [entry: Entry, schema: Schema])[] {
  const { catalog, dialect } = part.template;
  if (dialect !== 'strict') return [];
  return filledInterfaces(part).flatMap(filled =>
    filled.interfaces.flatMap(({ key, value }) =>
      operationsIn(value).flatMap(operation => {
        const declared = operationInputs(catalog, filled, text(key) ?? '', name(operation));
        return [...entries(get(value, 'inputs')), ...entries(get(operation.value, 'inputs'))].flatMap(input => {
          const definition = declared.get(name(input));
          // before 1.3, what a template writes may be a definition of its own
          return definition === undefined || get(input.value, 'type') !== undefined
            ? []
            : [[input, definition.schema] as const];
        });
      }),
    ),
  );
}

const ofType = (type: string): Schema => ({ type, entry: undefined, key: undefined, constraints: [] });

/** Keynames around the entries whose values are of a data type of the standard. */
function ofKnownTypes({ file }: Part): readonly (readonly [entry: Entry, schema: Schema])[] {
  if (file === undefined) return [];
  const { root } = file;
  const found = (holders: readonly Entry[], key: string, schema: Schema) =>
    holders.flatMap(({ value }) => {
      const entry = entryOf(value, key);
      return entry?.value === undefined ? [] : [[entry, schema] as const];
    });
  const policies = items(valueAt(root, 'topology_template', 'policies')).flatMap(entries);
  const triggers = policies.flatMap(({ value }) => entries(get(value, 'triggers')));
  return [
    ...found(entries(get(root, 'repositories')), 'credential', ofType('tosca.datatypes.Credential')),
    ...found(triggers, 'schedule', ofType('tosca.datatypes.TimeInterval')),
  ];
}
