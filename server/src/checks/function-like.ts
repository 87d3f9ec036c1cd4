// A map with one key that is nearly the name of a function: somebody meant the function.
import { functions } from '../grammar/functions.ts';
import { type Entry, type Node, name } from '../syntax/nodes.ts';
import { nearest } from './nearest.ts';

export interface FunctionLike {
  readonly entry: Entry;
  readonly meant: string | undefined;
}

const names = Object.keys(functions);

/** Undefined for anything but a map with one key, and for functions. */
export function functionLike(node: Node | undefined): FunctionLike | undefined {
  if (node?.kind !== 'mapping' || node.entries.length !== 1) return undefined;
  const entry = node.entries[0];
  if (entry === undefined || Object.hasOwn(functions, name(entry))) return undefined;
  return { entry, meant: meantBy(entry) };
}

/** Names of authors may be near to a function's too (`TOKEN`): only what is written like a function was meant to be one. */
function meantBy({ key, value }: Entry): string | undefined {
  const written = key.kind === 'scalar' ? key.value : '';
  if (written !== written.toLowerCase() || value === undefined || value.kind === 'mapping') return undefined;
  const meant = nearest(written, names, 2);
  const short = meant !== undefined && !meant.startsWith('get_');
  return short && value.kind !== 'sequence' ? undefined : meant;
}
