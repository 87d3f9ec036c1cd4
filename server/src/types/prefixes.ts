// Types of an import with a `namespace_prefix`: outside they are called `prefix:Name`, and so is what their definitions name.
import type { TypeKind } from '../grammar/keynames.ts';
import type {
  ArtifactDefinition,
  CapabilityDefinition,
  PropertyDefinition,
  RequirementDefinition,
  Schema,
} from './definitions.ts';

/** The name by which the whole template knows a type that a file with a prefix calls by its own. */
export type Qualify = (kind: TypeKind, name: string) => string;

export interface Qualified {
  property(definition: PropertyDefinition): PropertyDefinition;
  capability(definition: CapabilityDefinition): CapabilityDefinition;
  requirement(definition: RequirementDefinition): RequirementDefinition;
  artifact(definition: ArtifactDefinition): ArtifactDefinition;
  schema(schema: Schema): Schema;
}

const asWritten: Qualified = {
  property: definition => definition,
  capability: definition => definition,
  requirement: definition => definition,
  artifact: definition => definition,
  schema: schema => schema,
};

/** `qualify` is absent for a file without a prefix. */
export function qualified(qualify: Qualify | undefined): Qualified {
  if (qualify === undefined) return asWritten;
  const maybe = (kind: TypeKind, name: string | undefined) => (name === undefined ? undefined : qualify(kind, name));
  const schema = (given: Schema): Schema => ({
    ...given,
    type: qualify('data', given.type),
    entry: given.entry && schema(given.entry),
    key: given.key && schema(given.key),
  });
  const property = (definition: PropertyDefinition): PropertyDefinition => ({
    ...definition,
    schema: schema(definition.schema),
  });
  return {
    schema,
    property,
    capability: definition => ({
      ...definition,
      type: qualify('capability', definition.type),
      validSourceTypes: definition.validSourceTypes.map(name => qualify('node', name)),
      properties: new Map([...definition.properties].map(([name, each]) => [name, property(each)])),
    }),
    requirement: definition => ({
      ...definition,
      capability: qualify('capability', definition.capability),
      node: maybe('node', definition.node),
      relationship: maybe('relationship', definition.relationship),
    }),
    artifact: definition => ({ ...definition, type: maybe('artifact', definition.type) }),
  };
}
