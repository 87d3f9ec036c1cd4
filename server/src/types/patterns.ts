// Patterns of constraints, run on an engine whose time grows only with the length of the text: RE2. It is loaded when the first
// pattern is met, for most templates have none.

type Engine = Pick<typeof import('re2js'), 'RE2JS'>;

export type Pattern =
  | { readonly matches: (text: string) => boolean }
  /** A regular expression, but with what RE2 has not: nobody can say what it matches without the risk to hang. */
  | { readonly unsupported: string }
  | { readonly problem: string };

let engine: Engine | undefined;
const known = new Map<string, Pattern>();

export function readPattern(source: string): Pattern {
  const before = known.get(source);
  if (before !== undefined) return before;
  if (known.size > 1000) known.clear();
  const read = compile(source);
  known.set(source, read);
  return read;
}

/** Beyond this, also a linear engine takes its time. */
const maxLength = 10_000;

function compile(source: string): Pattern {
  if (source.length > maxLength) return { unsupported: `it is longer than ${maxLength} characters` };
  engine ??= require('re2js') as Engine;
  const { RE2JS } = engine;
  try {
    const pattern = RE2JS.compile(source);
    return { matches: text => text.length > 100_000 || pattern.matcher(text).matches() };
  } catch (error) {
    if (!isElsewhere(source)) return { problem: reason(error) };
    return { unsupported: 'it has look-around, back references or the like' };
  }
}

/** Whether it is a regular expression to JavaScript, or has what only Java's have; it is not run here. */
function isElsewhere(source: string): boolean {
  if (/[*+?}]\+|\(\?>|&&/.test(source)) return true;
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^error parsing regexp: /, '');
}
