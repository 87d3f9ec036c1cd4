// The language as a library: what the command line uses, and what the connection serves to an editor.
import os from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from 'vscode-languageserver-types';
import type { Plan } from '../../protocol/src/plan.ts';
import type { PlanParams } from '../../protocol/src/requests.ts';
import { type CodedFinding, checkInSteps } from './checks/check.ts';
import { toDiagnostic } from './features/diagnostics.ts';
import { defaultVolumesBasePath, nameFrom, planTemplate } from './plan/plan.ts';
import { type Library, openLibrary } from './template/library.ts';
import { resolveTemplate, type Template } from './template/template.ts';
import { openFiles } from './workspace/files.ts';
import { defaultSettings, type Settings } from './workspace/settings.ts';

export { nameFrom, type PlanOptions, planTemplate } from './plan/plan.ts';
export type { Template } from './template/template.ts';

/** Work that yields now and then, so that whoever runs it can let others have their turn, or stop. */
export type Steps<T> = Generator<void, T>;

export interface Workspace {
  /** The template at a URI, as it is now; resolved again only when its text or an import changed. */
  template(uri: string): Template | { readonly problem: string };
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
  /** Lets go of what is kept for a file that was closed; it is read again when somebody asks. */
  forget(uri: string): void;
}

/** `open` gives the text of documents that an editor holds. */
export function openWorkspace(
  open?: (uri: string) => string | undefined,
  given: Settings = defaultSettings,
): Workspace {
  let settings = given;
  const library: Library = openLibrary(openFiles(open));
  const known = new Map<string, Template>();
  const found = new WeakMap<Template, readonly CodedFinding[]>();
  const diagnosed = new WeakMap<Template, Diagnostic[]>();

  const template: Workspace['template'] = uri => {
    const document = library.document(uri);
    if ('problem' in document) return document;
    const before = known.get(uri);
    if (before?.document === document && library.catalog(uri, document).catalog === before.catalog) return before;
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
    // a long file takes a while in each of these, and is kept by them
    const document = library.document(uri);
    yield;
    if (!('problem' in document)) library.catalog(uri, document);
    yield;
    const result = template(uri);
    if ('problem' in result) return [unreadable(result.problem)];
    const diagnostics = diagnosed.get(result) ?? (yield* findings(result)).map(toDiagnostic);
    diagnosed.set(result, diagnostics);
    return diagnostics;
  }

  return {
    template,
    findings,
    diagnosing,
    diagnostics: uri => atOnce(diagnosing(uri)),
    plan({ uri, inputs, name, release, localVolumesHostBasePath }) {
      const result = template(uri);
      if ('problem' in result) return result;
      return planTemplate(result, {
        name: name ?? nameFrom(uri),
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
      known.clear();
      return true;
    },
    forget(uri) {
      known.delete(uri);
      library.forget(uri);
    },
  };
}

/** The result of all steps, without a rest between them. */
export function atOnce<T>(steps: Steps<T>): T {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
  }
}

function unreadable(message: string): Diagnostic {
  const start = { line: 0, character: 0 };
  return { range: { start, end: start }, severity: 1, code: 'unreadable-file', source: 'tosca', message };
}
