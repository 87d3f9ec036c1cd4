// Findings -> LSP diagnostics.
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver-types';
import type { CodedFinding } from '../checks/check.ts';
import type { Severity } from '../checks/rule.ts';
import { type Range, rangeOf } from '../syntax/section.ts';
import { rulesPage } from '../workspace/bundled.ts';
import type { Unread } from '../workspace/files.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A diagnostic of a file that is not looked at as TOSCA. */
export function diagnosticAt(range: Range, code: string, severity: Severity, message: string): Diagnostic {
  return {
    range,
    severity: severities[severity],
    code,
    codeDescription: { href: `${rulesPage()}#${code}` },
    source: 'tosca',
    message,
  };
}

/** Of a file that is not there: nothing while it is on its way. */
export function unreadable({ problem, why }: Unread): Diagnostic[] {
  const start = { line: 0, character: 0 };
  return why === 'pending' ? [] : [diagnosticAt({ start, end: start }, 'unreadable-file', 'error', problem)];
}

export function toDiagnostic(finding: CodedFinding): Diagnostic {
  const { at, code, severity, message, related, unnecessary } = finding;
  const diagnostic = diagnosticAt(rangeOf(at), code, severity, message);
  if (unnecessary) diagnostic.tags = [DiagnosticTag.Unnecessary];
  if (related !== undefined) {
    const location = { uri: related.at.uri, range: rangeOf(related.at.entry.key) };
    diagnostic.relatedInformation = [{ location, message: related.message }];
  }
  return diagnostic;
}
