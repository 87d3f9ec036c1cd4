// Parsed files, kept while their text is the same, and the catalog of types that a template's imports make up.
import { grammar, typeKeynames } from '../grammar/keynames.ts';
import { versionOf } from '../grammar/versions.ts';
import { parse, type SyntaxDocument } from '../syntax/document.ts';
import { entries, get, name, text } from '../syntax/nodes.ts';
import { type Catalog, openCatalog, type TypeFile } from '../types/catalog.ts';
import { chronosJobType, dockerRuntimeType, marathonAppType } from '../types/indigo.ts';
import { normativeFolders } from '../types/normative.ts';
import { bundledFiles } from '../workspace/bundled.ts';
import { decoded } from '../workspace/decoded.ts';
import type { Files, Unread } from '../workspace/files.ts';
import { type ImportMap, type ImportTarget, importTarget } from '../workspace/imports.ts';
import { openAsked } from './asked.ts';
import { readImports, type WrittenImport } from './imports.ts';

export interface Import extends WrittenImport {
  readonly target: ImportTarget;
  /** Why its file is not there. */
  readonly unread: Unread | undefined;
  /** The file, where it was read and does not come with the program. */
  readonly file: TypeFile | undefined;
  /** What is said of a file that it imports in turn and that is not there, first of all of them. */
  readonly below: string | undefined;
  /** Files that lie where one that is missing was looked for, as they would be written. */
  readonly near: () => readonly string[];
}

/** What a template's names mean, and where that is said. */
export interface Known {
  readonly catalog: Catalog;
  /** Those of the template itself. */
  readonly imports: readonly Import[];
  /** Its own file first, then those that it imports, then the normative ones; the same list as long as all is the same. */
  readonly files: readonly TypeFile[];
  /** Whether something is on its way. */
  readonly pending: boolean;
}

export interface Library {
  /** Reads the types that most templates need before one asks for them. */
  preload(): void;
  /** Lets go of what is kept for a file; importers that are open hold on to it themselves. */
  forget(uri: string): void;
  document(uri: string): SyntaxDocument | Unread;
  /** The types of a template: its own, those it imports, the normative ones of its version. The same object as long as all is the same. */
  catalog(uri: string, document: SyntaxDocument): Known;
  fileExists: Files['exists'];
  /** URIs of the templates that read a file when they were looked at last. */
  importers(uri: string): readonly string[];
  /** A template that is there no longer. */
  gone(uri: string): void;
}

/** Files that one template may import, by all ways. */
const maxFiles = 1000;

export function openLibrary(files: Files, importMap: () => ImportMap): Library {
  const parsed = new Map<string, SyntaxDocument>();
  const catalogs = new Map<string, Known>();
  const asked = openAsked();

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
    preload() {
      const catalog = openCatalog(['indigo', ...normativeFolders['1.0']].flatMap(bundled), true);
      for (const type of [marathonAppType, chronosJobType, dockerRuntimeType]) {
        for (const { type: capability } of catalog.find('node', type)?.capabilities.values() ?? [])
          catalog.find('capability', capability);
      }
    },
    document,
    fileExists: files.exists,
    forget(uri) {
      parsed.delete(uri);
      catalogs.delete(uri);
    },
    importers: asked.by,
    gone: uri => asked.note(uri, new Set()),
    catalog(uri, template) {
      const own: TypeFile = { uri, document: template };
      const all = [own];
      const seen = new Set([uri]);
      const wanted = new Set<string>();
      const map = importMap();
      const named = text(get(template.root, 'tosca_definitions_version'));
      let version = named === undefined ? '1.0' : versionOf(named);
      let complete = true;
      let pending = false;

      const follow = (from: TypeFile, way: readonly string[]): readonly Import[] =>
        readImports(from.document).map(each => {
          const target = targetOf(each, from, map);
          const made = (unread: Unread | undefined, file?: TypeFile, below?: string): Import => {
            if (unread !== undefined) complete = false;
            if (unread?.why === 'pending') pending = true;
            return { target, unread, file, below, near: () => near(target, from.uri), ...each };
          };
          if (target.kind === 'invalid') return made({ problem: target.problem });
          const prefix = (from.prefix ?? '') + (each.prefix === undefined ? '' : `${each.prefix}:`);
          const key = target.kind === 'bundled' ? `bundled:${target.family}` : target.uri;
          const isNew = !seen.has(prefix + key) && !way.includes(key);
          seen.add(prefix + key);
          if (target.kind === 'bundled') {
            version = '1.0'; // the INDIGO types build on its types, whatever the template's version
            if (isNew) all.push(...bundled(target.family).map(file => (prefix === '' ? file : { ...file, prefix })));
            return made(undefined);
          }
          wanted.add(target.uri);
          const imported = target.uri === uri ? template : document(target.uri);
          if ('problem' in imported) return made(imported);
          const file: TypeFile = { uri: target.uri, document: imported, ...(prefix !== '' && { prefix }) };
          if (!isNew) return made(undefined, file);
          if (all.length > maxFiles) return made({ problem: `More than ${maxFiles} files are imported.` });
          // of a file that is broken, or is none of TOSCA, nobody knows what it was to declare
          if (imported.problems.length > 0 || !saysSomething(imported)) complete = false;
          all.push(file);
          const [below] = follow(file, [...way, key]).flatMap(
            inner => (inner.unread?.why === 'pending' ? undefined : inner.unread?.problem) ?? inner.below ?? [],
          );
          return made(undefined, file, below);
        });

      const imports = follow(own, [uri]);
      all.push(...normativeFolders[version ?? '1.0'].flatMap(bundled));
      if (version === undefined) complete = false;
      asked.note(uri, wanted);
      const before = catalogs.get(uri);
      const same = before?.catalog.complete === complete && sameFiles(before.files, all) ? before : undefined;
      if (same?.pending === pending && sameImports(same.imports, imports)) return same;
      const catalog = same?.catalog ?? openCatalog(all, complete, before?.catalog);
      const known: Known = { catalog, imports, files: all, pending };
      catalogs.set(uri, known);
      return known;
    },
  };

  /** A repository is the base of the path; one that is not declared is none. */
  function targetOf({ written, repository }: WrittenImport, from: TypeFile, map: ImportMap): ImportTarget {
    const declared = get(get(from.document.root, 'repositories'), text(repository) ?? '');
    return importTarget(written, from.uri, map, text(declared) ?? text(get(declared, 'url')));
  }

  function near(target: ImportTarget, from: string): readonly string[] {
    if (target.kind !== 'local' || target.mapped || !URL.canParse('.', from)) return [];
    const looked = new URL('.', target.uri).href;
    const own = new URL('.', from).href;
    const isYaml = (name: string) => /\.(ya?ml|tosca)$/i.test(name);
    // it is there, and something else is wrong with it
    if (isYaml(target.uri) && files.exists(target.uri)) return [];
    return [...new Set([looked, own])].flatMap(folder => {
      const lead = folder === own ? '' : relative(own, folder);
      return files
        .list(folder)
        .filter(name => isYaml(name) && folder + encodeURIComponent(name) !== from)
        .map(name => lead + name);
    });
  }
}

/** A folder as it is written in a file of another folder. */
function relative(from: string, to: string): string {
  const [one, two] = [from.split('/'), to.split('/')];
  const common = one.findIndex((part, index) => part !== two[index] || index === one.length - 1);
  return decoded('../'.repeat(one.length - 1 - common) + two.slice(common).join('/'));
}

/** Whether a file has something of TOSCA in it. */
export function saysSomething({ root }: SyntaxDocument): boolean {
  return root.entries.some(entry => Object.hasOwn(grammar['service template'].keynames, name(entry)));
}

function sameImports(one: readonly Import[], other: readonly Import[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ node, item, unread, below, file }, index) => {
      const two = other[index];
      return (
        node === two?.node &&
        item === two.item &&
        unread?.problem === two.unread?.problem &&
        unread?.why === two.unread?.why &&
        below === two.below &&
        file?.document === two.file?.document
      );
    })
  );
}

function sameFiles(one: readonly TypeFile[], other: readonly TypeFile[]): boolean {
  return one.length === other.length && one.every((file, index) => sameTypes(file, other[index]));
}

/** Whether two states of a file declare the same types: an entry stays the same object as long as its text does. */
function sameTypes({ document, uri, prefix }: TypeFile, other: TypeFile | undefined): boolean {
  if (uri !== other?.uri || prefix !== other.prefix) return false;
  if (document === other.document) return true;
  return Object.values(typeKeynames).every(section => {
    const one = entries(get(document.root, section));
    const two = entries(get(other.document.root, section));
    return one.length === two.length && one.every((entry, index) => entry === two[index]);
  });
}
