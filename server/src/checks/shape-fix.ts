// Fixes for values of another shape than is wanted: into a list, each entry an item of a list, one of some words.
import type { Entry, Node } from '../syntax/nodes.ts';
import { type Edit, type Fix, fix, flowText, leadOf, replace } from './fix.ts';

const insertion = (node: Node, at: number, text: string): Edit => ({ section: node.section, start: at, end: at, text });

/** The lines of a span after its first are moved to the right by two. */
function indented(node: Node, start: number, end: number): readonly Edit[] {
  const { text } = node.section;
  const edits: Edit[] = [];
  for (let at = text.indexOf('\n', start); at !== -1 && at + 1 < end; at = text.indexOf('\n', at + 1)) {
    if (text[at + 1] !== '\n') edits.push(insertion(node, at + 1, '  '));
  }
  return edits;
}

/** Whether nothing but dashes stands before it on its line: an anchor belongs to the whole, and would be the first item's. */
function beginsLine(entry: Entry): boolean {
  return /^[ -]*$/.test(leadOf(entry));
}

/** The value as the one item of a list. */
export function asItem(node: Node): Fix | undefined {
  if (node.kind === 'alias') return undefined;
  if (node.kind === 'mapping' && !node.flow) {
    const own = node.entries.filter(entry => entry.merged !== true);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined || !beginsLine(first)) return undefined;
    return fix(
      'Make it an item of a list',
      insertion(node, first.start, '- '),
      ...indented(node, first.start, last.end),
    );
  }
  const written = flowText(node);
  if (written === '' || written.includes('\n')) return undefined;
  return fix('Put it into a list', replace(node, `[ ${written} ]`));
}

/** Each entry of a map as an item of a list. */
export function asItems(node: Node): Fix | undefined {
  if (node.kind !== 'mapping') return asItem(node);
  const own = node.entries.filter(entry => entry.merged !== true);
  if (own.length === 0) return undefined;
  if (node.flow) {
    const items = own.map(entry => `{ ${node.section.text.slice(entry.start, entry.end)} }`);
    return fix('Make it a list', replace(node, `[ ${items.join(', ')} ]`));
  }
  if (!own.every(beginsLine)) return undefined;
  const edits = own.flatMap(entry => [insertion(node, entry.start, '- '), ...indented(node, entry.start, entry.end)]);
  return fix('Make each of them an item of a list', ...edits);
}
