// Real templates, broken on purpose: nearly every mistake is reported on its line, and taking it back takes back what was reported.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver-types';
import { openWorkspace } from '../../server/src/index.ts';
import { corpus, hasCorpus } from '../corpus.ts';
import { type Mutant, mutants } from './mutants.ts';

const uri = 'file:///template.yaml';

describe.skipIf(!hasCorpus)('templates broken on purpose', () => {
  const files = hasCorpus
    ? ['examples', 'templates'].flatMap(folder =>
        readdirSync(path.join(corpus, 'indigo', folder))
          .sort()
          .map(file => path.join(corpus, 'indigo', folder, file)),
      )
    : [];
  let wrong = 0;
  const missed: string[] = [];

  it.each(files)('%s', file => {
    const whole = readFileSync(file, 'utf8');
    let source = whole;
    const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));
    const template = workspace.template(uri);
    if ('problem' in template) throw new Error(template.problem);
    const all = mutants(template);
    const before = workspace.diagnostics(uri);
    const known = new Set(before.map(saying));
    for (const mutant of all) {
      source = whole.slice(0, mutant.from) + mutant.by + whole.slice(mutant.to);
      if (!isReported(workspace.diagnostics(uri), known, mutant)) missed.push(describeMutant(file, whole, mutant));
      source = whole;
      expect(workspace.diagnostics(uri)).toEqual(before);
    }
    wrong += all.length;
  });

  it('at least 97 of 100 are reported on their line', () => {
    console.log(`${wrong} mutants, ${missed.length} not reported on their line:\n${missed.join('\n')}`);
    expect(wrong).toBeGreaterThan(1000);
    expect(missed.length / wrong).toBeLessThanOrEqual(0.03);
  });
});

/** Without its place, which an edit above moves. */
const saying = ({ code, message, range }: Diagnostic) =>
  `${code} ${message} ${range.start.character} ${range.end.character}`;

function isReported(diagnostics: readonly Diagnostic[], known: ReadonlySet<string>, { lines }: Mutant): boolean {
  const [first, last] = lines;
  return diagnostics.some(
    each => !known.has(saying(each)) && each.range.start.line <= last && each.range.end.line >= first,
  );
}

function describeMutant(file: string, whole: string, { kind, from, to, by }: Mutant): string {
  const line = whole.slice(0, from).split('\n').length;
  return `${path.basename(file)}:${line} ${kind}: ${JSON.stringify(whole.slice(from, Math.min(to, from + 60)))} -> ${JSON.stringify(by)}`;
}
