// How types, properties and the rest are put into words, as Markdown: for hovers and for the documentation of completions.
import type { IntrinsicFunction } from '../grammar/functions.ts';
import { type Node, rawText } from '../syntax/nodes.ts';
import type { Catalog, ResolvedType } from '../types/catalog.ts';
import { describe as describeConstraint } from '../types/constraints.ts';
import type { CapabilityDefinition, PropertyDefinition, RequirementDefinition, Schema } from '../types/definitions.ts';

export function schemaText({ type, entry }: Schema): string {
  return entry === undefined ? type : `${type} of ${schemaText(entry)}`;
}

export function describeProperty(property: PropertyDefinition, owner = ''): string {
  const { schema, required, description, status } = property;
  const facts = [
    required ? 'required' : 'optional',
    ...(property.default === undefined ? [] : [`default \`${shown(property.default)}\``]),
    ...schema.constraints.flatMap(constraint => describeConstraint(constraint) ?? []),
    ...(status === undefined || status === 'supported' ? [] : [status]),
  ];
  return lines(`**${property.name}**: \`${schemaText(schema)}\`${owner}`, description, `_${facts.join('; ')}_`);
}

export function describeType(type: ResolvedType): string {
  const parent = type.ancestry[1];
  const set = [...type.properties.values()].map(
    property => `\`${property.name}\`${property.required ? ' (required)' : ''}`,
  );
  return lines(
    `**${type.name}**`,
    type.description,
    parent === undefined ? undefined : `_derives from ${parent}_`,
    set.length === 0 ? undefined : `Properties: ${set.join(', ')}`,
  );
}

export function describeCapability({ name, type, description }: CapabilityDefinition, catalog: Catalog): string {
  return lines(`**${name}**: capability \`${type}\``, description ?? catalog.find('capability', type)?.description);
}

export function describeFunction({ doc, example }: IntrinsicFunction): string {
  return lines(doc, `\`${example}\``);
}

export function describeRequirement(requirement: RequirementDefinition): string {
  const node = requirement.node === undefined ? '' : ` of a \`${requirement.node}\``;
  return lines(
    `**${requirement.name}**: needs the capability \`${requirement.capability}\`${node}`,
    requirement.description,
    requirement.atLeast === 0 ? '_optional_' : '_required_',
  );
}

export function describeInput(input: PropertyDefinition): string {
  return describeProperty(input, ' (input)');
}

/** A value as it is written, on one line and not too long. */
export function shown(node: Node): string {
  const written = rawText(node).replace(/\s+/g, ' ');
  return written.length > 60 ? `${written.slice(0, 57)}...` : written === '' ? "''" : written;
}

function lines(...parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join('\n\n');
}
