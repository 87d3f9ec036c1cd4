// What all routes of the Orchestrator share: a slash at the end of a path does no harm, and JSON goes only to those who take it.
import type { Answer, Request, Route } from '../http.ts';
import { refuse } from './errors.ts';

/** @param path With `{name}` for a segment that may be anything. */
export const route = (method: string, path: string, handle: (request: Request) => Answer | Promise<Answer>): Route => ({
  method,
  pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`),
  handle,
});

/** The same, for answers in JSON. */
export const jsonRoute = (method: string, path: string, handle: Parameters<typeof route>[2]): Route =>
  route(method, path, request => {
    const { accept } = request.headers;
    if (accept !== undefined && !/(?:\*\/\*|application\/\*|application\/(?:[\w.-]+\+)?json)/i.test(accept))
      throw refuse(406, 'Could not find acceptable representation');
    return handle(request);
  });
