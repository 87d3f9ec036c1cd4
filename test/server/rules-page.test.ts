// The page of rules and the code are in step: every code that can be reported has its section, and no section is of the past.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { archiveCodes } from '../../server/src/checks/archive.ts';
import { rules } from '../../server/src/checks/rules.ts';

const root = path.join(__dirname, '../..');
const sections = [...readFileSync(path.join(root, 'docs/rules.md'), 'utf8').matchAll(/^###? ([a-z-]+)$/gm)].map(
  match => match[1],
);

/** Codes that planning and reading report, as they stand in the sources. */
const reported = ['server/src/plan', 'server/src/features'].flatMap(folder =>
  readdirSync(path.join(root, folder))
    .filter(file => file.endsWith('.ts'))
    .flatMap(file => [
      ...readFileSync(path.join(root, folder, file), 'utf8').matchAll(
        /(?:report\(\s*(?:container,\s*)?|code: |diagnosticAt\([^;]*?)'([a-z]+(?:-[a-z]+)+)'/g,
      ),
    ])
    .map(match => match[1]),
);

it('documents every code, and only those', () => {
  expect([...new Set(sections)].sort()).toEqual(
    [...new Set([...rules.map(rule => rule.code), ...archiveCodes, ...reported])].sort(),
  );
});
