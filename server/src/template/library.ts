// Parsed files, kept while their text is the same, and the catalog of types that a template's imports make up.
import { typeKeynames } from '../grammar/keynames.ts';
import { versionOf } from '../grammar/versions.ts';
import { parse, type SyntaxDocument } from '../syntax/document.ts';
import { entries, get, items, type Node, text } from '../syntax/nodes.ts';
import { type Catalog, openCatalog, type TypeFile } from '../types/catalog.ts';
import { normativeFolders } from '../types/normative.ts';
import { bundledFiles } from '../workspace/bundled.ts';
import type { Files } from '../workspace/files.ts';
import { type ImportTarget, importTarget } from '../workspace/imports.ts';

export interface Import {
  /** What is written: a path or URL. */
  readonly node: Node;
  readonly written: string;
  readonly target: ImportTarget;
  /** One sentence, where it leads nowhere. */
  readonly problem: string | undefined;
}

export interface Library {
  /** Lets go of what is kept for a file; importers that are open hold on to it themselves. */
  forget(uri: string): void;
  document(uri: string): SyntaxDocument | { readonly problem: string };
  /** The types of a template: its own, those it imports, the normative ones of its version. */
  catalog(uri: string, document: SyntaxDocument): { readonly catalog: Catalog; readonly imports: readonly Import[] };
}

export function openLibrary(files: Files): Library {
  const parsed = new Map<string, SyntaxDocument>();
  const catalogs = new Map<
    string,
    { readonly files: readonly TypeFile[]; readonly complete: boolean; readonly catalog: Catalog }
  >();

  const document: Library['document'] = uri => {
    const result = files.read(uri);
    if ('problem' in result) return result;
    const previous = parsed.get(uri);
    if (previous?.source === result.text) return previous;
    const next = parse(result.text, previous);
    parsed.set(uri, next);
    return next;
  };

  const bundles = new Map<string, readonly TypeFile[]>();
  /** What comes with the program does not change while it runs. */
  const bundled = (family: string): readonly TypeFile[] => {
    const known = bundles.get(family);
    if (known !== undefined) return known;
    const read = bundledFiles(family).flatMap(uri => {
      const result = document(uri);
      return 'problem' in result ? [] : [{ uri, document: result }];
    });
    bundles.set(family, read);
    return read;
  };

  return {
    document,
    forget(uri) {
      parsed.delete(uri);
      catalogs.delete(uri);
    },
    catalog(uri, template) {
      const all: TypeFile[] = [{ uri, document: template }];
      const seen = new Set([uri]);
      const named = text(get(template.root, 'tosca_definitions_version'));
      let version = named === undefined ? '1.0' : versionOf(named);
      let complete = true;
      const follow = (from: TypeFile): readonly Import[] =>
        importNodes(from.document).map(node => {
          const written = text(node) ?? '';
          const target = importTarget(written, from.uri);
          const failed = (problem: string): Import => {
            complete = false;
            return { node, written, target, problem };
          };
          if (target.kind === 'invalid') return failed(target.problem);
          if (target.kind === 'remote')
            return failed(`${target.url} is not read: only local files and the INDIGO types are.`);
          const key = target.kind === 'bundled' ? `bundled:${target.family}` : target.uri;
          if (seen.has(key)) return { node, written, target, problem: undefined };
          seen.add(key);
          if (target.kind === 'bundled') {
            all.push(...bundled(target.family));
            version = '1.0'; // the INDIGO types build on its types, whatever the template's version
          } else {
            const imported = document(target.uri);
            if ('problem' in imported) return failed(`\`${written}\` cannot be imported: ${imported.problem}`);
            const file = { uri: target.uri, document: imported };
            all.push(file);
            follow(file);
          }
          return { node, written, target, problem: undefined };
        });
      const imports = follow({ uri, document: template });
      all.push(...normativeFolders[version ?? '1.0'].flatMap(bundled));
      if (version === undefined) complete = false;
      const known = catalogs.get(uri);
      if (known !== undefined && known.complete === complete && sameFiles(known.files, all))
        return { catalog: known.catalog, imports };
      const catalog = openCatalog(all, complete, known?.catalog);
      catalogs.set(uri, { files: all, complete, catalog });
      return { catalog, imports };
    },
  };
}

function sameFiles(one: readonly TypeFile[], other: readonly TypeFile[]): boolean {
  return one.length === other.length && one.every((file, index) => sameTypes(file, other[index]));
}

/** Whether two states of a file declare the same types: an entry stays the same object as long as its text does. */
function sameTypes({ document }: TypeFile, other: TypeFile | undefined): boolean {
  if (document === other?.document) return true;
  return Object.values(typeKeynames).every(section => {
    const one = entries(get(document.root, section));
    const two = entries(get(other?.document.root, section));
    return one.length === two.length && one.every((entry, index) => entry === two[index]);
  });
}

/** The nodes that name a file: `- url`, `- name: url`, `- file: url`, `- name: {file: url}`. */
export function importNodes(document: SyntaxDocument): readonly Node[] {
  return items(get(document.root, 'imports')).flatMap(item => {
    if (item.kind === 'scalar') return [item];
    const file = get(item, 'file');
    if (file !== undefined) return file.kind === 'scalar' ? [file] : [];
    return entries(item).flatMap(({ value }) => {
      const node = value?.kind === 'mapping' ? get(value, 'file') : value;
      return node?.kind === 'scalar' ? [node] : [];
    });
  });
}
