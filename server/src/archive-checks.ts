// Archives, checked as a whole: which of their files are looked at, and what is said of those that are no templates.
import type { Diagnostic } from 'vscode-languageserver-types';
import { type ArchiveFacts, archiveFacts } from './checks/archive.ts';
import { diagnosticAt, unreadable } from './features/diagnostics.ts';
import type { Library } from './template/library.ts';
import { isArchive, parseArchiveUri, uriInArchive } from './workspace/archive-uri.ts';
import type { Archives } from './workspace/archives.ts';
import { pathOf } from './workspace/disk.ts';
import type { Unread } from './workspace/files.ts';
import { type Archive, metaName } from './workspace/unzip.ts';

export interface ArchiveChecks {
  /** What is said of a file for what an archive is; `only` where it is no template. Undefined for a file that has nothing to do with one. */
  around(uri: string): { readonly diagnostics: Diagnostic[]; readonly only: boolean } | undefined;
  /** URIs of what is to be looked at where an archive is: itself, and the files in it that are TOSCA. */
  inside(uri: string): Promise<readonly string[]>;
  /** URI of the template that an archive is there for, or why there is none. */
  template(uri: string): Promise<string | Unread>;
}

export function openArchiveChecks(archives: Archives, library: Library): ArchiveChecks {
  const known = new WeakMap<Archive, { readonly facts: ArchiveFacts; readonly said: Map<string, Diagnostic[]> }>();

  const of = (archive: Archive, path: string) => {
    const before = known.get(archive);
    if (before !== undefined) return before;
    const facts = archiveFacts(archive, name => {
      const document = library.document(uriInArchive(path, name));
      return 'problem' in document ? undefined : document;
    });
    const made = { facts, said: new Map<string, Diagnostic[]>() };
    known.set(archive, made);
    return made;
  };

  /** The archive, once it is read. */
  async function read(path: string): Promise<Archive | Unread> {
    let archive = archives.get(path);
    for (; 'why' in archive; archive = archives.get(path)) await archives.idle();
    return archive;
  }

  return {
    around(uri) {
      const at = isArchive(uri) ? { archive: pathOf(uri) ?? '', name: '' } : parseArchiveUri(uri);
      if (at === undefined) return undefined;
      const archive = archives.get(at.archive);
      if ('problem' in archive) return at.name === '' ? { diagnostics: unreadable(archive), only: true } : undefined;
      const { facts, said } = of(archive, at.archive);
      const diagnostics =
        said.get(at.name) ??
        facts.findings.flatMap(({ name, range, code, severity, message }) =>
          name === at.name ? [diagnosticAt(range, code, severity, message)] : [],
        );
      said.set(at.name, diagnostics);
      return { diagnostics, only: at.name === '' || at.name === metaName };
    },
    async inside(uri) {
      const path = pathOf(uri) ?? '';
      const archive = await read(path);
      if ('problem' in archive) return [uri];
      const found = new Set(of(archive, path).facts.definitions.map(name => uriInArchive(path, name)));
      for (const each of found) {
        const document = library.document(each);
        if ('problem' in document) continue;
        for (const file of library.catalog(each, document).files) {
          if (parseArchiveUri(file.uri)?.archive === path) found.add(file.uri);
        }
      }
      return [uri, ...(archive.names.has(metaName) ? [uriInArchive(path, metaName)] : []), ...found];
    },
    async template(uri) {
      const path = pathOf(uri) ?? '';
      const archive = await read(path);
      if ('problem' in archive) return archive;
      const { definitions, findings } = of(archive, path).facts;
      const [first] = definitions;
      return first === undefined
        ? { problem: findings[0]?.message ?? `${path} has no template.` }
        : uriInArchive(path, first);
    },
  };
}
