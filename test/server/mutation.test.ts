// Whole templates, broken on purpose: nearly every mistake is reported on its line, and taking it back takes back what was reported.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from 'vscode-languageserver-types';
import { textEdits } from '../../server/src/features/code-actions.ts';
import { toDiagnostic } from '../../server/src/features/diagnostics.ts';
import { atOnce, openWorkspace, type Workspace } from '../../server/src/index.ts';
import { hasCorpus } from '../corpus.ts';
import { type Mutant, mutants } from './mutants.ts';
import { standardTemplates, wholeTemplates } from './whole-templates.ts';

describe('templates broken on purpose', () => {
  let wrong = 0;
  let slips = 0;
  const missed: string[] = [];
  const notMended: string[] = [];

  it.each(wholeTemplates)('%s', file => {
    const whole = readFileSync(file, 'utf8');
    const uri = pathToFileURL(file).href;
    let source = whole;
    const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));
    const template = workspace.template(uri);
    if ('problem' in template) throw new Error(template.problem);
    const all = mutants(template);
    const before = workspace.diagnostics(uri);
    if (standardTemplates.includes(file)) expect(before).toEqual([]);
    const known = new Set(before.map(saying));
    for (const mutant of all) {
      source = whole.slice(0, mutant.from) + mutant.by + whole.slice(mutant.to);
      const reports = (each: Diagnostic) => isReport(each, known, mutant);
      if (!workspace.diagnostics(uri).some(reports)) missed.push(describeMutant(file, whole, mutant));
      if (mutant.slip === true) {
        slips++;
        if (mended(workspace, uri, source, reports) !== whole) notMended.push(describeMutant(file, whole, mutant));
      }
      source = whole;
      expect(workspace.diagnostics(uri)).toEqual(before);
    }
    wrong += all.length;
  });

  it('at least 97 of 100 are reported on their line', () => {
    console.log(`${wrong} mutants, ${missed.length} not reported on their line:\n${missed.join('\n')}`);
    expect(wrong).toBeGreaterThan(hasCorpus ? 5000 : 500);
    expect(missed.length / wrong).toBeLessThanOrEqual(0.03);
  });

  it('the first fix takes back 99 of 100 slips of the pen', () => {
    console.log(`${slips} slips, ${notMended.length} not taken back:\n${notMended.join('\n')}`);
    expect(notMended.length / slips).toBeLessThanOrEqual(0.01);
  });
});

/** Without its place, which an edit above moves. */
const saying = ({ code, message, range }: Diagnostic) =>
  `${code} ${message} ${range.start.character} ${range.end.character}`;

/** Whether it is new, and on the lines of the mutant. */
function isReport(each: Diagnostic, known: ReadonlySet<string>, { lines: [first, last] }: Mutant): boolean {
  return !known.has(saying(each)) && each.range.start.line <= last && each.range.end.line >= first;
}

/** The text after the first fix of those that come with such diagnostics. */
function mended(workspace: Workspace, uri: string, source: string, reports: (each: Diagnostic) => boolean): string {
  const template = workspace.template(uri);
  if ('problem' in template) throw new Error(template.problem);
  const fixes = atOnce(workspace.findings(template)).flatMap(each => (reports(toDiagnostic(each)) && each.fixes) || []);
  return TextDocument.applyEdits(TextDocument.create(uri, 'tosca', 1, source), textEdits(template, fixes.slice(0, 1)));
}

function describeMutant(file: string, whole: string, { kind, from, to, by }: Mutant): string {
  const line = whole.slice(0, from).split('\n').length;
  return `${path.basename(file)}:${line} ${kind}: ${JSON.stringify(whole.slice(from, Math.min(to, from + 60)))} -> ${JSON.stringify(by)}`;
}
