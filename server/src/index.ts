// The language as a library: what the command line uses, and what the connection serves to an editor.
import os from 'node:os';
import type { Diagnostic } from 'vscode-languageserver-types';
import type { Plan } from '../../protocol/src/plan.ts';
import type { PlanParams } from '../../protocol/src/requests.ts';
import { diagnose } from './features/diagnostics.ts';
import { defaultVolumesBasePath, nameFrom, planTemplate } from './plan/plan.ts';
import { type Library, openLibrary } from './template/library.ts';
import { resolveTemplate, type Template } from './template/template.ts';
import { openFiles } from './workspace/files.ts';

export { nameFrom, type PlanOptions, planTemplate } from './plan/plan.ts';
export type { Template } from './template/template.ts';

export interface Workspace {
  /** The template at a URI, as it is now; resolved again only when its text or an import changed. */
  template(uri: string): Template | { readonly problem: string };
  /** Diagnostics of a file; one that cannot be read has one that says why. */
  diagnostics(uri: string): Diagnostic[];
  /** What would be sent for the template at a URI. What is wrong in it stands in the plan's diagnostics. */
  plan(params: PlanParams): Plan | { readonly problem: string };
  /** Lets go of what is kept for a file that was closed; it is read again when somebody asks. */
  forget(uri: string): void;
}

/** `open` gives the text of documents that an editor holds. */
export function openWorkspace(open?: (uri: string) => string | undefined): Workspace {
  const library: Library = openLibrary(openFiles(open));
  const known = new Map<string, Template>();
  const diagnosed = new WeakMap<Template, Diagnostic[]>();
  const template: Workspace['template'] = uri => {
    const document = library.document(uri);
    if ('problem' in document) return document;
    const before = known.get(uri);
    if (before?.document === document && library.catalog(uri, document).catalog === before.catalog) return before;
    const resolved = resolveTemplate(uri, document, library, before);
    known.set(uri, resolved);
    return resolved;
  };
  return {
    template,
    plan({ uri, inputs, name, release, localVolumesHostBasePath }) {
      const found = template(uri);
      if ('problem' in found) return found;
      return planTemplate(found, {
        name: name ?? nameFrom(uri),
        release: release ?? 'deep_1',
        inputs,
        localVolumesHostBasePath: localVolumesHostBasePath ?? defaultVolumesBasePath,
        createdBy: `${os.userInfo().username}@${os.hostname()}`,
        origin: 'tosca-mesos',
      });
    },
    forget(uri) {
      known.delete(uri);
      library.forget(uri);
    },
    diagnostics(uri) {
      const result = template(uri);
      if (!('problem' in result)) {
        const found = diagnosed.get(result) ?? diagnose(result);
        diagnosed.set(result, found);
        return found;
      }
      const start = { line: 0, character: 0 };
      return [
        {
          range: { start, end: start },
          severity: 1,
          code: 'unreadable-file',
          source: 'tosca',
          message: result.problem,
        },
      ];
    },
  };
}
