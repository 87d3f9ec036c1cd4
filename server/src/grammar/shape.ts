// The words in which the grammar is written: constructs, their keynames, and the shapes of what stands behind each.
import type { Version } from './versions.ts';

export type TypeKind = 'node' | 'capability' | 'relationship' | 'data' | 'artifact' | 'interface' | 'policy' | 'group';

/** The keynames of a file that declare types, by kind. */
export const typeKeynames: Readonly<Record<TypeKind, string>> = {
  node: 'node_types',
  capability: 'capability_types',
  relationship: 'relationship_types',
  data: 'data_types',
  artifact: 'artifact_types',
  interface: 'interface_types',
  policy: 'policy_types',
  group: 'group_types',
};

export type Shape =
  /** Any scalar. */
  | 'text'
  /** A text, or a function that gives one. */
  | 'expression'
  | 'boolean'
  | 'integer'
  /** Anything; its meaning is not the grammar's: a value whose type says what is right, or YAML for anchors only. */
  | 'any'
  /** Values of properties or the like: their types say what is right. */
  | 'values'
  | 'texts'
  /** How many: `[0, UNBOUNDED]`. */
  | 'occurrences'
  /** Constraint clauses: a list of maps with one entry each, or one such map. */
  | 'constraints'
  /** Conditions on attributes of a node, joined by `and`, `or`, `not`. */
  | 'condition'
  | { readonly oneOf: readonly string[] }
  | { readonly type: TypeKind }
  /** A list of names of types, or one name. */
  | { readonly types: readonly TypeKind[] }
  /** `short`: a scalar does too; `scalar`, what it must be. */
  | { readonly construct: Construct; readonly short?: boolean; readonly scalar?: Shape }
  | { readonly mapOf: Shape }
  /** `single`: one item without a list around it does too. */
  | { readonly listOf: Shape; readonly single?: true }
  /** A list of maps with one entry each. */
  | { readonly pairsOf: Shape }
  /** What is right depends on how it is written. `expected` ends a sentence. */
  | {
      readonly scalar?: Shape;
      readonly mapping?: Shape;
      readonly sequence?: Shape;
      readonly expected: string;
    };

export interface Keyname {
  readonly shape: Shape;
  readonly doc: string;
  readonly required?: boolean;
  /** Another keyname that does in place of a required one. */
  readonly or?: string;
  /** First and last version that has it; all where absent. */
  readonly since?: Version;
  readonly until?: Version;
  /**
   * INDIGO's production parser (alien4cloud, tosca_simple_yaml_1_0.yml): `dropped` where it ignores the keyname and what it says is lost,
   * `optional` where it does without a keyname that the standard requires.
   */
  readonly production?: 'dropped' | 'optional';
}

export interface ConstructGrammar {
  /** As a diagnostic calls it, with its article. */
  readonly title: string;
  readonly keynames: Readonly<Record<string, Keyname>>;
  /** Where every other key is a name of the author's: what stands behind it. */
  readonly others?: Shape;
}

export type FileConstruct = 'service template' | 'topology template' | 'import' | 'repository';

export type TemplateConstruct =
  | 'input'
  | 'output'
  | 'node template'
  | 'relationship template'
  | 'capability assignment'
  | 'requirement assignment'
  | 'relationship assignment'
  | 'node filter'
  | 'capability filter'
  | 'artifact'
  | 'group'
  | 'policy'
  | 'substitution mappings'
  | 'substitution filter'
  | 'capability mapping';

export type BehaviourConstruct =
  | 'interface assignment'
  | 'operation'
  | 'notification'
  | 'implementation'
  | 'trigger'
  | 'event filter'
  | 'trigger condition'
  | 'workflow'
  | 'precondition'
  | 'step'
  | 'activity'
  | 'operation call'
  | 'workflow call';

export type DefinitionConstruct =
  | 'node type'
  | 'relationship type'
  | 'capability type'
  | 'artifact type'
  | 'data type'
  | 'interface type'
  | 'group type'
  | 'policy type'
  | 'property definition'
  | 'attribute definition'
  | 'entry schema'
  | 'capability definition'
  | 'requirement definition'
  | 'interface definition';

export type Construct = FileConstruct | TemplateConstruct | BehaviourConstruct | DefinitionConstruct;

export type Grammar<Part extends Construct> = Readonly<Record<Part, ConstructGrammar>>;

export const is = (construct: Construct): Shape => ({ construct });
export const short = (construct: Construct, scalar: Shape = 'text'): Shape => ({ construct, short: true, scalar });
export const mapOf = (shape: Shape): Shape => ({ mapOf: shape });
export const listOf = (shape: Shape): Shape => ({ listOf: shape });
export const oneOrMore = (shape: Shape): Shape => ({ listOf: shape, single: true });
export const pairsOf = (shape: Shape): Shape => ({ pairsOf: shape });
export const type = (kind: TypeKind): Shape => ({ type: kind });
export const types = (...kinds: readonly TypeKind[]): Shape => ({ types: kinds });
export const oneOf = (...words: readonly string[]): Shape => ({ oneOf: words });
export const key = (shape: Shape, doc: string, more: Omit<Keyname, 'shape' | 'doc'> = {}): Keyname => ({
  shape,
  doc,
  ...more,
});
export const required = { required: true } as const;

// Keynames that many constructs have.

export const description = key('text', 'Text for people; it may span several lines.');
export const metadata = key(mapOf('text'), 'Free information about this element, such as `display_name`.');
export const properties = key('values', 'Values of the properties that the type declares.');
export const attributes = key('values', 'Initial values of attributes.', { production: 'dropped' });
export const interfaces = key(mapOf(is('interface assignment')), 'Operations, by interface name.');
export const occurrences = (doc: string) => key('occurrences', doc);
