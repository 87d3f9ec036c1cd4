// Every fixture of test/fixtures/checks, each in a folder named by the rule that it is about: exactly what is expected is found.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rules } from '../../server/src/checks/check.ts';
import { openWorkspace } from '../../server/src/index.ts';
import { compare, expectations, filesIn, fixtures, readFixture } from './fixtures.ts';

const workspace = openWorkspace();

describe.each(filesIn('checks'))('%s', file => {
  it('reports what its comments say, and nothing else', () => {
    const { wanted, found } = compare(workspace.diagnostics(pathToFileURL(file).href), expectations(readFixture(file)));
    expect(found).toEqual(wanted);
  });
});

describe.each(rules.map(rule => rule.code))('%s', code => {
  const own = filesIn('checks').filter(file => path.relative(fixtures, file).split(path.sep)[1] === code);
  it('has a fixture that triggers it', () => {
    expect(own.flatMap(file => expectations(readFixture(file))).some(each => each.code === code)).toBe(true);
  });
});
