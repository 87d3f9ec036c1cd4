// Small readings of JSON members whose shape is good, and the refusals of what only reading finds.
import { HttpError } from '../http.ts';
import { canonicalValues } from './app-shape.ts';
import { isObject } from './shape.ts';

export const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);
export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const numeric = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
export const labels = (value: unknown): Readonly<Record<string, string>> =>
  isObject(value) ? (value as Record<string, string>) : {};

export function enumeration(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return (
    canonicalValues.find(each => each === value) ??
    canonicalValues.find(each => each.toLowerCase() === value.toLowerCase()) ??
    value
  );
}

/** A rule over the members as they were given. */
export const notValid = (path: string, error: string): HttpError =>
  new HttpError({
    status: 422,
    json: { message: 'Object is not valid', details: [{ path, errors: [error] }] },
    type: 'application/json',
  });

export const unsupported = (message: string): HttpError =>
  new HttpError({ status: 500, json: { message }, type: 'application/json' });
