// Findings -> LSP diagnostics.
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver-types';
import { type CodedFinding, check } from '../checks/check.ts';
import type { Severity } from '../checks/rule.ts';
import { rangeOf } from '../syntax/section.ts';
import type { Template } from '../template/template.ts';
import { rulesPage } from '../workspace/bundled.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function diagnose(template: Template): Diagnostic[] {
  return check(template).map(toDiagnostic);
}

export function toDiagnostic(finding: CodedFinding): Diagnostic {
  const { at, code, severity, message, related } = finding;
  return {
    range: rangeOf(at),
    severity: severities[severity],
    code,
    codeDescription: { href: `${rulesPage()}#${code}` },
    source: 'tosca',
    message,
    ...(related && {
      relatedInformation: [
        { location: { uri: related.at.uri, range: rangeOf(related.at.entry.key) }, message: related.message },
      ],
    }),
  };
}
