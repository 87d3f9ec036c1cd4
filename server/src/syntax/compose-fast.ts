// Well-formed text -> nodes, from the events of js-yaml. What it does not understand, or what is written in an unusual way (keys that are
// maps, values that are only an anchor), is left to compose-tolerant.ts: a test holds that both say the same of the same text.
import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { composed, type Gathering, mappingOf, openGathering } from './gather.ts';
import type { Entry, Node, Scalar } from './nodes.ts';
import type { Composed, Section } from './section.ts';

/** Above what compose.ts lets through. */
const maxDepth = 1000;

const styles: Readonly<Record<ScalarEvent['style'], Scalar['style']>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'block',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'block',
};

/** Undefined where the text is not for this reader. */
export function composeFast(section: Section): Composed | undefined {
  let events: readonly Event[];
  try {
    events = parseEvents(section.text, { maxDepth });
  } catch {
    return undefined;
  }
  const documents = events.filter(event => event.type === EVENT_ID.DOCUMENT).length;
  if (documents > 1 || section.text.startsWith('%')) return undefined;
  const gathering = openGathering();
  const reader = new Reader(section, events, gathering);
  const root = documents === 0 ? undefined : reader.document();
  return reader.unusual ? undefined : composed(root, gathering);
}

class Reader {
  /** Something was met that the other reader must look at. */
  unusual = false;
  readonly #section: Section;
  readonly #events: readonly Event[];
  readonly #gathering: Gathering;
  #at = 0;

  constructor(section: Section, events: readonly Event[], gathering: Gathering) {
    this.#section = section;
    this.#events = events;
    this.#gathering = gathering;
  }

  document(): Node | undefined {
    this.#at = 1;
    return this.#events[1]?.type === EVENT_ID.POP ? undefined : this.#node();
  }

  /** The node of the next event; undefined for nothing at all. */
  #node(): Node | undefined {
    const event = this.#events[this.#at++];
    if (event === undefined || this.unusual) return undefined;
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#scalar(event);
      case EVENT_ID.ALIAS: {
        const { anchorStart, anchorEnd } = event;
        const name = this.#section.text.slice(anchorStart, anchorEnd);
        const alias = { kind: 'alias' as const, name, section: this.#section, start: anchorStart - 1, end: anchorEnd };
        this.#gathering.aliases.push(alias);
        return alias;
      }
      case EVENT_ID.SEQUENCE:
        return this.#remember(event, this.#sequence(event.start, event.style === 2));
      case EVENT_ID.MAPPING:
        return this.#remember(event, this.#mapping(event.start, event.style === 2));
      default:
        this.unusual = true;
        return undefined;
    }
  }

  #remember<T extends Node>({ anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number }, node: T): T {
    if (anchorStart !== -1) this.#gathering.anchors.set(this.#section.text.slice(anchorStart, anchorEnd), node);
    return node;
  }

  #scalar(event: ScalarEvent): Scalar | undefined {
    const { valueStart, valueEnd, anchorStart, tagStart, fast } = event;
    if (valueStart === -1) {
      if (anchorStart !== -1 || tagStart !== -1) this.unusual = true;
      return undefined;
    }
    const { text } = this.#section;
    const style = styles[event.style];
    if (style === 'block' && text.slice(valueStart, valueEnd).trim() === '') this.unusual = true;
    const value = fast ? text.slice(valueStart, valueEnd) : getScalarValue(text, event);
    const quote = style === 'single' || style === 'double' ? 1 : 0;
    const scalar: Scalar = {
      kind: 'scalar',
      value,
      style,
      section: this.#section,
      start: style === 'block' ? this.#headerOf(valueStart) : valueStart - quote,
      end: style === 'block' ? this.#trimmedEnd(valueEnd) : valueEnd + quote,
    };
    return anchorStart === -1 ? scalar : this.#remember(event, scalar);
  }

  /** Where the `|` or `>` stands of a block scalar whose content begins at an offset. */
  #headerOf(content: number): number {
    const { text } = this.#section;
    const lineEnd = text.lastIndexOf('\n', content - 1);
    const lineStart = text.lastIndexOf('\n', lineEnd - 1) + 1;
    const header = /[|>][-+\d]{0,2}[ \t]*(?:[ \t]#.*)?\r?$/.exec(text.slice(lineStart, lineEnd));
    if (header === null) this.unusual = true;
    return lineStart + (header?.index ?? 0);
  }

  #sequence(start: number, flow: boolean): Node {
    const items: Node[] = [];
    let end = start + 1;
    while (!this.#ended()) {
      const item = this.#node();
      if (item === undefined) {
        this.unusual = true; // where an item with nothing in it stands is not known here
        break;
      }
      items.push(item);
      end = item.end;
    }
    return { kind: 'sequence', flow, items, section: this.#section, start, end: flow ? this.#closing(end, ']') : end };
  }

  #mapping(start: number, flow: boolean): Node {
    const entries: Entry[] = [];
    let end = start + 1;
    while (!this.#ended()) {
      const event = this.#events[this.#at];
      const key = this.#node();
      const plain = event?.type === EVENT_ID.SCALAR && event.anchorStart === -1 && event.tagStart === -1;
      if (!plain || key?.kind !== 'scalar' || key.style === 'block') {
        this.unusual = true;
        break;
      }
      const value = this.#node();
      end = value?.end ?? key.end;
      entries.push({ section: this.#section, key, value, start: key.start, end });
    }
    const braces = flow && this.#section.text[start] === '{';
    const span = { section: this.#section, start, end: braces ? this.#closing(end, '}') : end };
    return mappingOf({ kind: 'mapping', flow, entries, ...span }, this.#gathering);
  }

  #ended(): boolean {
    if (this.unusual) return true;
    const event = this.#events[this.#at];
    if (event !== undefined && event.type !== EVENT_ID.POP) return false;
    this.#at++;
    return true;
  }

  /** Behind the bracket that closes a flow collection whose last text ends at an offset. */
  #closing(from: number, bracket: string): number {
    const { text } = this.#section;
    for (let at = from; at < text.length; at++) {
      const character = text[at];
      if (character === bracket) return at + 1;
      if (character === '#') {
        const lineEnd = text.indexOf('\n', at);
        if (lineEnd === -1) break;
        at = lineEnd;
      } else if (character !== ' ' && character !== ',' && character !== ':' && !/\s/.test(character ?? '')) break;
    }
    this.unusual = true;
    return from;
  }

  #trimmedEnd(end: number): number {
    const { text } = this.#section;
    let at = end;
    while (at > 0 && /\s/.test(text[at - 1] ?? '')) at--;
    return at;
  }
}
