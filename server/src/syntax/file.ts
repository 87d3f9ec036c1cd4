// What the sections of a file share: which of them are still to be parsed, which have problems; anchors and aliases, which may be in
// different sections. Aliases that stand for too much are not followed.
import type { Entry, Node, SyntaxProblem } from './nodes.ts';
import type { Section, Surroundings } from './section.ts';

/** Nodes that one alias may stand for, those of further aliases within included: ten levels of ten aliases would be 10^10. */
const maxNodes = 10_000;

export class File implements Surroundings {
  #sections: readonly Section[] = [];
  readonly #unparsed = new Set<Section>();
  /** Parsed ones that have problems or aliases. */
  readonly #remarkable = new Set<Section>();
  readonly #merging = new Set<Section>();
  readonly #known = new Map<string, { readonly node: Node | undefined; readonly size: number }>();

  /** From here on, the file has these sections. */
  update(sections: readonly Section[], added: Iterable<Section>, removed: Iterable<Section>): void {
    this.#sections = sections;
    this.#known.clear();
    for (const section of removed) {
      this.#unparsed.delete(section);
      this.#remarkable.delete(section);
      this.#merging.delete(section);
    }
    for (const section of added) this.#unparsed.add(section);
  }

  parsed(section: Section): void {
    const { problems, other, aliases, merges } = section.composed;
    this.#unparsed.delete(section);
    if (merges.length > 0) this.#merging.add(section);
    if (problems.length > 0 || other !== undefined || aliases.length > 0) this.#remarkable.add(section);
  }

  anchor(name: string): Node | undefined {
    const { node, size } = this.#lookUp(name);
    return size > maxNodes ? undefined : node;
  }

  /** In the order of the text. Asking for them parses every section. */
  problems(): readonly SyntaxProblem[] {
    return this.#inOrder(this.#remarkable).flatMap(section => [
      ...this.#problemsOf(section),
      ...this.#aliasProblems(section),
    ]);
  }

  /** In the order of the text. Asking for them parses every section. */
  merges(): readonly Entry[] {
    return this.#inOrder(this.#merging).flatMap(section => section.composed.merges);
  }

  /** Of all sections, those that are in a set when all are parsed. */
  #inOrder(some: ReadonlySet<Section>): readonly Section[] {
    for (const section of [...this.#unparsed]) void section.composed;
    return [...some].sort((one, other) => one.place.offset - other.place.offset);
  }

  /** A file that is one flow mapping, as JSON is, is fine. */
  #problemsOf(section: Section): readonly SyntaxProblem[] {
    const { problems, other } = section.composed;
    const wholeFile = other?.kind === 'mapping' && this.#sections.length === 1;
    return other === undefined || wholeFile || problems.length > 0
      ? problems
      : [{ section, start: other.start, end: other.end, message: 'A key with a colon is expected here.' }];
  }

  /** What is wrong with the aliases of a section. */
  #aliasProblems(section: Section): readonly SyntaxProblem[] {
    return section.composed.aliases.flatMap(alias => {
      const { node, size } = this.#lookUp(alias.name);
      if (node !== undefined && size <= maxNodes) return [];
      const message =
        node === undefined
          ? `There is no anchor "&${alias.name}" in this file.`
          : `This alias stands for more than ${maxNodes.toLocaleString('en')} values, or for itself: it is not followed.`;
      return [{ section, start: alias.start, end: alias.end, message }];
    });
  }

  #lookUp(name: string) {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const written = `&${name}`;
    let node: Node | undefined;
    for (const section of this.#sections) {
      if (section.text.includes(written)) node ??= section.composed.anchors.get(name);
    }
    this.#known.set(name, { node, size: Number.POSITIVE_INFINITY }); // an anchor within itself
    const found = { node, size: node === undefined ? 0 : this.#size(node) };
    this.#known.set(name, found);
    return found;
  }

  #size(node: Node): number {
    switch (node.kind) {
      case 'scalar':
        return 1;
      case 'alias':
        return this.#lookUp(node.name).size;
      case 'sequence':
        return node.items.reduce((sum, item) => sum + this.#size(item), 1);
      case 'mapping':
        return node.entries.reduce((sum, { value }) => sum + (value === undefined ? 1 : this.#size(value)), 1);
    }
  }
}
