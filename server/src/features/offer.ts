// What completion offers, before it is fitted into the line; and the offers that several places share.
import { CompletionItemKind } from 'vscode-languageserver-types';
import type { TypeKind } from '../grammar/keynames.ts';
import type { Template } from '../template/template.ts';
import type { PropertyDefinition } from '../types/definitions.ts';
import { describeProperty, schemaText } from './describe.ts';

export interface Offer {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  readonly documentation?: string;
  /** Snippet text that is put in behind a new key, after the colon. Undefined for values. */
  readonly after?: string;
  /** Snippet text in place of the label. */
  readonly insert?: string;
  /** Offered before the others. */
  readonly first?: boolean;
  readonly data?: TypeReference;
}

/** What an item of a type carries along, until it is looked at. */
export interface TypeReference {
  readonly uri: string;
  readonly kind: TypeKind;
  readonly name: string;
}

export const escapeSnippet = (label: string) => label.replace(/[\\$}]/g, '\\$&');

export function propertyOffer(property: PropertyDefinition): Offer {
  return {
    label: property.name,
    kind: CompletionItemKind.Property,
    detail: schemaText(property.schema),
    documentation: describeProperty(property),
    after: property.schema.type === 'list' ? '\n  - $0' : property.schema.type === 'map' ? '\n  $0' : ' $0',
    ...(property.required && property.default === undefined && { first: true }),
  };
}

export function nodeOffers({ nodes }: Template): readonly Offer[] {
  return [...nodes.values()].map(node => ({
    label: node.name,
    kind: CompletionItemKind.Class,
    ...(node.typeName !== undefined && { detail: node.typeName }),
  }));
}
