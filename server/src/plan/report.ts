// What planning finds wrong, beside what the checks say of the text: mostly values that come in through inputs.
import type { CodedFinding } from '../checks/check.ts';
import type { Severity } from '../checks/rule.ts';
import type { Span } from '../syntax/nodes.ts';

export type Report = (code: string, at: Span, message: string, severity?: Severity) => void;

export function openReport(): { readonly report: Report; readonly findings: readonly CodedFinding[] } {
  const findings: CodedFinding[] = [];
  return {
    findings,
    report: (code, at, message, severity = 'error') => findings.push({ code, at, message, severity }),
  };
}
