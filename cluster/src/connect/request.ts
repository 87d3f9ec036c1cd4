// One HTTP exchange with a server of the cluster: sent, bounded in time and size, redirects followed, failures told as
// ClusterErrors. What is asked and what the answer means is known by each client.
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, request as send } from 'undici';
import type { Json } from '../../../protocol/src/plan.ts';
import { deadline } from './deadline.ts';
import type { Endpoint } from './endpoint.ts';
import { ClusterError, placeOf, transportError } from './error.ts';
import { refusal } from './refusal.ts';
import { ShapeError } from './shape.ts';

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with a slash; its segments are encoded already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Patience {
  readonly signal?: AbortSignal;
  /** For the whole exchange. Default 10 s. */
  readonly timeoutMs?: number;
}

/** What was answered, with a status below 400. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const maxRedirects = 5;
/** Far above the state of the largest clusters, far below what would harm this process. */
const maxBytes = 256 * 1024 * 1024;

// Idle connections are dropped before Jetty and Node drop theirs, so that a request is seldom sent into a closing one.
const newAgent = (ca?: readonly string[]): Agent =>
  new Agent({ connect: { timeout: 5_000, ...(ca === undefined ? {} : { ca: [...ca] }) }, keepAliveTimeout: 3_000 });
const agent = newAgent();
/** By the certificate that they hold good. */
const agents = new Map<string, Agent>();

function agentFor({ access }: Endpoint): Agent {
  const certificate = access?.certificate;
  if (certificate === undefined) return agent;
  const known = agents.get(certificate) ?? newAgent([...rootCertificates, certificate]);
  agents.set(certificate, known);
  return known;
}

/** A password goes to no other server than the one that it is for, wherever that redirects. */
function authorization({ url, access }: Endpoint, asked: URL): Readonly<Record<string, string>> {
  if (access?.login === undefined || new URL(url).origin !== asked.origin) return {};
  const { user, password } = access.login;
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

/** Asks, and reads the whole answer. Throws a ClusterError for whatever is no answer below 400. */
export async function ask(endpoint: Endpoint, asking: Asking, patience: Patience = {}): Promise<Answer> {
  const timeoutMs = patience.timeoutMs ?? 10_000;
  const limit = deadline(timeoutMs, patience.signal);
  try {
    const reply = await open(endpoint, asking, { signal: limit.signal });
    const body = await readAll(endpoint, reply.body);
    if (reply.statusCode >= 400) throw refusal(endpoint, reply.statusCode, body.toString('utf8'));
    return { status: reply.statusCode, body };
  } catch (error) {
    if (patience.signal?.aborted) throw cancelled(endpoint);
    if (limit.expired()) {
      const seconds = Math.round(timeoutMs / 100) / 10;
      throw new ClusterError('timeout', `${placeOf(endpoint)} did not answer within ${seconds} s: try again later.`);
    }
    throw transportError(endpoint, error);
  } finally {
    limit.clear();
  }
}

/** Asks for JSON and reads it with `decode`, whose ShapeErrors become ClusterErrors. */
export async function askJson<T>(
  endpoint: Endpoint,
  asking: Asking,
  patience: Patience,
  decode: (value: unknown) => T,
): Promise<T> {
  const { body } = await ask(endpoint, asking, patience);
  const text = body.toString('utf8');
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw notJson(endpoint, asking.path, text);
  }
  try {
    return decode(value);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ClusterError(
      'unexpected-shape',
      `${placeOf(endpoint)} gave an unknown answer to ${asking.path} (${error.message}): check that the address is that of ${nameOf(endpoint)}.`,
    );
  }
}

export function cancelled(endpoint: Endpoint): ClusterError {
  return new ClusterError('cancelled', `The request to ${placeOf(endpoint)} was cancelled.`);
}

export function notJson(endpoint: Endpoint, path: string, text: string): ClusterError {
  const what = text.trim() === '' ? 'nothing' : /^\s*</.test(text) ? 'a web page' : 'something that is not JSON';
  return new ClusterError(
    'not-json',
    `${placeOf(endpoint)} answered ${path} with ${what}: check that the address is that of ${nameOf(endpoint)}, not of a proxy.`,
  );
}

/**
 * Sends the request and returns the answer of the first server that does not redirect; its body is still to be read.
 * Mesos masters that do not lead answer 307 with a Location without scheme (mesos 1.0+ src/master/http.cpp).
 */
export async function open(
  endpoint: Endpoint,
  asking: Asking,
  options: { readonly signal: AbortSignal; readonly silenceMs?: number },
): Promise<Dispatcher.ResponseData> {
  let { method = 'GET' } = asking;
  let url = addressOf(endpoint, asking);
  for (let hops = 0; ; hops++) {
    const reply = await sendOnce(endpoint, url, method, asking, options);
    const location = reply.headers.location;
    if (!redirects.has(reply.statusCode) || typeof location !== 'string') return reply;
    reply.body.on('error', () => {}).destroy();
    if (hops === maxRedirects || !URL.canParse(location, url.href)) {
      throw new ClusterError('redirect-loop', `${placeOf(endpoint)} redirects without end: it may have no leader now.`);
    }
    url = new URL(location, url);
    if (reply.statusCode === 303) method = 'GET';
  }
}

async function sendOnce(
  endpoint: Endpoint,
  url: URL,
  method: NonNullable<Asking['method']>,
  asking: Asking,
  options: { readonly signal: AbortSignal; readonly silenceMs?: number },
): Promise<Dispatcher.ResponseData> {
  const hasBody = asking.body !== undefined && method !== 'GET';
  const attempt = () =>
    send(url, {
      method,
      headers: {
        accept: 'application/json',
        ...authorization(endpoint, url),
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...asking.headers,
      },
      ...(hasBody ? { body: JSON.stringify(asking.body) } : {}),
      signal: options.signal,
      dispatcher: agentFor(endpoint),
      headersTimeout: 0,
      bodyTimeout: options.silenceMs ?? 0,
    });
  try {
    return await attempt();
  } catch (error) {
    // The server may have closed a kept connection at this very moment; reading again harms nobody.
    const { code } = error as { code?: unknown };
    if (method !== 'GET' || (code !== 'UND_ERR_SOCKET' && code !== 'ECONNRESET')) throw error;
    return await attempt();
  }
}

function addressOf(endpoint: Endpoint, asking: Asking): URL {
  if (!URL.canParse(endpoint.url)) {
    throw new ClusterError('unreachable', `The address of ${nameOf(endpoint)} is no URL: correct it in the profile.`);
  }
  const url = new URL(endpoint.url.replace(/\/+$/, '') + asking.path);
  for (const [name, value] of Object.entries(asking.query ?? {})) {
    for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
  }
  return url;
}

function nameOf(endpoint: Endpoint): string {
  return endpoint.service === 'The Mesos agent' ? 'a Mesos agent' : endpoint.service;
}

async function readAll(endpoint: Endpoint, body: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > maxBytes) {
      throw new ClusterError('too-large', `${placeOf(endpoint)} answered with more than ${maxBytes >> 20} MiB.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}
