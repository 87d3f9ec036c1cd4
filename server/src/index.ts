// The language as a library: what the command line uses, and what the connection serves to an editor.
import os from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from 'vscode-languageserver-types';
import type { Plan } from '../../protocol/src/plan.ts';
import type { PlanParams } from '../../protocol/src/requests.ts';
import { openArchiveChecks } from './archive-checks.ts';
import { type CodedFinding, checkInSteps } from './checks/check.ts';
import { toDiagnostic, unreadable } from './features/diagnostics.ts';
import { defaultVolumesBasePath, nameFrom, planTemplate } from './plan/plan.ts';
import { atOnce, type Steps } from './steps.ts';
import { type Library, openLibrary } from './template/library.ts';
import { resolveTemplate, type Template } from './template/template.ts';
import { isArchive, parseArchiveUri } from './workspace/archive-uri.ts';
import { pathOf } from './workspace/disk.ts';
import { defaultLimits } from './workspace/fetch.ts';
import { openFiles, type Unread } from './workspace/files.ts';
import { type ImportMap, readImportMap } from './workspace/imports.ts';
import type { RemoteOptions } from './workspace/remote.ts';
import { defaultSettings, type Settings } from './workspace/settings.ts';

export { nameFrom, type PlanOptions, planTemplate } from './plan/plan.ts';
export { atOnce, type Steps } from './steps.ts';
export type { Template } from './template/template.ts';

export interface Workspace {
  /** Reads the types that most templates need before one asks for them. */
  preload(): void;
  /** The template at a URI, as it is now; resolved again only when its text or an import changed. */
  template(uri: string): Template | Unread;
  /** What the rules find in a template; the same list as long as the template is the same. */
  findings(template: Template): Steps<readonly CodedFinding[]>;
  /** Diagnostics of a file; one that cannot be read has one that says why. The same list as long as nothing changed. */
  diagnosing(uri: string): Steps<Diagnostic[]>;
  /** All steps of `diagnosing` at once. */
  diagnostics(uri: string): Diagnostic[];
  /** What would be sent for the template at a URI. What is wrong in it stands in the plan's diagnostics. */
  plan(params: PlanParams): Plan | { readonly problem: string };
  /** True where that changes anything. */
  configure(settings: Settings): boolean;
  /** Files came or went: what was found is looked at again, as far as it rests on their being there. */
  filesChanged(): void;
  /** Lets go of what is kept for a file that was closed; it is read again when somebody asks. */
  forget(uri: string): void;
  /** URIs of the templates that import a file, as far as they were looked at. */
  importers(uri: string): readonly string[];
  /** A template is there no longer. */
  gone(uri: string): void;
  /** URIs of what is to be looked at where an archive is: itself, and the files in it that are TOSCA. */
  inside(archive: string): Promise<readonly string[]>;
  /** URI of the template that an archive is there for, or why there is none. */
  templateOf(archive: string): Promise<string | Unread>;
  /** The text of a file, wherever it is. */
  text(uri: string): Promise<string | undefined>;
  /**
   * Settled when all that files import is there, or known not to come, or the time has passed that a fetch may take. `fresh`: old copies are
   * not good enough.
   */
  ready(uris: readonly string[], fresh?: boolean): Promise<void>;
  /** Nothing is fetched any more, and what is on its way counts as not answered; settled when that is so. */
  giveUp(): Promise<void>;
}

/** What a workspace may use of the world. Nothing is fetched where `forbidden` is absent. */
export interface Surroundings
  extends Partial<
    Pick<RemoteOptions, 'cache' | 'cacheBytes' | 'limits' | 'delay' | 'patience' | 'proxies' | 'forbidden'>
  > {
  /** The folder that paths in settings are relative to. */
  readonly folder?: () => string | undefined;
  /** Something that was on its way is there, or known not to come: what was found so far may be found otherwise. */
  readonly changed?: () => void;
}

/** `open` gives the text of documents that an editor holds. */
export function openWorkspace(
  open: (uri: string) => string | undefined = () => undefined,
  given: Settings = defaultSettings,
  { folder, changed = () => undefined, forbidden = () => 'imports are not fetched here', ...web }: Surroundings = {},
): Workspace {
  let settings = given;
  let importMap: ImportMap | undefined;
  const files = openFiles(
    open,
    {
      ...web,
      forbidden: () =>
        settings.imports.fetch ? forbidden() : 'fetching imports is switched off (`toscaMesos.imports.fetch`)',
      wanted: address => library.importers(address).length > 0,
      changed,
    },
    changed,
  );
  const library: Library = openLibrary(files, () => {
    importMap ??= readImportMap(settings.imports.map, folder?.());
    return importMap;
  });
  const archives = openArchiveChecks(files.archives, library);
  const known = new Map<string, Template>();
  const found = new WeakMap<Template, readonly CodedFinding[]>();
  const diagnosed = new WeakMap<Template, Diagnostic[]>();

  const template: Workspace['template'] = uri => {
    const document = library.document(uri);
    if ('problem' in document) return document;
    const before = known.get(uri);
    if (before?.document === document) {
      const { catalog, imports } = library.catalog(uri, document);
      if (catalog === before.catalog && imports === before.imports) return before;
    }
    const resolved = resolveTemplate(uri, document, library, settings, before);
    known.set(uri, resolved);
    return resolved;
  };

  function* findings(of: Template): Steps<readonly CodedFinding[]> {
    const all = found.get(of) ?? (yield* checkInSteps(of));
    found.set(of, all);
    return all;
  }

  function* diagnosing(uri: string): Steps<Diagnostic[]> {
    const around = archives.around(uri);
    if (around?.only === true) return around.diagnostics;
    // a long file takes a while in each of these, and is kept by them
    const document = library.document(uri);
    yield;
    if (!('problem' in document)) library.catalog(uri, document);
    yield;
    const result = template(uri);
    if ('problem' in result) return unreadable(result);
    const diagnostics = diagnosed.get(result) ?? [
      ...(around?.diagnostics ?? []),
      ...(yield* findings(result)).map(toDiagnostic),
    ];
    diagnosed.set(result, diagnostics);
    return diagnostics;
  }

  const idle = () => Promise.all([files.remote.idle(), files.archives.idle()]);

  function isPending(uri: string): boolean {
    if (isArchive(uri)) return 'why' in files.archives.get(pathOf(uri) ?? '');
    const result = template(uri);
    if ('problem' in result) return result.why === 'pending';
    return library.catalog(uri, result.document).pending;
  }

  return {
    preload: library.preload,
    template,
    findings,
    diagnosing,
    diagnostics: uri => atOnce(diagnosing(uri)),
    plan({ uri, inputs, name, release, localVolumesHostBasePath }) {
      const result = template(uri);
      if ('problem' in result) return result;
      return planTemplate(result, {
        name: name ?? nameFrom(parseArchiveUri(uri)?.archive ?? uri),
        release: release ?? result.release,
        inputs,
        localVolumesHostBasePath: localVolumesHostBasePath ?? defaultVolumesBasePath,
        createdBy: `${os.userInfo().username}@${os.hostname()}`,
        origin: 'tosca-mesos',
      });
    },
    configure(changed) {
      if (isDeepStrictEqual(settings, changed)) return false;
      settings = changed;
      importMap = undefined;
      known.clear();
      return true;
    },
    filesChanged: () => known.clear(),
    forget(uri) {
      known.delete(uri);
      library.forget(uri);
    },
    importers: library.importers,
    gone: library.gone,
    inside: archives.inside,
    templateOf: archives.template,
    async text(uri) {
      const at = parseArchiveUri(uri);
      if (at !== undefined) {
        files.archives.get(at.archive);
        await files.archives.idle();
      }
      const result = files.read(uri);
      return 'text' in result ? result.text : undefined;
    },
    async ready(uris, fresh = false) {
      const late = AbortSignal.timeout(web.limits?.milliseconds ?? defaultLimits.milliseconds);
      const over = new Promise<void>(resolve => late.addEventListener('abort', () => resolve(), { once: true }));
      while (uris.filter(isPending).length > 0 && !late.aborted) await Promise.race([idle(), over]);
      if (fresh) await Promise.race([idle(), over]);
    },
    async giveUp() {
      files.remote.giveUp();
      await idle();
    },
  };
}
