// One section's text -> nodes. Well-formed text is read by js-yaml, many times as fast; where that finds anything wrong or unusual, the
// `yaml` package reads the section instead, which goes on behind mistakes and says what they are. Problems are collected, never thrown.
import { composeFast } from './compose-fast.ts';
import { composeTolerant } from './compose-tolerant.ts';
import type { SyntaxProblem } from './nodes.ts';
import type { Composed, Section } from './section.ts';

/** Deeper than any template; beyond it the recursion of every reader would be at risk. */
const maxDepth = 200;

/** In UTF-16 units. Far above any entry of a template; what is parsed in one go holds up everything else. */
const maxLength = 2_000_000;

export function compose(section: Section): Composed {
  const { text } = section;
  if (text.length > maxLength)
    return refused(
      section,
      `This part of the file is longer than ${maxLength / 1e6} million characters, and is not read.`,
    );
  if (tooDeep(text))
    return refused(section, `Lists or maps are nested more than ${maxDepth} deep: this part of the file is not read.`);
  return composeFast(section) ?? composeTolerant(section);
}

function refused(section: Section, message: string): Composed {
  const problem: SyntaxProblem = { section, start: 0, end: Math.min(section.text.length, 200), message };
  return { entries: [], other: undefined, problems: [problem], anchors: new Map(), aliases: [], merges: [] };
}

function tooDeep(text: string): boolean {
  let flow = 0;
  let dashes = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x5b: // [
      case 0x7b: // {
        flow++;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        flow--;
        break;
      case 0x0a: // line end
        dashes = 0;
        break;
      case 0x2d: // -
        if (text.charCodeAt(at + 1) === 0x20) dashes++;
        break;
      default:
        continue;
    }
    if (flow > maxDepth || dashes > maxDepth) return true;
  }
  return false;
}
