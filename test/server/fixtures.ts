// Templates with expectations as comments under the line that they speak of:
//   #   ^^^^^^ error unknown-property: Did you mean "command"?
// or, where a line is too short for that: `# @0-5 error code: text`. The text is a part of the message. A near miss, which must not be
// reported, says so: `# fine unknown-property: why`. Beside a fixture with findings that have fixes, NAME.fixed.yaml is what it
// becomes when the first fix of each is made, without these comments.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Diagnostic } from 'vscode-languageserver-types';

export const fixtures = path.join(__dirname, '../fixtures');

export interface Expectation {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly severity: string;
  readonly code: string;
  readonly text: string;
}

const words: Readonly<Record<number, string>> = { 1: 'error', 2: 'warning', 3: 'information', 4: 'hint' };

const mark = /^(\s*#\s*)(\^+|@(\d+)-(\d+)) (error|warning|information|hint) ([\w-]+)(?:: (.*))?$/;
const fineMark = /^\s*#\s*fine ([\w-]+)(?:: .*)?$/;

export function filesIn(folder: string): readonly string[] {
  return readdirSync(path.join(fixtures, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.ya?ml$/.test(name) && !/\.fixed\.yaml$/.test(name))
    .sort()
    .map(name => path.join(fixtures, folder, name));
}

export const readFixture = (file: string) => readFileSync(file, 'utf8');

/** The line that each comment of ours speaks of, with the comment. */
function marks<T>(source: string, read: (line: string) => T | undefined): readonly { line: number; mark: T }[] {
  let spoken = 0;
  return source.split('\n').flatMap((line, index) => {
    if (!mark.test(line) && !fineMark.test(line)) spoken = index;
    const found = read(line);
    return found === undefined ? [] : [{ line: spoken, mark: found }];
  });
}

export function expectations(source: string): readonly Expectation[] {
  return marks(source, line => mark.exec(line) ?? undefined).map(({ line, mark: found }) => {
    const [, lead = '', sign = '', from, to, severity = '', code = '', text = ''] = found;
    const start = from === undefined ? lead.length : Number(from);
    return { line, from: start, to: to === undefined ? start + sign.length : Number(to), severity, code, text };
  });
}

/** The near misses: lines where a rule must find nothing. */
export function fine(source: string): readonly { readonly line: number; readonly code: string }[] {
  return marks(source, line => fineMark.exec(line)?.[1]).map(({ line, mark: code }) => ({ line, code }));
}

export const withoutMarks = (source: string) =>
  source
    .split('\n')
    .filter(line => !mark.test(line) && !fineMark.test(line))
    .join('\n');

/** Both as lines that a person can compare; the expected text stands in for a message that contains it. */
export function compare(diagnostics: readonly Diagnostic[], expected: readonly Expectation[]) {
  const place = (line: number, from: number, to: number) => `${line + 1}:${from}-${to}`;
  const wanted = expected.map(
    each => `${place(each.line, each.from, each.to)} ${each.severity} ${each.code}: ${each.text}`,
  );
  const found = diagnostics.map(({ range, severity, code, message: said }) => {
    const message = String(said);
    const at = place(
      range.start.line,
      range.start.character,
      range.end.line === range.start.line ? range.end.character : -1,
    );
    const match = expected.find(
      each => each.code === code && place(each.line, each.from, each.to) === at && message.includes(each.text),
    );
    return `${at} ${words[severity ?? 1]} ${code}: ${match?.text ?? message}`;
  });
  return { wanted: [...wanted].sort(), found: [...found].sort() };
}
