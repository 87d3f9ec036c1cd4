// Every fixture of test/fixtures/checks, each in a folder named by the rule that it is about: exactly what is expected is found, and the
// fixes make of it what stands beside it. `UPDATE_FIXED=1 npx vitest run test/server/checks.test.ts` writes those texts, to be looked at.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { rules } from '../../server/src/checks/rules.ts';
import { textEdits } from '../../server/src/features/code-actions.ts';
import { atOnce, openWorkspace } from '../../server/src/index.ts';
import { compare, expectations, filesIn, fine, fixtures, readFixture, withoutMarks } from './fixtures.ts';

const workspace = openWorkspace();

/** Tidiness (an input that nothing uses) is looked at only in the fixtures that are about it: the others need not be tidy. */
const isOfInterest = (file: string) => {
  const own = path.relative(fixtures, file).split(path.sep)[1];
  const expected = expectations(readFixture(file)).map(({ code }) => code);
  return ({ severity, code }: { severity?: unknown; code?: unknown }) =>
    (severity !== 'hint' && severity !== 4) || code === own || expected.some(each => each === code);
};

/** The text after the first fix of every finding; undefined where no finding has one. */
function fixed(file: string): string | undefined {
  const uri = pathToFileURL(file).href;
  const template = workspace.template(uri);
  if ('problem' in template) return undefined;
  const fixes = atOnce(workspace.findings(template))
    .filter(isOfInterest(file))
    .flatMap(finding => finding.fixes?.[0] ?? []);
  const edits = textEdits(template, fixes);
  if (edits.length === 0) return undefined;
  const document = TextDocument.create(uri, 'tosca', 1, readFixture(file));
  return withoutMarks(TextDocument.applyEdits(document, edits));
}

describe.each(filesIn('checks'))('%s', file => {
  const source = readFixture(file);
  const diagnostics = () => workspace.diagnostics(pathToFileURL(file).href).filter(isOfInterest(file));

  it('reports what its comments say, and nothing else', () => {
    const { wanted, found } = compare(diagnostics(), expectations(source));
    expect(found).toEqual(wanted);
  });

  it('has near misses that are fine', () => {
    const reported = diagnostics().map(({ range, code }) => `${range.start.line + 1} ${code}`);
    const misses = fine(source).map(({ line, code }) => `${line + 1} ${code}`);
    expect(misses.filter(miss => reported.includes(miss))).toEqual([]);
  });

  it('is mended by its fixes', () => {
    const beside = file.replace(/\.ya?ml$/, '.fixed.yaml');
    const text = fixed(file);
    if (process.env.UPDATE_FIXED !== undefined && text !== undefined) writeFileSync(beside, text);
    expect(existsSync(beside) ? readFixture(beside) : undefined).toBe(text);
  });
});

describe.each(rules.map(rule => rule.code))('%s', code => {
  const own = filesIn('checks').filter(file => path.relative(fixtures, file).split(path.sep)[1] === code);
  it('has a fixture that triggers it, and a near miss', () => {
    expect(own.flatMap(file => expectations(readFixture(file))).some(each => each.code === code)).toBe(true);
    expect(own.flatMap(file => fine(readFixture(file))).some(each => each.code === code)).toBe(true);
  });
});
