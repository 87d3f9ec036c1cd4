// The imports of a file as they are written, in all forms that TOSCA 1.0 to 1.3 has.
import type { SyntaxDocument } from '../syntax/document.ts';
import { type Entry, entries, entryOf, get, items, type Node, text } from '../syntax/nodes.ts';

/**
 * `short`: `- url`. `named`: `- name: url`. `extended`: `- {file: url, repository: ...}` (since 1.2; with `file` alone it is as good
 * as named). `named-extended`: `- name: {file: url, ...}`.
 */
export type ImportForm = 'short' | 'named' | 'extended' | 'named-extended';

export interface WrittenImport {
  readonly form: ImportForm;
  /** The list's item. */
  readonly item: Node;
  /** What is written: a path or URL. */
  readonly node: Node;
  readonly written: string;
  readonly repository: Node | undefined;
  readonly prefix: string | undefined;
  /** The entry that names it, and those of its item that speak of something else. */
  readonly entry: Entry | undefined;
  readonly others: readonly Entry[];
}

const extendedKeys = new Set(['file', 'repository', 'namespace_prefix', 'namespace_uri']);

/** One for each file that is named, in the order of the text. */
export function readImports({ root }: SyntaxDocument): readonly WrittenImport[] {
  return items(get(root, 'imports')).flatMap(item => {
    if (item.kind === 'scalar') return item.value === '' ? [] : [made('short', item, item, undefined, undefined, [])];
    const file = entryOf(item, 'file');
    if (file?.value !== undefined && file.value.kind !== 'mapping') {
      const others = entries(item).filter(entry => entry !== file);
      return file.value.kind === 'scalar' ? [made('extended', item, file.value, item, file, others)] : [];
    }
    return entries(item).flatMap((entry, index, all) => {
      const { value } = entry;
      const node = value?.kind === 'mapping' ? get(value, 'file') : value;
      if (node?.kind !== 'scalar') return [];
      const form = value?.kind === 'mapping' ? 'named-extended' : 'named';
      return [made(form, item, node, value, entry, index === 0 ? all.slice(1) : [])];
    });
  });
}

function made(
  form: ImportForm,
  item: Node,
  node: Node,
  keys: Node | undefined,
  entry: Entry | undefined,
  others: readonly Entry[],
): WrittenImport {
  const prefix = text(get(keys, 'namespace_prefix'));
  return {
    form,
    item,
    node,
    written: text(node) ?? '',
    repository: get(keys, 'repository'),
    prefix: prefix === '' ? undefined : prefix,
    entry,
    others,
  };
}

/** Whether a key says something about an import, and is no name of one. */
export const isImportKey = (key: string): boolean => extendedKeys.has(key);
