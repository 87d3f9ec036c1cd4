// What an answer of status 400 or more means, from its status and from the error bodies of Marathon, Chronos and Mesos.
import type { Endpoint } from './endpoint.ts';
import { ClusterError, placeOf } from './error.ts';

/** @param text The answer's body, whatever it is. */
export function refusal(endpoint: Endpoint, status: number, text: string): ClusterError {
  const place = placeOf(endpoint);
  const body = parse(text);
  const said = sentence(body === undefined ? plain(text) : saidIn(body));
  const because = said === '' ? '' : `: ${said}`;
  const deployments = idsOf(body?.deployments);
  const make = (code: ClusterError['code'], message: string) =>
    new ClusterError(code, message, { status, deployments });
  switch (status) {
    case 401:
      return make('unauthenticated', `${place} asks for credentials (401), which this version cannot send.`);
    case 403:
      return make('forbidden', `${place} does not allow this (403)${because}.`);
    case 404:
      return make('not-found', `${place} does not have it (404)${because}.`);
    case 409:
      if (deployments.length > 0) {
        const which = deployments.length === 1 ? 'deployment' : 'deployments';
        return make(
          'locked',
          `${place} is still busy with ${which} ${deployments.join(', ')}: wait, or cancel it first.`,
        );
      }
      return make('conflict', `${place} has that name in use already (409)${because}.`);
    case 400:
    case 422:
      if (/\bnot found$/.test(said)) return make('not-found', `${place} does not have it: ${said}.`);
      return make('invalid', `${place} refuses what was sent (${status})${because}.`);
    default:
      return status >= 500
        ? make('server-error', `${place} failed (${status})${because}.`)
        : make('unexpected-status', `${place} answered with status ${status}${because}.`);
  }
}

type Body = Readonly<Record<string, unknown>>;

function parse(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return { message: value };
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Marathon: `{message, details: [{path, errors}]}`, where details may be a text (AppsResource and Validation of 1.1 to
 * 1.5). Chronos 3: `{status, message}`, the message mostly a stack trace.
 */
function saidIn(body: Body): string {
  const message = typeof body.message === 'string' ? body.message : '';
  const { details } = body;
  if (typeof details === 'string') return `${message}: ${details}`;
  const flat = Array.isArray(details) ? details.map(detail).filter(line => line !== '') : [];
  return flat.length > 0 ? flat.join('; ') : message;
}

function detail(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : '';
  const { path, errors } = value as Body;
  const texts = Array.isArray(errors) ? errors.filter(error => typeof error === 'string') : [];
  const place = typeof path === 'string' && path !== '/' && path !== '' ? `${path} ` : '';
  return texts.length === 0 ? '' : `${place}${texts.join(', ')}`;
}

/** Chronos 2 and Mesos answer with bare text, servers and proxies in between with a page. */
function plain(text: string): string {
  return /^\s*</.test(text) ? '' : text;
}

/** The first line without Java's wrapping, no full stop, at most 500 characters. */
function sentence(text: string): string {
  const line = (text.split(/[\r\n]/, 1)[0] ?? '')
    .replace(/^(?:[a-z][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error): /, '')
    .replace(/^requirement failed: /, '')
    .trim()
    .replace(/\.$/, '');
  return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}

function idsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value
    .map(item => (typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : item))
    .filter(id => typeof id === 'string');
}
