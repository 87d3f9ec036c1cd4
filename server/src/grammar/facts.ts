// What the grammar finds in a file or in one of its entries. Who finds it: read.ts.
import type { Entry, Mapping, Node, Scalar } from '../syntax/nodes.ts';
import type { Construct, Keyname, TypeKind } from './keynames.ts';

/** What the grammar finds in a file or an entry, in the order of the text. */
export interface GrammarFacts {
  /** The constructs that are written as maps. */
  readonly constructs: { readonly construct: Construct; readonly node: Mapping; readonly path: Path }[];
  /** The constructs that are written as a single text. */
  readonly shorts: { readonly construct: Construct; readonly node: Scalar; readonly path: Path }[];
  /** Keys of a construct that its grammar does not have, or (then `known`) not in this version. */
  readonly unknownKeynames: {
    readonly construct: Construct;
    readonly node: Mapping;
    readonly entry: Entry;
    readonly known: Keyname | undefined;
    readonly path: Path;
  }[];
  /** Keynames that INDIGO's production parser drops. */
  readonly dropped: { readonly construct: Construct; readonly node: Mapping; readonly entry: Entry }[];
  /** Keys with nothing behind them that may be left out, but whose value the standard says more of than that it is a text. */
  readonly valueless: { readonly node: Mapping; readonly entry: Entry }[];
  /** Something else than the grammar wants. */
  readonly wrongShapes: WrongShape[];
  /** Names of types where only a type may stand; of one of several kinds. */
  readonly types: {
    readonly kind: TypeKind;
    readonly others: readonly TypeKind[];
    readonly node: Scalar;
    readonly path: Path;
  }[];
  /** Constraint clauses, and the map that has them: a property definition or the like, which may say of what type the value is. */
  readonly constraints: { readonly node: Node; readonly holder: Mapping | undefined; readonly path: Path }[];
}

export interface WrongShape {
  readonly node: Node;
  /** Ends a sentence: "a map". */
  readonly expected: string;
  /** What to make of it, where a machine can: put into a list; each of its entries an item of a list; one of these words. */
  readonly mend?: 'item' | 'items' | { readonly words: readonly string[] };
}

/** The keys from the root of the file down to a node; a list item that is a pair counts as its key. */
export type Path = readonly string[];

export const openFacts = (): GrammarFacts => ({
  constructs: [],
  shorts: [],
  unknownKeynames: [],
  dropped: [],
  valueless: [],
  wrongShapes: [],
  types: [],
  constraints: [],
});

export const noFacts = openFacts();
