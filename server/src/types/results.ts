// Whether what a function gives can fit where it stands. Only what can never fit is a contradiction: a text may hold anything.
import type { Catalog } from './catalog.ts';
import type { Schema } from './definitions.ts';
import { builtIn } from './scalars.ts';

/** One sentence; undefined where the value may fit. */
export function contradiction(given: Schema, expected: Schema, catalog: Catalog): string | undefined {
  const one = formOf(given, catalog);
  const other = formOf(expected, catalog);
  if (one === undefined || other === undefined) return undefined;
  if (one.form !== other.form)
    return `This gives ${said(one.form, given)}, where ${said(other.form, expected)} is expected.`;
  if (one.form === 'scalar') {
    const [from, to] = [families[one.type], families[other.type]];
    return from !== undefined && to !== undefined && from !== to
      ? `This gives a value of type ${given.type}, which never is one of type ${expected.type}.`
      : undefined;
  }
  if (one.type !== other.type || given.entry === undefined || expected.entry === undefined) return undefined;
  return contradiction(given.entry, expected.entry, catalog);
}

type Form = 'scalar' | 'list' | 'map';

const words: Readonly<Record<Form, string>> = { scalar: 'a single value', list: 'a list', map: 'a map' };

const said = (form: Form, { type }: Schema) => (type === form ? words[form] : `${words[form]} (${type})`);

/** Scalar types whose texts have nothing in common. Texts and versions may look like any. */
const families: Readonly<Record<string, string>> = {
  integer: 'number',
  float: 'number',
  boolean: 'boolean',
  timestamp: 'timestamp',
  'scalar-unit.size': 'size',
  'scalar-unit.time': 'time',
  'scalar-unit.frequency': 'frequency',
  'scalar-unit.bitrate': 'bitrate',
};

function formOf({ type }: Schema, catalog: Catalog): { readonly form: Form; readonly type: string } | undefined {
  const declared = Object.hasOwn(builtIn, type) ? undefined : catalog.find('data', type);
  if (declared !== undefined && declared.primitive === undefined) return { form: 'map', type };
  const primitive = declared?.primitive ?? type;
  if (!Object.hasOwn(builtIn, primitive) || primitive === 'range') return undefined;
  return { form: primitive === 'list' || primitive === 'map' ? primitive : 'scalar', type: primitive };
}
