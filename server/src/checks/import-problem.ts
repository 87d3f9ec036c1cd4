// An import whose file is not there, cannot be had, or is no TOSCA.
import type { SyntaxDocument } from '../syntax/document.ts';
import { entryOf, text } from '../syntax/nodes.ts';
import { type Import, saysSomething } from '../template/library.ts';
import { isWebAddress, rawAddress } from '../workspace/imports.ts';
import { change, fix, removalOfItem } from './fix.ts';
import { nearest } from './nearest.ts';
import type { Finding, Rule, Severity } from './rule.ts';

export const importProblem: Rule = {
  code: 'import-problem',
  severity: 'error',
  of: 'file',
  check({ template: { imports, repositories }, file }, report) {
    if (file === undefined) return;
    const list = entryOf(file.root, 'imports');
    for (const each of imports) {
      const { node, written, unread, file: read } = each;
      if (each.repository !== undefined && !repositories.has(text(each.repository) ?? '')) continue; // said of the repository
      const raw = rawAddress(written);
      if (raw !== undefined)
        report({
          at: node,
          message: `${written} is GitHub's page around the file, not the file: an orchestrator gets HTML from there.`,
          fixes: [change(node, raw)],
        });
      else if (unread !== undefined) {
        const finding = unreadFinding(each);
        if (finding !== undefined) report(finding);
      } else if (read !== undefined && list !== undefined) {
        const why = noTosca(read.document);
        if (why !== undefined)
          report({
            at: node,
            message: `\`${written}\` ${why}.`,
            fixes: [fix('Remove this import', removalOfItem(each.item, list, file.root))],
          });
        else if (each.below !== undefined)
          report({
            at: node,
            severity: 'information',
            message: `\`${written}\` imports in turn: ${each.below}${unchecked}`,
          });
      }
    }
  },
};

const severities: Readonly<Record<string, Severity>> = {
  pending: 'information',
  off: 'information',
  'no-answer': 'warning',
};
const unchecked = ' Names of types are not checked in this file.';

function unreadFinding({ node, written, target, unread, near }: Import): Finding | undefined {
  if (unread === undefined || (unread.why === 'pending' && unread.slow !== true)) return undefined;
  const { problem, why } = unread;
  if (why !== undefined) return { at: node, severity: severities[why] ?? 'error', message: problem + unchecked };
  if (target.kind !== 'local') return { at: node, message: problem };
  const there = near();
  const meant = nearest(stem(written), there.map(stem));
  const found = there.find(each => lastPart(each) === lastPart(written)) ?? there.find(each => stem(each) === meant);
  const hint = found === undefined || isWebAddress(written) ? undefined : found;
  return {
    at: node,
    message: `\`${written}\` cannot be imported: ${problem}${hint === undefined ? '' : ` Did you mean "${hint}"?`}`,
    ...(hint !== undefined && { fixes: [change(node, hint)] }),
  };
}

const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const stem = (path: string) => lastPart(path).replace(/\.[^.]*$/, '');

/** The end of a sentence; undefined for a file that has something of TOSCA. */
function noTosca(document: SyntaxDocument): string | undefined {
  if (document.root.entries.length === 0 && document.problems.length === 0) return 'is empty: it declares nothing';
  return saysSomething(document) || document.problems.length > 0
    ? undefined
    : 'is no TOSCA file: none of its keys is one of TOSCA';
}
