// The shape of JSON bodies as data, and the check that gives Marathon's "Invalid JSON" errors: keys without arguments, under Play's paths.
import { HttpError } from '../http.ts';
import type { MarathonVersion } from '../release.ts';

export type Shape =
  | 'any'
  | 'string'
  | 'boolean'
  | 'object'
  | { readonly is: 'number' | 'integer'; readonly min?: number; readonly max?: number }
  | { readonly is: 'text'; readonly minLength?: number; readonly maxLength?: number }
  | { readonly is: 'enum'; readonly values: readonly string[] }
  | { readonly is: 'list'; readonly of: Shape; readonly minItems?: number }
  | { readonly is: 'map'; readonly of: Shape }
  | { readonly is: 'either'; readonly of: readonly [Shape, ...Shape[]] }
  | { readonly is: 'fields'; readonly required?: readonly string[]; readonly fields: Readonly<Record<string, Shape>> };

export const whole = (min?: number, max?: number): Shape => ({
  is: 'integer',
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});
export const number = (min?: number, max?: number): Shape => ({
  is: 'number',
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});
export const text = (minLength?: number, maxLength?: number): Shape => ({
  is: 'text',
  ...(minLength === undefined ? {} : { minLength }),
  ...(maxLength === undefined ? {} : { maxLength }),
});
export const list = (of: Shape, minItems?: number): Shape => ({
  is: 'list',
  of,
  ...(minItems === undefined ? {} : { minItems }),
});
export const map = (of: Shape): Shape => ({ is: 'map', of });
export const either = (...of: [Shape, ...Shape[]]): Shape => ({ is: 'either', of });
export const oneOf = (...values: string[]): Shape => ({ is: 'enum', values });
export const fields = (members: Readonly<Record<string, Shape>>, required: readonly string[] = []): Shape => ({
  is: 'fields',
  fields: members,
  required,
});

export interface Detail {
  readonly path: string;
  readonly errors: readonly string[];
}

export type Members = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only 1.5 holds numbers and enumerations against their limits while it reads; before, that is validation. */
export function checkShape(shape: Shape, value: unknown, version: MarathonVersion): Detail[] {
  const strict = version === '1.5.6';
  const check = (of: Shape, it: unknown, path: string): Detail[] => {
    const fail = (error: string): Detail[] => [{ path, errors: [error] }];
    if (of === 'any') return [];
    if (of === 'string') return typeof it === 'string' ? [] : fail('error.expected.jsstring');
    if (of === 'boolean') return typeof it === 'boolean' ? [] : fail('error.expected.jsboolean');
    if (of === 'object') return isObject(it) ? [] : fail('error.expected.jsobject');
    switch (of.is) {
      case 'number':
      case 'integer':
        if (typeof it !== 'number') return fail('error.expected.jsnumber');
        if (of.is === 'integer' && !Number.isInteger(it)) return fail('error.expected.int');
        if (strict && of.min !== undefined && it < of.min) return fail('error.min');
        return strict && of.max !== undefined && it > of.max ? fail('error.max') : [];
      case 'text':
        if (typeof it !== 'string') return fail('error.expected.jsstring');
        if (of.minLength !== undefined && it.length < of.minLength) return fail('error.minLength');
        return of.maxLength !== undefined && it.length > of.maxLength ? fail('error.maxLength') : [];
      case 'enum':
        if (typeof it !== 'string') return fail('error.expected.jsstring');
        if (strict && of.values.some(each => each.toLowerCase() === it.toLowerCase())) return [];
        if (of.values.includes(it)) return [];
        return fail(
          strict ? 'error.unknown.enum.literal' : `'${it}' is not a valid value. Allowed values: ${of.values}`,
        );
      case 'list':
        if (!Array.isArray(it)) return fail('error.expected.jsarray');
        if (it.length < (of.minItems ?? 0)) return fail('error.minLength');
        return it.flatMap((each, n) => check(of.of, each, `${path}(${n})`));
      case 'map':
        return isObject(it)
          ? Object.entries(it).flatMap(([key, each]) => check(of.of, each, `${path}/${key}`))
          : fail('error.expected.jsobject');
      case 'either': {
        if (of.of.some(each => check(each, it, path).length === 0)) return [];
        return check(of.of.find(each => isObject(it) && typeof each === 'object') ?? of.of[0], it, path);
      }
      case 'fields': {
        if (!isObject(it)) return fail('error.expected.jsobject');
        const isGiven = (name: string) => it[name] !== undefined && it[name] !== null;
        return [
          ...(of.required ?? [])
            .filter(name => !isGiven(name))
            .map(name => ({ path: `${path}/${name}`, errors: ['error.path.missing'] })),
          ...Object.entries(of.fields)
            .filter(([name]) => isGiven(name))
            .flatMap(([name, each]) => check(each, it[name], `${path}/${name}`)),
        ];
      }
    }
  };
  return check(shape, value, '');
}

/** The refusal of a body that is no JSON or has the wrong shape. */
export const invalidJson = (status: number, details: string | readonly Detail[]): HttpError =>
  new HttpError({ status, json: { message: 'Invalid JSON', details }, type: 'application/json' });

/** Reads a body of this shape, or throws the answer that refuses it. */
export function readJson(body: string, shape: Shape, version: MarathonVersion): unknown {
  if (body.trim() === '') {
    throw new HttpError({
      status: 400,
      json: { message: 'Please specify data in JSON format', details: 'No content to map due to end-of-input' },
      type: 'application/json',
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw invalidJson(400, error instanceof Error ? error.message : String(error));
  }
  const details = checkShape(shape, value, version);
  if (details.length > 0) throw invalidJson(version === '1.5.6' ? 422 : 400, details);
  return value;
}
