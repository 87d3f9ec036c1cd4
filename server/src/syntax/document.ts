// A whole file: cut into sections at its natural seams, each parsed when it is first asked for and kept until its text changes.
// A broken section leaves the others whole.
import { compose } from './compose.ts';
import type { Entry, Mapping, Node, Scalar, SyntaxProblem } from './nodes.ts';
import { lineStarts, type Position, Section } from './section.ts';

export interface SyntaxDocument {
  readonly text: string;
  readonly root: Mapping;
  /** In the order of the text. Asking for them parses every section. */
  readonly problems: readonly SyntaxProblem[];
  readonly sections: readonly Section[];
  /** The node that `*name` stands for. */
  anchor(name: string): Node | undefined;
  offsetAt(position: Position): number;
}

/** Maps whose entries are sections of their own, by the path of their key. */
const cutInside: Readonly<Record<string, readonly string[]>> = {
  '': [
    'topology_template',
    'node_types',
    'capability_types',
    'data_types',
    'relationship_types',
    'artifact_types',
    'interface_types',
    'policy_types',
    'group_types',
  ],
  topology_template: ['inputs', 'node_templates', 'relationship_templates', 'outputs', 'groups', 'workflows'],
};

interface Line {
  readonly start: number;
  /** Blanks before the first character. */
  readonly indent: number;
  /** Blank, or a comment. */
  readonly empty: boolean;
}

/** Parses a file. `previous` lends the sections whose text is still the same. */
export function parse(source: string, previous?: SyntaxDocument): SyntaxDocument {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const starts = lineStarts(text);
  const lines = starts.map((start, index) => lineAt(text, start, starts[index + 1] ?? text.length));
  const kept = new Map<string, Section[]>();
  for (const section of previous?.sections ?? []) {
    const same = kept.get(section.text);
    if (same === undefined) kept.set(section.text, [section]);
    else same.push(section);
  }
  const sections: Section[] = [];
  const section = (from: number, to: number): Section => {
    const place = { offset: starts[from] ?? text.length, line: from };
    const own = text.slice(place.offset, starts[to] ?? text.length);
    const reused = kept.get(own)?.shift();
    if (reused !== undefined) reused.place = place;
    const result = reused ?? new Section(own, place, compose);
    sections.push(result);
    return result;
  };

  const end = lastLine(text, lines);
  const rootEntries = cut(0, end, 0, '');
  const whole = new Section(text, { offset: 0, line: 0 }, compose);
  const root: Mapping = {
    kind: 'mapping',
    flow: false,
    entries: rootEntries,
    section: whole,
    start: 0,
    end: text.length,
  };
  let problems: readonly SyntaxProblem[] | undefined;

  return {
    text: source,
    root,
    sections,
    get problems() {
      problems ??= [...sections.flatMap(problemsOf), ...secondDocument(end)];
      return problems;
    },
    anchor: name => sections.map(each => each.composed.anchors.get(name)).find(node => node !== undefined),
    offsetAt: ({ line, character }) => {
      const start = starts[line];
      return start === undefined ? text.length : Math.min(start + character, starts[line + 1] ?? text.length);
    },
  };

  /** The entries of the block mapping in lines [from, to) whose keys stand at `indent`. */
  function cut(from: number, to: number, indent: number, path: string): readonly Entry[] {
    const result: Entry[] = [];
    let first = from;
    while (first < to && (lines[first]?.empty ?? true)) first++;
    for (let at = from; first < to; first = at) {
      at = first + 1;
      while (at < to && !opensEntry(at, indent)) at++;
      result.push(...entriesOf(first, at, indent, path));
    }
    return result;
  }

  function opensEntry(index: number, indent: number): boolean {
    const line = lines[index];
    if (line === undefined || line.empty || line.indent !== indent) return false;
    const character = text[line.start + indent];
    return !(character === '-' || character === '}' || character === ']' || character === '\t');
  }

  function entriesOf(from: number, to: number, indent: number, path: string): readonly Entry[] {
    const header = simpleKey(text, (starts[from] ?? 0) + indent, starts[from + 1] ?? text.length);
    if (header === undefined) return section(from, to).composed.entries;
    const inner = header.bare && cutInside[path]?.includes(header.name) ? childIndent(from + 1, to, indent) : undefined;
    if (inner === undefined) return [lazyEntry(section(from, to), indent, header.name)];
    const own = section(from, from + 1);
    const key = keyOf(own, indent, header.name);
    const children = cut(from + 1, to, inner, header.name);
    const value: Mapping = {
      kind: 'mapping',
      flow: false,
      entries: children,
      section: own,
      start: key.end,
      end: own.text.trimEnd().length,
    };
    return [{ section: own, key, value, start: key.start, end: value.end }];
  }

  /** The indentation of a block mapping's keys in lines [from, to), or undefined where the lines are not one. */
  function childIndent(from: number, to: number, parent: number): number | undefined {
    let inner: number | undefined;
    for (let index = from; index < to; index++) {
      const line = lines[index];
      if (line === undefined || line.empty) continue;
      inner ??= line.indent;
      if (inner <= parent || line.indent < inner) return undefined;
      const character = text[line.start + line.indent];
      if (character === '\t' || (line.indent === inner && (character === '-' || character === '{'))) return undefined;
    }
    return inner;
  }

  /** Only the first document of a file is TOSCA; it ends at the next `---` or `...`. */
  function secondDocument(at: number): readonly SyntaxProblem[] {
    if (at >= lines.length) return [];
    const rest = text.slice(starts[at] ?? text.length);
    if (/^\.\.\.\s*$/.test(rest)) return [];
    const own = new Section(rest, { offset: starts[at] ?? text.length, line: at }, compose);
    return [{ section: own, start: 0, end: 3, message: 'Only the first document of a file is read as TOSCA.' }];
  }
}

function problemsOf(section: Section): readonly SyntaxProblem[] {
  const { problems, other } = section.composed;
  return other === undefined || problems.length > 0
    ? problems
    : [{ section, start: other.start, end: other.end, message: 'A key with a colon is expected here.' }];
}

function lineAt(text: string, start: number, end: number): Line {
  let at = start;
  while (at < end && text[at] === ' ') at++;
  const character = text[at];
  const empty = at >= end || character === '\n' || character === '\r' || character === '#' || character === undefined;
  return { start, indent: at - start, empty };
}

function lastLine(text: string, lines: readonly Line[]): number {
  let begun = false;
  for (const [index, { start, indent, empty }] of lines.entries()) {
    if (empty) continue;
    if (indent === 0 && /^(---|\.\.\.)(\s|$)/.test(text.slice(start, start + 4))) {
      if (begun) return index;
    }
    begun = true;
  }
  return lines.length;
}

/** A plain key at the start of a line that needs no parser: its name, and whether nothing but a comment follows the colon. */
function simpleKey(
  text: string,
  start: number,
  end: number,
): { readonly name: string; readonly bare: boolean } | undefined {
  const match = /^([A-Za-z_][\w.-]*):(?=\s|$)[ \t]*(#.*)?(.?)/.exec(text.slice(start, end).replace(/[\r\n]+$/, ''));
  return match === null ? undefined : { name: match[1] ?? '', bare: match[3] === '' };
}

function keyOf(section: Section, indent: number, name: string): Scalar {
  return { kind: 'scalar', value: name, style: 'plain', section, start: indent, end: indent + name.length };
}

/** An entry whose key is known from the line scan and whose value is parsed when it is first asked for. */
function lazyEntry(section: Section, indent: number, name: string): Entry {
  const key = keyOf(section, indent, name);
  return {
    section,
    key,
    start: key.start,
    get value() {
      return section.composed.entries[0]?.value;
    },
    get end() {
      return section.composed.entries[0]?.end ?? key.end;
    },
  };
}
