// What the text itself says of a value: literals, and aliases of them. What a function gives is known only to a plan.
import { type Entry, entries, items, type Node, name, text } from '../syntax/nodes.ts';
import type { TemplateView } from './template.ts';

/** The node that stands behind aliases. */
export function followed(node: Node | undefined, { anchor }: Pick<TemplateView, 'anchor'>): Node | undefined {
  let at = node;
  for (let steps = 0; at?.kind === 'alias' && steps < 50; steps++) at = anchor(at.name);
  return at?.kind === 'alias' ? undefined : at;
}

/** The text of a scalar; undefined for anything else. */
export const literal = (node: Node | undefined, template: Pick<TemplateView, 'anchor'>): string | undefined =>
  text(followed(node, template));

/** The entry that counts of a list of entries. */
export const entryNamed = (all: readonly Entry[], wanted: string): Entry | undefined =>
  all.findLast(entry => name(entry) === wanted);

/** The value of a named entry, as a literal; the empty text where nothing is written. */
export function literalOf(
  all: readonly Entry[],
  wanted: string,
  template: Pick<TemplateView, 'anchor'>,
): string | undefined {
  const entry = entryNamed(all, wanted);
  return entry === undefined ? undefined : entry.value === undefined ? '' : literal(entry.value, template);
}

export const itemsOf = (node: Node | undefined, template: Pick<TemplateView, 'anchor'>): readonly Node[] =>
  items(followed(node, template));

export const entriesOf = (node: Node | undefined, template: Pick<TemplateView, 'anchor'>): readonly Entry[] =>
  entries(followed(node, template));

/** A number, where a number is written. */
export function literalNumber(
  all: readonly Entry[],
  wanted: string,
  template: Pick<TemplateView, 'anchor'>,
): number | undefined {
  const written = literalOf(all, wanted, template);
  return written !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : undefined;
}
