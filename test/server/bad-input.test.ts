// What no template looks like: each gets one clear sentence, and the next template is read as ever.
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../server/src/index.ts';
import { templatesIn } from '../../server/src/workspace/scan.ts';
import { header } from './features/cursor.ts';

const uri = 'file:///template.yaml';

function messages(source: string): readonly string[] {
  const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));
  return workspace
    .diagnostics(uri)
    .filter(({ severity }) => severity !== 4)
    .map(({ message }) => String(message));
}

const within = (value: string) => `${header}description: ${value}\ntopology_template:\n  node_templates: {}\n`;

describe('a text', () => {
  it('with 10,000 lists in one another', () => {
    expect(messages(within('['.repeat(10_000)))).toEqual([
      'Lists or maps are nested more than 200 deep: this part of the file is not read.',
    ]);
  });

  it('with 1,500 maps in one another, each on a line of its own', () => {
    const lines = Array.from({ length: 1_500 }, (_, depth) => `${' '.repeat(depth)}a:`);
    expect(
      messages(`${header}dsl_definitions:\n ${lines.join('\n ')}\ntopology_template:\n  node_templates: {}\n`),
    ).toEqual(['Lists or maps are nested more than 200 deep: this part of the file is not read.']);
  });

  it('with one value of many millions of characters', () => {
    expect(messages(within('x'.repeat(3_000_000)))).toEqual([
      'This part of the file is longer than 2 million characters, and is not read.',
    ]);
    expect(messages(within('x'.repeat(100_000_000)))).toEqual(['The document is larger than 32 MB and is not read.']);
  });

  it('with aliases that stand for ten aliases each', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const items = level === 0 ? Array(10).fill('x') : Array(10).fill(`*a${level - 1}`);
      return `  a${level}: &a${level} [ ${items.join(', ')} ]`;
    });
    const bomb = `${header}dsl_definitions:\n${levels.join('\n')}\ntopology_template:\n  inputs:\n    x: { type: list, entry_schema: { type: string }, default: *a11 }\n  node_templates: {}\n`;
    const found = messages(bomb);
    expect(new Set(found)).toEqual(
      new Set(['This alias stands for more than 10,000 values, or for itself: it is not followed.']),
    );
  });

  it('with an anchor within itself, and merge keys in a circle', () => {
    const found = messages(`${header}dsl_definitions:\n  a: &a { <<: *b, x: *a }\n  b: &b { <<: *a }\n`);
    expect(found.some(message => message.includes('or for itself'))).toBe(true);
  });
});

describe('a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-bad-input-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const messagesOf = (name: string) =>
    openWorkspace()
      .diagnostics(pathToFileURL(path.join(folder, name)).href)
      .map(({ message }) => String(message));

  it('that is no UTF-8', () => {
    writeFileSync(path.join(folder, 'latin.yaml'), Buffer.from('description: caf\xe9\n', 'latin1'));
    expect(messagesOf('latin.yaml')).toEqual([
      `${path.join(folder, 'latin.yaml')} is not valid UTF-8: save it in that encoding.`,
    ]);
  });

  it('of 100 MB', () => {
    writeFileSync(path.join(folder, 'large.yaml'), '');
    truncateSync(path.join(folder, 'large.yaml'), 100_000_000);
    expect(messagesOf('large.yaml')).toEqual([
      `${path.join(folder, 'large.yaml')} is larger than 32 MB and is not read.`,
    ]);
  });

  it('that is a folder, or is not there', () => {
    expect(messagesOf('')).toEqual([`${folder} is a folder.`]);
    expect(messagesOf('no.yaml')).toEqual([`${path.join(folder, 'no.yaml')} does not exist.`]);
  });

  it('in a folder that links to itself', async () => {
    writeFileSync(path.join(folder, 'one.yaml'), header);
    symlinkSync(folder, path.join(folder, 'loop'), 'dir');
    symlinkSync(path.join(folder, 'gone.yaml'), path.join(folder, 'dangling.yaml'));
    const found: string[] = [];
    for await (const file of templatesIn(folder)) found.push(path.basename(file));
    expect(found).toEqual(['one.yaml']);
  });
});
