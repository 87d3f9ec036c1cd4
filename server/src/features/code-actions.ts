// Code actions: the fixes that findings bring with them, one for all of the same kind, and silence.
import { type CodeAction, CodeActionKind, type TextEdit } from 'vscode-languageserver-types';
import type { CodedFinding } from '../checks/check.ts';
import type { Edit, Fix } from '../checks/fix.ts';
import { type Range, rangeOf } from '../syntax/section.ts';
import type { Template } from '../template/template.ts';
import { toDiagnostic } from './diagnostics.ts';

export function codeActions(template: Template, findings: readonly CodedFinding[], range: Range): CodeAction[] {
  const here = findings.filter(({ at }) => {
    const own = rangeOf(at);
    return !before(own.end, range.start) && !before(range.end, own.start);
  });
  const fixes = here.flatMap(finding =>
    (finding.fixes ?? []).flatMap((fix, index) => action(template, fix.title, finding, [fix], index === 0)),
  );
  const codes = [...new Set(here.map(({ code }) => code))];
  const alike = codes.flatMap(code => {
    const first = findings.flatMap(each => (each.code === code && each.fixes?.[0]) || []);
    const finding = here.find(each => each.code === code && each.fixes?.[0] !== undefined);
    return finding === undefined || first.length < 2
      ? []
      : action(template, `Fix all ${first.length} of "${code}" in this file`, finding, first, false);
  });
  const silences = codes.flatMap(code => {
    const finding = here.find(each => each.code === code);
    return finding === undefined
      ? []
      : action(template, `Ignore "${code}" on this line`, finding, [silence(finding)], false);
  });
  return [...fixes, ...alike, ...silences];
}

function action(
  template: Template,
  title: string,
  finding: CodedFinding,
  fixes: readonly Fix[],
  isPreferred: boolean,
): CodeAction[] {
  const edits = textEdits(template, fixes);
  if (edits.length === 0) return [];
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(finding)],
      ...(isPreferred && { isPreferred }),
      edit: { changes: { [template.uri]: edits } },
    },
  ];
}

/** The edits of fixes, in the order of the text; of fixes that cannot be made together, the first is made. One that is at odds with itself is not. */
export function textEdits(template: Template, fixes: readonly Fix[]): TextEdit[] {
  const taken: Edit[] = [];
  for (const fix of fixes) {
    const edits = fix.edits(template);
    const within = edits.some((edit, index) => edits.slice(index + 1).some(other => clash(edit, other)));
    if (!within && !edits.some(edit => taken.some(other => clash(edit, other)))) taken.push(...edits);
  }
  return taken
    .sort((one, other) => placed(one).from - placed(other).from || placed(one).to - placed(other).to)
    .map(edit => textEdit(template, edit));
}

export function textEdit({ document }: Template, edit: Edit): TextEdit {
  const { from, to } = placed(edit);
  return { range: { start: document.positionAt(from), end: document.positionAt(to) }, newText: edit.text };
}

const placed = ({ section, start, end }: Edit) => ({
  from: section.place.offset + start,
  to: section.place.offset + end,
});

/** Two insertions at one place go together if they put different keys at the same depth. */
function clash(one: Edit, other: Edit): boolean {
  const { from, to } = placed(one);
  const own = placed(other);
  const insertions = from === to && own.from === own.to;
  if (insertions && from === own.from) {
    const [indent, key] = /^( *)([^:\n]*)/.exec(one.text)?.slice(1) ?? [];
    const [otherIndent, otherKey] = /^( *)([^:\n]*)/.exec(other.text)?.slice(1) ?? [];
    return indent !== otherIndent || key === otherKey;
  }
  return from < own.to && own.from < to;
}

/** A comment on a line of its own above, for the line itself may be within a text. */
function silence({ at, code }: CodedFinding): Fix {
  const from = at.start - rangeOf(at).start.character;
  const indent = /^ */.exec(at.section.text.slice(from))?.[0] ?? '';
  const text = `${indent}# tosca-ignore: ${code}\n`;
  return { title: '', edits: () => [{ section: at.section, start: from, end: from, text }] };
}

function before(one: Range['start'], other: Range['start']): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}
