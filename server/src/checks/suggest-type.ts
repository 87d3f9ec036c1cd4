// What to do about a name of a type that nobody declares: another name, or an import.
import { entryOf, items, type Mapping, type Node } from '../syntax/nodes.ts';
import { indigoAddress } from '../workspace/imports.ts';
import { type Edit, type Fix, leadOf } from './fix.ts';
import { nearestType, type Suggestion, suggest } from './nearest.ts';

const isIndigo = (name: string) => /^tosca\.\w+\.indigo\./.test(name);

export function suggestType(at: Node, wanted: string, known: readonly string[]): Suggestion {
  if (!isIndigo(wanted) || known.some(isIndigo)) return suggest(at, nearestType(wanted, known));
  return { text: ' Types that are called so are INDIGO’s: import them.', fixes: [importIndigo] };
}

const importIndigo: Fix = {
  title: 'Import the INDIGO types',
  edits: ({ document: { root } }) => addImport(root, `indigo_custom_types: ${indigoAddress}`),
};

/** An import behind those that are there, or behind the first key of the file. */
function addImport(root: Mapping, written: string): readonly Edit[] {
  const imports = entryOf(root, 'imports');
  const value = imports?.value;
  if (value !== undefined && (value.kind !== 'sequence' || value.flow)) return [];
  const list = items(value);
  const last = list.at(-1);
  const after = last ?? imports?.key ?? entryOf(root, 'tosca_definitions_version')?.key;
  if (after === undefined) return [];
  const { section } = after;
  const { text } = section;
  const lead = last === undefined ? '  - ' : leadOf(last);
  const line = `${imports === undefined ? 'imports:\n' : ''}${lead}${written}\n`;
  const end = text.indexOf('\n', Math.max(after.start, after.end - 1));
  const at = end === -1 ? text.length : end + 1;
  return [{ section, start: at, end: at, text: end === -1 ? `\n${line.trimEnd()}` : line }];
}
