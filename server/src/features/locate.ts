// What stands at a place of a file: the nodes from the root down to it, and the construct of the grammar that it is part of.
import { type FunctionCall, functions } from '../grammar/functions.ts';
import type { Construct, Shape, TypeKind } from '../grammar/keynames.ts';
import { grammar } from '../grammar/keynames.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { type Entry, type Mapping, type Node, name } from '../syntax/nodes.ts';
import type { Section } from '../syntax/section.ts';

/** One step down: an entry of a map (at its key or in its value), or an item of a list. */
export type Step =
  | { readonly entry: Entry; readonly onKey: boolean; readonly within: Mapping }
  | { readonly index: number; readonly item: Node };

export interface Location {
  readonly steps: readonly Step[];
  /** The innermost node, or undefined in an empty value. */
  readonly node: Node | undefined;
}

export function locate(document: SyntaxDocument, offset: number): Location {
  const steps: Step[] = [];
  let node: Node | undefined = document.root;
  while (node !== undefined) {
    const next: Step | undefined =
      node.kind === 'mapping'
        ? intoMapping(node, offset)
        : node.kind === 'sequence'
          ? intoSequence(node.items, offset)
          : undefined;
    if (next === undefined) break;
    steps.push(next);
    if ('item' in next) node = next.item;
    else if (next.onKey) return { steps, node: next.entry.key };
    else node = next.entry.value;
  }
  return { steps, node };
}

const begin = ({ section, start }: { section: Section; start: number }) => section.place.offset + start;
const finish = ({ section, end }: { section: Section; end: number }) => section.place.offset + end;

function intoMapping(mapping: Mapping, offset: number): Step | undefined {
  const entry = mapping.entries.findLast(({ key }) => begin(key) <= offset);
  if (entry === undefined) return undefined;
  return { entry, onKey: offset <= finish(entry.key), within: mapping };
}

function intoSequence(items: readonly Node[], offset: number): Step | undefined {
  const index = items.findLastIndex(item => begin(item) <= offset);
  const item = items[index];
  return item === undefined ? undefined : { index, item };
}

/** What the grammar says of a location. */
export interface GrammarPlace {
  /** The construct that the innermost map of the grammar is, and its node. */
  readonly construct: Construct | undefined;
  readonly shape: Shape | undefined;
  /** Steps below the last construct or named map, which are not the grammar's but the types'. */
  readonly rest: readonly Step[];
  /** Keys from the root to the end of the grammar's part. */
  readonly path: readonly string[];
  /** The keyname that the location stands behind, in `construct`. */
  readonly keyname: string | undefined;
}

export function grammarPlace(steps: readonly Step[]): GrammarPlace {
  let shape: Shape | undefined = { construct: 'service template' };
  let construct: Construct | undefined;
  let keyname: string | undefined;
  const path: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (shape === undefined || typeof shape === 'string' || 'type' in shape) {
      return { construct, shape, rest: steps.slice(index), path, keyname };
    }
    if ('item' in step) {
      if ('listOf' in shape) shape = shape.listOf;
      else if ('pairsOf' in shape) shape = { mapOf: shape.pairsOf };
      else return { construct, shape, rest: steps.slice(index), path, keyname };
      continue;
    }
    const key = name(step.entry);
    if ('construct' in shape) {
      construct = shape.construct;
      keyname = step.onKey ? undefined : key;
      if (step.onKey) return { construct, shape, rest: [], path, keyname };
      const { keynames, others } = grammar[shape.construct];
      shape = Object.hasOwn(keynames, key) ? keynames[key]?.shape : others;
    } else if ('mapOf' in shape) {
      if (step.onKey) return { construct, shape, rest: [], path: [...path, key], keyname };
      shape = shape.mapOf;
    } else return { construct, shape, rest: steps.slice(index), path, keyname };
    path.push(key);
  }
  return { construct, shape, rest: [], path, keyname };
}

/** The call whose argument stands at a location, and which of its arguments that is. */
export function argumentAt(
  steps: readonly Step[],
): { readonly call: FunctionCall; readonly index: number } | undefined {
  const [before, last] = steps.slice(-2);
  const holder = last !== undefined && 'item' in last ? before : last;
  if (holder === undefined || !('entry' in holder) || holder.onKey) return undefined;
  const { entry, within } = holder;
  if (!Object.hasOwn(functions, name(entry))) return undefined;
  const call = { name: name(entry), entry, argument: entry.value, node: within };
  return { call, index: last !== undefined && 'item' in last ? last.index : 0 };
}

export function isOnKey(step: Step | undefined): step is Extract<Step, { onKey: boolean }> {
  return step !== undefined && 'entry' in step && step.onKey;
}

/** The kinds of types whose names may stand where a shape is wanted. */
export function typeKinds(shape: Shape | undefined): readonly TypeKind[] {
  if (typeof shape !== 'object') return [];
  if ('type' in shape) return [shape.type];
  if ('types' in shape) return shape.types;
  return 'scalar' in shape ? typeKinds(shape.scalar) : [];
}
