// What both readers of YAML make of a section beside its nodes: anchors, aliases, merge keys, keys that are there twice.
import { type Alias, type Entry, entries, type Mapping, type Node, name, type SyntaxProblem } from './nodes.ts';

export interface Gathering {
  readonly problems: SyntaxProblem[];
  readonly anchors: Map<string, Node>;
  readonly aliases: Alias[];
  readonly merges: Entry[];
  readonly repeats: Mapping[];
}

export function openGathering(): Gathering {
  return { problems: [], anchors: new Map(), aliases: [], merges: [], repeats: [] };
}

/** A mapping of these entries, with what its merge keys bring in. */
export function mappingOf(written: Mapping, { merges, repeats }: Gathering): Mapping {
  let mapping = written;
  if (written.entries.some(isMergeKey)) {
    const merging = written.entries.filter(isMergeKey);
    merges.push(...merging);
    mapping = withMerges({ ...written, entries: written.entries.filter(entry => !isMergeKey(entry)) }, merging);
  }
  if (hasRepeats(written.entries)) repeats.push(mapping);
  return mapping;
}

/** In the short ones, which most are, nothing is made for it. */
function hasRepeats(all: readonly Entry[]): boolean {
  if (all.length > 10) return new Set(all.map(name)).size < all.length;
  for (let at = 1; at < all.length; at++) {
    const own = name(all[at] as Entry);
    for (let other = 0; other < at; other++) if (name(all[other] as Entry) === own) return true;
  }
  return false;
}

/** Where what stands between two offsets ends without the blanks and line ends behind it. What else Unicode calls a blank is text to YAML. */
export function endWithoutBlanks(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /[ \t\r\n]/.test(text[at - 1] ?? '')) at--;
  return at;
}

/** What a section holds. */
export class Composed {
  /** Where that is no block mapping. */
  readonly other: Node | undefined;
  readonly problems: readonly SyntaxProblem[];
  readonly anchors: ReadonlyMap<string, Node>;
  /** What stands for a node that may be in another section. */
  readonly aliases: readonly Alias[];
  /** Its merge keys: `<<: *anchor`, `<<: [*one, *other]`. */
  readonly merges: readonly Entry[];
  /** Its mappings in which a key is there more than once. */
  readonly repeats: readonly Mapping[];
  readonly #root: Node | undefined;

  /** `root` is all that it holds; undefined where it holds nothing. */
  constructor(root: Node | undefined, { problems, anchors, aliases, merges, repeats }: Gathering) {
    this.other = root?.kind === 'mapping' && !root.flow ? undefined : root;
    this.problems = problems;
    this.anchors = anchors;
    this.aliases = aliases;
    this.merges = merges;
    this.repeats = repeats;
    this.#root = root;
  }

  /** Asked for each time: what merge keys bring in changes with other sections. */
  get entries(): readonly Entry[] {
    return entries(this.#root);
  }
}

const isMergeKey = ({ key }: Entry) => key.kind === 'scalar' && key.style === 'plain' && key.value === '<<';

/** The anchors may be in other sections, so they are looked up anew each time. */
function withMerges(own: Mapping, merges: readonly Entry[]): Mapping {
  let within = false;
  return {
    ...own,
    get entries() {
      if (within) return own.entries; // it merges itself
      within = true;
      const known = new Set(own.entries.map(name));
      const merged = merges
        .filter(merge => !bringsItself(merge))
        .flatMap(mergedEntries)
        .filter(entry => !known.has(name(entry)) && known.add(name(entry)));
      within = false;
      return [...own.entries, ...merged];
    },
  };
}

function mergedEntries(merge: Entry): readonly Entry[] {
  return sourcesOf(merge).flatMap(node =>
    node.kind === 'mapping' ? node.entries.map((entry): Entry => ({ ...entry, merged: true })) : [],
  );
}

function sourcesOf({ value }: Entry): readonly Node[] {
  const sources = value?.kind === 'sequence' ? value.items : [value];
  return sources.flatMap(
    source => (source?.kind === 'alias' ? source.section.surroundings.anchor(source.name) : source) ?? [],
  );
}

/** Whether a merge key brings in what holds it, at once or by way of others: a tree without end. */
function bringsItself(merge: Entry): boolean {
  const seen = new Set<Entry>();
  const visit = (each: Entry): boolean =>
    sourcesOf(each).some(({ section, start, end }) =>
      section.composed.merges
        .filter(inner => start <= inner.start && inner.end <= end)
        .some(inner => inner === merge || (!seen.has(inner) && seen.add(inner) && visit(inner))),
    );
  return visit(merge);
}
