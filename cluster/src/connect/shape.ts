// Reads values out of JSON that somebody else wrote: what must be there or the answer makes no sense, and what may be
// absent or null. Which members an answer has is known by each client.

/** Says where an answer differs from what it must be. Becomes a ClusterError in request.ts. */
export class ShapeError extends Error {
  constructor(where: string, expected: string) {
    super(`${where === '' ? 'the answer' : where} is not ${expected}`);
  }
}

export type Members = Readonly<Record<string, unknown>>;

export function object(value: unknown, where: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ShapeError(where, 'an object');
  return value as Members;
}

/** An object, or one without members where there is none. */
export function objectOrEmpty(value: unknown, where: string): Members {
  return value === undefined || value === null ? {} : object(value, where);
}

/** The items of a list that must be there. */
export function list<T>(value: unknown, where: string, item: (value: unknown, where: string) => T): readonly T[] {
  if (!Array.isArray(value)) throw new ShapeError(where, 'a list');
  return value.map((one, index) => item(one, `${where}[${index}]`));
}

/** The items of a list, none where there is no list. */
export function listOrEmpty<T>(
  value: unknown,
  where: string,
  item: (value: unknown, where: string) => T,
): readonly T[] {
  return value === undefined || value === null ? [] : list(value, where, item);
}

export function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new ShapeError(where, 'a text');
  return value;
}

/** The text, or undefined for whatever is none, the empty text included. */
export function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The number, or what is given where there is none. */
export function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** The members whose values are texts. */
export function texts(value: unknown, where: string): Readonly<Record<string, string>> {
  const members = Object.entries(objectOrEmpty(value, where));
  return Object.fromEntries(members.filter((member): member is [string, string] => typeof member[1] === 'string'));
}

/** The numbers of a list, none where there is no list. */
export function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'number') : [];
}
