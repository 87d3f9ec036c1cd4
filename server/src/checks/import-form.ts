// How an import is written. INDIGO's production parser reads `- name: url` only, and of an item only the first key.
// Sources: indigo-dc/alien4cloud (ImportParser, tosca_simple_yaml_1_0 mapping); TOSCA Simple Profile in YAML 1.0 to 1.3, import definition.
import { isBefore } from '../grammar/versions.ts';
import { type Entry, entryOf, name, rawText } from '../syntax/nodes.ts';
import { isImportKey } from '../template/imports.ts';
import type { Import } from '../template/library.ts';
import type { TemplateView } from '../template/template.ts';
import { change, type Fix, fix, flowText, leadOf, removal, replace } from './fix.ts';
import type { Finding, Rule } from './rule.ts';

export const importForm: Rule = {
  code: 'import-form',
  severity: 'error',
  of: 'file',
  check({ template, file }, report) {
    if (file === undefined) return;
    const list = entryOf(file.root, 'imports');
    const production = template.dialect === 'orchestrator';
    if (production && list !== undefined && list.value === undefined)
      report({
        at: list.key,
        message: 'The Orchestrator fails with HTTP 500 at `imports` with nothing under it: take the line away.',
        fixes: [fix('Remove "imports"', removal(list, file.root))],
      });
    for (const each of template.imports) {
      const finding = production ? inProduction(each) : byTheStandard(each, template);
      if (finding !== undefined) report(finding);
    }
  },
};

function inProduction(each: Import): Finding | undefined {
  const { form, node, entry, others, item } = each;
  if (form === 'short')
    return {
      at: node,
      message: 'The Orchestrator fails with HTTP 500 at an import without a name: write `- name: URL`.',
      fixes: [change(node, `${nameOf(each)}: ${flowText(node)}`, `Change to "${nameOf(each)}: …"`)],
    };
  if (form === 'named-extended' && entry !== undefined)
    return {
      at: entry.key,
      message:
        'The Orchestrator refuses an import with keys of its own (SYNTAX_ERROR): write `- name: URL`, the whole address in one.',
      fixes: plain(each, entry.key.end, entry.value?.end, ': '),
    };
  if (others.length === 0) return undefined;
  if (form === 'extended') {
    const counts = item.kind === 'mapping' ? item.entries[0] : undefined;
    const message =
      counts === entry
        ? `The Orchestrator reads only the first key of an import: ${others.map(other => `\`${name(other)}\``).join(' and ')} count for nothing.`
        : `The Orchestrator takes the first key, \`${counts === undefined ? '' : name(counts)}\`, for the name of the import and what is behind it for the address: write \`- name: URL\`.`;
    return {
      at: counts === entry && others[0] !== undefined ? others[0].key : (counts?.key ?? node),
      severity: counts === entry && each.repository === undefined && each.prefix === undefined ? 'warning' : 'error',
      message,
      fixes: plain(each, item.start, item.end, `${nameOf(each)}: `),
    };
  }
  return several(each, 'The Orchestrator reads only the first of them.');
}

function byTheStandard(each: Import, { version }: TemplateView): Finding | undefined {
  const { form, others } = each;
  if (form === 'named') return others.length === 0 ? undefined : several(each, '');
  const [first] = others;
  if (form !== 'extended' || first === undefined) return undefined;
  if (version !== undefined && isBefore(version, '1.2') && isImportKey(name(first)))
    return {
      at: first.key,
      severity: 'warning',
      message: `An import in this form is there since TOSCA 1.2: in ${version}, write \`- name: { file: …, ${name(first)}: … }\`.`,
    };
  return undefined;
}

function several(each: Import, effect: string): Finding | undefined {
  const [first] = each.others;
  if (first === undefined) return undefined;
  const split = splitAt(each, each.others);
  return {
    at: first.key,
    severity: 'warning',
    message: `There is one import in each item: begin a new item with \`- \`.${effect === '' ? '' : ` ${effect}`}`,
    ...(split && { fixes: [split] }),
  };
}

/** Each further entry, in block style, as an item of its own. */
function splitAt({ item }: Import, others: readonly Entry[]): Fix | undefined {
  if (item.kind !== 'mapping' || item.flow) return undefined;
  const { section } = item;
  const lead = leadOf(item);
  if (!/^ *- *$/.test(lead)) return undefined;
  return fix(
    'Make an item of each',
    ...others.map(other => replace({ section, start: other.start - lead.length, end: other.start }, lead)),
  );
}

/** The import with its whole address in one, where the keys beside it say no more than that. */
function plain(each: Import, start: number, end: number | undefined, lead: string): readonly Fix[] {
  const { target, node, prefix, repository } = each;
  if (end === undefined || prefix !== undefined) return [];
  const address =
    repository === undefined
      ? rawText(node)
      : target.kind === 'remote' || target.kind === 'bundled'
        ? target.uri
        : undefined;
  if (address === undefined) return [];
  const { section } = node;
  return [fix('Write name and address only', replace({ section, start, end }, lead + address))];
}

/** A name for an import that has none: INDIGO's files call theirs so, others are called like their file. */
function nameOf({ target, written }: Import): string {
  if (target.kind === 'bundled') return 'indigo_custom_types';
  const base = written.split(/[?#]/)[0]?.split(/[\\/]/).at(-1) ?? '';
  return (
    base
      .replace(/\.[^.]*$/, '')
      .replace(/\W+/g, '_')
      .replace(/^(?=\d)/, '_') || 'types'
  );
}
