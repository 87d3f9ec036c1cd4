// The engine: where it answers and how it is asked. Docker's API, which Podman speaks too; no version is named, so that the engine takes
// the newest it has. What is asked of it is in the files beside this one.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';

/** How to connect, as Node's http and https take it. */
export type Place =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number; readonly tls?: { ca: string; cert: string; key: string } };

export interface Engine {
  /** As DOCKER_HOST would say it. */
  readonly address: string;
  readonly place: Place;
  /** The answer, as JSON where it is that. Throws an EngineError. */
  // biome-ignore lint/suspicious/noExplicitAny: each caller says what it expects.
  ask<Answer = any>(method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<Answer>;
  /** The answer as it comes in, without a limit of time. Throws an EngineError. */
  stream(method: Dispatcher.HttpMethod, path: string, options?: StreamOptions): Promise<Readable>;
  close(): Promise<void>;
}

interface StreamOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** An engine's refusal with its status, or with 0 that it could not be reached. */
export class EngineError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** For whatever is no stream, in milliseconds. Engines are slow when a disk is. */
const patience = 120_000;

export function connectEngine(address: string, place: Place): Engine {
  const connect = 'socketPath' in place ? { socketPath: place.socketPath } : (place.tls ?? {});
  const origin =
    'socketPath' in place
      ? 'http://docker'
      : `${place.tls === undefined ? 'http' : 'https'}://${place.host}:${place.port}`;
  const pool = new Pool(origin, { connect, headersTimeout: 0, bodyTimeout: 0 });

  async function open(
    method: Dispatcher.HttpMethod,
    target: string,
    { body, headers = {} }: StreamOptions,
    signal?: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = { method, path: target, headers: { ...headers, ...type }, ...json, signal: signal ?? null };
    const reply = await pool.request(sent).catch((error: unknown) => {
      throw new EngineError(0, error instanceof Error ? error.message : String(error));
    });
    if (reply.statusCode < 400) return reply;
    throw new EngineError(reply.statusCode, messageOf(await reply.body.text().catch(() => ''), reply.statusCode));
  }

  return {
    address,
    place,
    async ask(method, target, body) {
      const reply = await open(method, target, { body }, AbortSignal.timeout(patience));
      const text = await reply.body.text().catch((error: unknown) => {
        throw new EngineError(0, error instanceof Error ? error.message : String(error));
      });
      return text === '' || !String(reply.headers['content-type']).includes('json') ? text : JSON.parse(text);
    },
    async stream(method, target, options = {}) {
      const { body } = await open(method, target, options);
      // Whoever reads it sees its failure; it may come before anybody does.
      return body.on('error', () => {});
    },
    close: () => pool.destroy(),
  };
}

function messageOf(text: string, status: number): string {
  try {
    return String((JSON.parse(text) as { message?: unknown }).message ?? text);
  } catch {
    return text.trim() || `HTTP status ${status}`;
  }
}

/** The first engine that answers, or why there is none. */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine | string> {
  const failures: string[] = [];
  for (const address of addresses(env)) {
    const place = placeOf(address, env);
    if (typeof place === 'string') {
      failures.push(place);
      continue;
    }
    const engine = connectEngine(address, place);
    try {
      await Promise.race([engine.ask('GET', '/_ping'), late(3000)]);
      return engine;
    } catch (error) {
      failures.push(`${address}: ${error instanceof Error ? error.message : String(error)}`);
      await engine.close();
    }
  }
  return failures.length === 0
    ? 'No Docker or Podman engine runs on this machine'
    : `No Docker or Podman engine answers (${failures.join('; ')})`;
}

const late = (ms: number) =>
  new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms).unref();
  });

/** What is named is meant; else where engines usually are. */
function addresses(env: NodeJS.ProcessEnv): readonly string[] {
  const named = env.DOCKER_HOST || contextOf(env);
  if (named) return [named];
  const run = env.XDG_RUNTIME_DIR;
  return [
    '/var/run/docker.sock',
    path.join(os.homedir(), '.docker/run/docker.sock'),
    ...(run ? [path.join(run, 'docker.sock'), path.join(run, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ]
    .filter(file => existsSync(file))
    .map(file => `unix://${file}`);
}

/** The address of the context that `docker context use` has chosen: Docker Desktop and Colima set one. */
function contextOf(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env.DOCKER_CONFIG || path.join(os.homedir(), '.docker');
  try {
    const name =
      env.DOCKER_CONTEXT || JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')).currentContext;
    if (!name || name === 'default') return undefined;
    const id = createHash('sha256').update(name).digest('hex');
    return JSON.parse(readFileSync(path.join(folder, 'contexts/meta', id, 'meta.json'), 'utf8')).Endpoints.docker.Host;
  } catch {
    return undefined; // Nothing of the kind is set up.
  }
}

function placeOf(address: string, env: NodeJS.ProcessEnv): Place | string {
  const [, scheme, rest = ''] = /^(\w+):\/\/(.*)$/.exec(address) ?? [];
  if (scheme === 'unix') return { socketPath: rest };
  if (scheme !== 'tcp' && scheme !== 'http' && scheme !== 'https')
    return `"${address}" is no address of the form unix:///PATH or tcp://HOST:PORT`;
  const secure = scheme === 'https' || Boolean(env.DOCKER_TLS_VERIFY);
  const url = URL.canParse(`http://${rest}`) ? new URL(`http://${rest}`) : undefined;
  if (url === undefined) return `"${address}" names no host`;
  const place = { host: url.hostname, port: Number(url.port) || (secure ? 2376 : 2375) };
  if (!secure) return place;
  try {
    const folder = env.DOCKER_CERT_PATH || path.join(os.homedir(), '.docker');
    const file = (name: string) => readFileSync(path.join(folder, name), 'utf8');
    return { ...place, tls: { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') } };
  } catch (error) {
    return `${address} wants certificates: ${error instanceof Error ? error.message : String(error)}`;
  }
}
