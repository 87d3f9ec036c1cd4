// Marathon's path ids: how they are written, made absolute and nested.

/** The pattern of a segment, as Marathon's error text shows it (v1.5.6 state/PathId.scala). */
export const segmentPattern =
  '^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$';
const segment = /^(?:(?:(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])|\.|\.\.)$/;

const segments = (id: string): string[] => id.split('/').filter(part => part !== '');

export const isWellFormed = (id: string): boolean => segments(id).every(part => segment.test(part));

/** Makes an id absolute: one without leading `/` is relative to `base`. */
export function absolute(id: string, base = '/'): string {
  const path: string[] = [];
  for (const part of [...(id.startsWith('/') ? [] : segments(base)), ...segments(id)]) {
    if (part === '..') path.pop();
    else if (part !== '.') path.push(part);
  }
  return `/${path.join('/')}`;
}

/** The group that an app or a group is in; the root is its own. */
export const parent = (id: string): string => id.slice(0, Math.max(1, id.lastIndexOf('/')));

/** All groups above, the nearest first, the root last. */
export function ancestors(id: string): string[] {
  const above: string[] = [];
  for (let group = id; group !== '/'; ) {
    group = parent(group);
    above.push(group);
  }
  return above;
}

export const isWithin = (id: string, group: string): boolean =>
  group === '/' || id === group || id.startsWith(`${group}/`);

/** The id in task ids and file names: `/a/b` is `a_b`. */
export const safe = (id: string): string => segments(id).join('_');
