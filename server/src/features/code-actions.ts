// Quick fixes: the replacement that a finding brings with it.
import { type CodeAction, CodeActionKind } from 'vscode-languageserver-types';
import { check } from '../checks/check.ts';
import { type Range, rangeOf } from '../syntax/section.ts';
import type { Template } from '../template/template.ts';
import { toDiagnostic } from './diagnostics.ts';

export function codeActions(template: Template, range: Range): CodeAction[] {
  return check(template).flatMap(finding => {
    const own = rangeOf(finding.at);
    if (finding.fix === undefined || before(own.end, range.start) || before(range.end, own.start)) return [];
    const { title, text } = finding.fix;
    const action: CodeAction = {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(finding)],
      isPreferred: true,
      edit: { changes: { [template.uri]: [{ range: own, newText: text }] } },
    };
    return [action];
  });
}

function before(one: Range['start'], other: Range['start']): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}
