// Names on the way from a template to Marathon.
// Sources: indigo-dc/orchestrator MarathonServiceImpl (the pattern), alien4cloud TopologyUtils (the renaming before it).

/** A path segment of a Marathon id. */
export const marathonSegment = /^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$/;

/** Whether the Orchestrator hands a name on as it is, and Marathon takes it. */
export const isSafeAppName = (name: string): boolean => /^[a-z0-9]+$/.test(name);

/** What INDIGO's parser makes of the name of a node template: accents dropped, all else but letters, digits and `_` replaced. */
export const parsedName = (name: string): string =>
  /^\w+$/.test(name) ? name : name.normalize('NFD').replace(/\p{M}/gu, '').replace(/\W/g, '_');

/** A name that is safe for an app and as near as can be to the given one. */
export const safeAppName = (name: string): string => {
  const safe = parsedName(name)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  return safe === '' ? 'app' : safe;
};
