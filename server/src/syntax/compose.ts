// One section's text -> nodes. Well-formed text is read by js-yaml, many times as fast; where that finds anything wrong or unusual, the
// `yaml` package reads the section instead, which goes on behind mistakes and says what they are. Problems are collected, never thrown.
import type { Steps } from '../steps.ts';
import { composeFast, composeFastTogether } from './compose-fast.ts';
import { composeTolerant } from './compose-tolerant.ts';
import { Composed, openGathering } from './gather.ts';
import type { Span } from './nodes.ts';
import type { Section } from './section.ts';

/** Deeper than any template; beyond it the recursion of every reader would be at risk. */
const maxDepth = 200;

/** In UTF-16 units. Far above any entry of a template; what is parsed in one go holds up everything else. */
const maxLength = 2_000_000;

/** In UTF-16 units: of sections that are parsed together. Short enough for one of them to be broken, and for others to have their turn. */
const together = 20_000;

export function compose(section: Section): Composed {
  return refused(section) ?? composeFast(section) ?? composeTolerant(section);
}

/** Parses all sections of the entries of a map that are not parsed yet. Yields now and then. */
export function* composeAll(entries: Iterable<Span>): Steps<void> {
  let run: Section[] = [];
  let length = 0;
  for (const { section } of entries) {
    if (section.isParsed) continue;
    if (section.text.length > together) {
      void section.composed;
      yield;
      continue;
    }
    run.push(section);
    length += section.text.length;
    if (length < together) continue;
    yield* composeRun(run);
    run = [];
    length = 0;
  }
  yield* composeRun(run);
}

function* composeRun(run: readonly Section[]): Steps<void> {
  const refusing = run.some(section => tooDeep(section.text));
  const read = run.length < 2 || refusing ? [] : composeFastTogether(run);
  for (const [index, section] of run.entries()) {
    const composed = read[index];
    if (composed !== undefined) {
      section.take(composed);
      continue;
    }
    void section.composed;
    yield;
  }
  yield;
}

/** What is not read at all. */
function refused(section: Section): Composed | undefined {
  const { text } = section;
  const message =
    text.length > maxLength
      ? `This part of the file is longer than ${maxLength / 1e6} million characters, and is not read.`
      : tooDeep(text)
        ? `Lists or maps are nested more than ${maxDepth} deep: this part of the file is not read.`
        : undefined;
  if (message === undefined) return undefined;
  const gathering = openGathering();
  gathering.problems.push({ section, start: 0, end: Math.min(text.length, 200), message });
  return new Composed(undefined, gathering);
}

function tooDeep(text: string): boolean {
  return mayBeDeep(text) && isDeep(text);
}

/** Each level takes a bracket, a dash or a line of its own: most texts have not that many. */
function mayBeDeep(text: string): boolean {
  if (text.length <= 2 * maxDepth) return false;
  return ['[', '{', '- ', '\n'].some(level => {
    let count = 0;
    for (let at = text.indexOf(level); at !== -1; at = text.indexOf(level, at + 1))
      if (++count > maxDepth / 2) return true;
    return false;
  });
}

function isDeep(text: string): boolean {
  const indents: number[] = [];
  let flow = 0;
  let dashes = 0;
  let lineStart = 0;
  let begun = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === lineFeed) {
      lineStart = at + 1;
      begun = false;
      dashes = 0;
      continue;
    }
    if (character === blank) continue;
    if (!begun) {
      begun = true;
      while ((indents.at(-1) ?? -1) >= at - lineStart) indents.pop();
      if (indents.push(at - lineStart) > maxDepth) return true;
    }
    if (character === openBracket || character === openBrace) flow++;
    else if (character === closeBracket || character === closeBrace) flow--;
    else if (character === dash && text.charCodeAt(at + 1) === blank) dashes++;
    if (flow > maxDepth || dashes > maxDepth) return true;
  }
  return false;
}

const lineFeed = 0x0a;
const blank = 0x20;
const dash = 0x2d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
