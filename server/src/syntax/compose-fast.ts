// Well-formed text -> nodes, from the events of js-yaml. What it does not understand, or what is written in an unusual way (keys that are
// maps, values that are only an anchor), is left to compose-tolerant.ts: a test holds that both say the same of the same text.
import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { Composed, endWithoutBlanks, type Gathering, mappingOf, openGathering } from './gather.ts';
import type { Entry, Mapping, Node, Scalar } from './nodes.ts';
import type { Section } from './section.ts';

/** Above what compose.ts lets through. */
const maxDepth = 1000;

const flowStyle = 2;

const styles: Readonly<Record<ScalarEvent['style'], Scalar['style']>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'block',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'block',
};

/** Undefined where the text is not for this reader. */
export function composeFast(section: Section): Composed | undefined {
  const { text } = section;
  const events = eventsOf(text);
  if (events === undefined) return undefined;
  const documents = events.filter(event => event.type === EVENT_ID.DOCUMENT).length;
  if (documents > 1 || text.startsWith('%')) return undefined;
  const reader = new Reader(section, text, 0, events, 1);
  const root = documents === 0 ? undefined : reader.document();
  return reader.unusual ? undefined : new Composed(root, reader.gathering);
}

/**
 * Sections that follow one another in one block map, read in one go, which is quicker than one by one: a long file opens an eighth sooner.
 * Undefined for each that is not for this reader; none where they cannot be told apart.
 */
export function composeFastTogether(sections: readonly Section[]): readonly (Composed | undefined)[] {
  const text = sections.map(section => section.text).join('');
  const events = text.includes('\uFEFF') ? undefined : eventsOf(text);
  const map = events?.[1];
  if (events === undefined || map?.type !== EVENT_ID.MAPPING || map.style === flowStyle) return [];
  if (map.anchorStart !== -1 || map.tagStart !== -1) return [];
  const read: (Composed | undefined)[] = [];
  let at = 2;
  let base = 0;
  for (const section of sections) {
    const reader = new Reader(section, text, base, events, at);
    const part = reader.part();
    if (part === undefined) return [];
    read.push(reader.unusual ? undefined : new Composed(part, reader.gathering));
    at = reader.at;
    base += section.text.length;
  }
  // the map ends there, and so does the document
  return at === events.length - 2 ? read : [];
}

function eventsOf(text: string): readonly Event[] | undefined {
  try {
    return parseEvents(text, { maxDepth });
  } catch {
    return undefined;
  }
}

/** Reads the nodes of a section from the events of a text in which it starts at `base`. */
class Reader {
  /** Something was met that the other reader must look at. */
  unusual = false;
  readonly gathering: Gathering = openGathering();
  readonly #section: Section;
  readonly #text: string;
  readonly #base: number;
  /** Where the section ends in the text. */
  readonly #end: number;
  readonly #events: readonly Event[];
  #at: number;

  constructor(section: Section, text: string, base: number, events: readonly Event[], at: number) {
    this.#section = section;
    this.#text = text;
    this.#base = base;
    this.#end = base + section.text.length;
    this.#events = events;
    this.#at = at;
  }

  /** Index of the next event. */
  get at(): number {
    return this.#at;
  }

  document(): Node | undefined {
    return this.#events[this.#at]?.type === EVENT_ID.POP ? undefined : this.#node();
  }

  /**
   * Of the map of a text with several sections, the entries that stand in this one; undefined where there are none, for then what began
   * further up goes on here. The next section's events follow, also where something unusual was met.
   */
  part(): Mapping | undefined {
    const first = this.#at;
    const entries: Entry[] = [];
    while (!this.unusual && this.#isWithin()) {
      const entry = this.#entry();
      if (entry !== undefined) entries.push(entry);
    }
    if (this.unusual) {
      this.#at = first;
      while (this.#isWithin()) {
        this.#skip(); // the key
        this.#skip(); // and its value
      }
    }
    if (this.#at === first) return undefined;
    const [start, end] = [entries[0]?.start ?? 0, entries.at(-1)?.end ?? 0];
    return mappingOf({ kind: 'mapping', flow: false, entries, section: this.#section, start, end }, this.gathering);
  }

  /** Whether the next event is a key in this section. */
  #isWithin(): boolean {
    const event = this.#events[this.#at];
    if (event?.type === EVENT_ID.SCALAR) return event.valueStart < this.#end;
    if (event?.type === EVENT_ID.ALIAS) return event.anchorStart < this.#end;
    return (event?.type === EVENT_ID.SEQUENCE || event?.type === EVENT_ID.MAPPING) && event.start < this.#end;
  }

  /** Passes over a node. */
  #skip(): void {
    let depth = 0;
    do {
      const type = this.#events[this.#at++]?.type;
      if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth++;
      if (type === EVENT_ID.POP || type === undefined) depth--;
    } while (depth > 0);
  }

  /** The node of the next event; undefined for nothing at all. */
  #node(): Node | undefined {
    const event = this.#events[this.#at++];
    if (event === undefined || this.unusual) return undefined;
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#scalar(event);
      case EVENT_ID.ALIAS: {
        const name = this.#text.slice(event.anchorStart, event.anchorEnd);
        const start = event.anchorStart - 1 - this.#base;
        const end = event.anchorEnd - this.#base;
        const alias = { kind: 'alias' as const, name, section: this.#section, start, end };
        this.gathering.aliases.push(alias);
        return alias;
      }
      case EVENT_ID.SEQUENCE:
        return this.#remember(event, this.#sequence(event.start, event.style === flowStyle));
      case EVENT_ID.MAPPING:
        return this.#remember(event, this.#mapping(event.start, event.style === flowStyle));
      default:
        this.unusual = true;
        return undefined;
    }
  }

  #remember<T extends Node>({ anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number }, node: T): T {
    if (anchorStart !== -1) this.gathering.anchors.set(this.#text.slice(anchorStart, anchorEnd), node);
    return node;
  }

  #scalar(event: ScalarEvent): Scalar | undefined {
    const { valueStart, valueEnd, anchorStart, tagStart, fast } = event;
    if (valueStart === -1) {
      if (anchorStart !== -1 || tagStart !== -1) this.unusual = true;
      return undefined;
    }
    const style = styles[event.style];
    if (style === 'block' && this.#text.slice(valueStart, valueEnd).trim() === '') this.unusual = true;
    const value = fast ? this.#text.slice(valueStart, valueEnd) : getScalarValue(this.#text, event);
    const quote = style === 'single' || style === 'double' ? 1 : 0;
    const scalar: Scalar = {
      kind: 'scalar',
      value,
      style,
      section: this.#section,
      start: (style === 'block' ? this.#headerOf(valueStart) : valueStart - quote) - this.#base,
      end: (style === 'block' ? endWithoutBlanks(this.#text, this.#base, valueEnd) : valueEnd + quote) - this.#base,
    };
    return anchorStart === -1 ? scalar : this.#remember(event, scalar);
  }

  /** Where the `|` or `>` stands of a block scalar whose content begins at an offset of the text. */
  #headerOf(content: number): number {
    const lineEnd = this.#text.lastIndexOf('\n', content - 1);
    const lineStart = this.#text.lastIndexOf('\n', lineEnd - 1) + 1;
    const header = /[|>][-+\d]{0,2}[ \t]*(?:[ \t]#.*)?\r?$/.exec(this.#text.slice(lineStart, lineEnd));
    if (header === null) this.unusual = true;
    return lineStart + (header?.index ?? 0);
  }

  #sequence(from: number, flow: boolean): Node {
    const items: Node[] = [];
    const start = from - this.#base;
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

  #mapping(from: number, flow: boolean): Node {
    const entries: Entry[] = [];
    const start = from - this.#base;
    let end = start + 1;
    while (!this.#ended()) {
      const entry = this.#entry();
      if (entry === undefined) break;
      entries.push(entry);
      end = entry.end;
    }
    if (flow && this.#text[from] === '{') end = this.#closing(end, '}');
    return mappingOf({ kind: 'mapping', flow, entries, section: this.#section, start, end }, this.gathering);
  }

  /** Undefined where its key is unusual. */
  #entry(): Entry | undefined {
    const event = this.#events[this.#at];
    const key = this.#node();
    const plain = event?.type === EVENT_ID.SCALAR && event.anchorStart === -1 && event.tagStart === -1;
    if (!plain || key?.kind !== 'scalar' || key.style === 'block') {
      this.unusual = true;
      return undefined;
    }
    const value = this.#node();
    return { section: this.#section, key, value, start: key.start, end: value?.end ?? key.end };
  }

  #ended(): boolean {
    if (this.unusual) return true;
    const event = this.#events[this.#at];
    if (event !== undefined && event.type !== EVENT_ID.POP) return false;
    this.#at++;
    return true;
  }

  /** Behind the bracket that closes a flow collection whose last text ends at an offset; both count from the start of the section. */
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
}
