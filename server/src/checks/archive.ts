// What is wrong with an archive as such: that it cannot be read, its TOSCA.meta, or which of its files is the template.
// Sources: TOSCA Simple Profile in YAML 1.0 to 1.3, "TOSCA Cloud Service Archive (CSAR) format"; openstack/tosca-parser, prereq/csar.py.

import type { SyntaxDocument } from '../syntax/document.ts';
import { entries, get, name, text } from '../syntax/nodes.ts';
import { type Range, rangeOf } from '../syntax/section.ts';
import { type Archive, metaName } from '../workspace/unzip.ts';
import { type MetaEntry, readMeta } from './archive-meta.ts';
import { nearest } from './nearest.ts';
import type { Severity } from './rule.ts';

export const archiveCodes = ['csar-entry', 'csar-meta', 'csar-metadata'] as const;

export interface ArchiveFinding {
  /** Path in the archive; empty for the archive itself. */
  readonly name: string;
  readonly range: Range;
  readonly code: (typeof archiveCodes)[number];
  readonly severity: Severity;
  readonly message: string;
}

export interface ArchiveFacts {
  /** The files that are TOSCA by what the archive says of itself, the template first. */
  readonly definitions: readonly string[];
  readonly findings: readonly ArchiveFinding[];
}

const start = { line: 0, character: 0 };
const nowhere: Range = { start, end: start };

const lastPart = (file: string) => file.slice(file.lastIndexOf('/') + 1);
const isYaml = (file: string) => /\.ya?ml$/i.test(file);

export function archiveFacts(archive: Archive, parse: (name: string) => SyntaxDocument | undefined): ArchiveFacts {
  const meta = archive.texts.get(metaName);
  if (meta === undefined) return withoutMeta(archive, parse);
  if ('problem' in meta)
    return { definitions: [], findings: [finding(metaName, nowhere, 'csar-meta', 'error', meta.problem)] };
  return withMeta(archive, meta.text);
}

function finding(
  file: string,
  range: Range,
  code: ArchiveFinding['code'],
  severity: Severity,
  message: string,
): ArchiveFinding {
  return { name: file, range, code, severity, message };
}

function withMeta(archive: Archive, meta: string): ArchiveFacts {
  const { entries: written, others } = readMeta(meta);
  const findings: ArchiveFinding[] = [];
  const report = (range: Range, severity: Severity, message: string) =>
    findings.push(finding(metaName, range, 'csar-meta', severity, message));
  const of = (key: string) => written.findLast(entry => entry.key === key);

  for (const range of others) report(range, 'error', 'A line `Name: value` is expected here.');
  const seen = new Set<string>();
  for (const { key, keyRange } of written) {
    if (seen.has(key)) report(keyRange, 'warning', `"${key}" is there twice: only the last one counts.`);
    seen.add(key);
  }
  for (const [key, good, example] of versions) {
    const entry = of(key);
    if (entry === undefined) report(nowhere, 'warning', `There is no \`${key}\`: write \`${key}: ${example}\`.`);
    else if (!good.includes(entry.value))
      report(entry.valueRange, 'warning', `\`${key}\` is ${good.join(' or ')}, not "${entry.value}".`);
  }
  if (of('Created-By') === undefined)
    report(nowhere, 'warning', 'There is no `Created-By`: write who or what made the archive.');

  const entry = of('Entry-Definitions');
  if (entry === undefined) {
    const slip = written.find(({ key }) => nearest(key, ['Entry-Definitions']) !== undefined);
    const hint = slip === undefined ? '' : ` Did you mean it by "${slip.key}"?`;
    report(
      slip?.keyRange ?? nowhere,
      'error',
      `There is no \`Entry-Definitions\`: it names the template, as in \`Entry-Definitions: definitions/template.yaml\`.${hint}`,
    );
  }
  const definitions = [...(entry ? [entry.value] : []), ...otherDefinitions(of('Other-Definitions'))];
  for (const file of definitions) {
    const at = file === entry?.value ? entry : of('Other-Definitions');
    if (at === undefined || archive.texts.has(file)) continue;
    const there = [...archive.names].filter(isYaml);
    const meant = there.find(each => lastPart(each) === lastPart(file)) ?? nearest(file, there);
    const why = archive.names.has(file) ? 'is no YAML file' : 'is not in the archive';
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    report(at.valueRange, 'error', `\`${file}\` ${why}: the path is from the top of the archive.${hint}`);
  }
  return { definitions: definitions.filter(file => archive.texts.has(file)), findings };
}

/** Key, values that are right, and the one to write. */
const versions: readonly (readonly [string, readonly string[], string])[] = [
  ['TOSCA-Meta-File-Version', ['1.0', '1.1'], '1.1'],
  ['CSAR-Version', ['1.1'], '1.1'],
];

/** Paths between blanks, each in quotes if it holds one. */
function otherDefinitions(entry: MetaEntry | undefined): readonly string[] {
  return [...(entry?.value.matchAll(/"([^"]+)"|([^\s,"]+)/g) ?? [])].map(
    ([, inQuotes, bare]) => inQuotes ?? bare ?? '',
  );
}

function withoutMeta(archive: Archive, parse: (name: string) => SyntaxDocument | undefined): ArchiveFacts {
  const problem = (message: string): ArchiveFacts => ({
    definitions: [],
    findings: [finding('', nowhere, 'csar-entry', 'error', message)],
  });
  const files = [...archive.names].filter(file => !file.endsWith('/'));
  const meant = files.find(file => file.toLowerCase().endsWith(metaName.toLowerCase()));
  const roots = files.filter(file => !file.includes('/') && isYaml(file));
  const [root, second] = roots;
  if (root === undefined) {
    const [top] = files[0]?.split('/') ?? [];
    if (meant !== undefined && meant !== `${top}/${metaName}`)
      return problem(`The archive has \`${meant}\`, which must be called \`${metaName}\`.`);
    if (
      files.length > 0 &&
      files.every(file => file.startsWith(`${top}/`)) &&
      (meant !== undefined || files.some(isYaml))
    )
      return problem(`Everything in the archive is in the folder \`${top}\`: make it of what is in that folder.`);
    return problem(
      `The archive says nowhere which file is the template: it needs \`${metaName}\`, or one .yaml file at its top.`,
    );
  }
  if (second !== undefined)
    return problem(
      `The archive has no \`${metaName}\` and ${roots.length} YAML files at its top (${roots.join(', ')}): only one may be there, the template.`,
    );
  const document = parse(root);
  return { definitions: [root], findings: document === undefined ? [] : metadataFindings(root, document) };
}

/** Without TOSCA.meta the template itself says what it is. */
function metadataFindings(file: string, { root }: SyntaxDocument): readonly ArchiveFinding[] {
  const metadata = root.entries.find(entry => name(entry) === 'metadata');
  const at = metadata?.key ?? root.entries[0]?.key;
  return ['template_name', 'template_version'].flatMap(key => {
    const own = text(get(metadata?.value, key)) ?? text(entries(root).find(entry => name(entry) === key)?.value);
    if (own !== undefined) return [];
    const message = `The template of an archive without \`${metaName}\` needs \`${key}\` in its \`metadata\`.`;
    return [finding(file, at === undefined ? nowhere : rangeOf(at), 'csar-metadata', 'error', message)];
  });
}
