// What the text itself says of a value: literals, aliases of them, and what the defaults of inputs come to. The rest is known only to a plan.
import { functionCall } from '../grammar/functions.ts';
import { type Entry, entries, entryNamed, items, type Node, text } from '../syntax/nodes.ts';
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
  return numberOf(literalOf(all, wanted, template) ?? '');
}

export const numberOf = (written: string): number | undefined =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : undefined;

/** A text as far as it is known before a deployment. */
export interface Foreseen {
  readonly text: string;
  /** Whether it rests on defaults of inputs, which a deployment may give other values. */
  readonly byDefault: boolean;
}

/** What is written, or what the defaults of the inputs make of it. */
export function foreseen(
  node: Node | undefined,
  template: Pick<TemplateView, 'anchor' | 'inputs'>,
  depth = 0,
): Foreseen | undefined {
  const at = followed(node, template);
  if (at?.kind === 'scalar') return { text: at.value, byDefault: false };
  const call = depth > 10 ? undefined : functionCall(at);
  if (call?.name === 'get_input') {
    const input = template.inputs.get(text(call.argument) ?? '');
    const value = foreseen(input?.default, template, depth + 1);
    return value && { text: value.text, byDefault: true };
  }
  if (call?.name !== 'concat') return undefined;
  const parts = items(call.argument).map(part => foreseen(part, template, depth + 1));
  return parts.includes(undefined)
    ? undefined
    : { text: parts.map(part => part?.text).join(''), byDefault: parts.some(part => part?.byDefault) };
}

/** The same for the value of a named entry; the empty text where nothing is written. */
export function foreseenOf(
  all: readonly Entry[],
  wanted: string,
  template: Pick<TemplateView, 'anchor' | 'inputs'>,
): Foreseen | undefined {
  const entry = entryNamed(all, wanted);
  if (entry === undefined) return undefined;
  return entry.value === undefined ? { text: '', byDefault: false } : foreseen(entry.value, template);
}
