// Anchors and aliases of a file, which may be in different sections. Aliases that stand for too much are not followed.
import type { Node, SyntaxProblem } from './nodes.ts';
import type { Anchors, Section } from './section.ts';

/** Nodes that one alias may stand for, those of further aliases within included: ten levels of ten aliases would be 10^10. */
const maxNodes = 10_000;

export class FileAnchors implements Anchors {
  #sections: readonly Section[] = [];
  readonly #known = new Map<string, { readonly node: Node | undefined; readonly size: number }>();

  set sections(sections: readonly Section[]) {
    this.#sections = sections;
    this.#known.clear();
  }

  find(name: string): Node | undefined {
    const { node, size } = this.#lookUp(name);
    return size > maxNodes ? undefined : node;
  }

  /** What is wrong with the aliases of a section. */
  problems(section: Section): readonly SyntaxProblem[] {
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
