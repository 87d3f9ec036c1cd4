// The one error that talking to a cluster can end in: a code for programs, one sentence for people.
// What an answer of status 400 or more means is in refusal.ts.
import { errors } from 'undici';
import type { Endpoint } from './endpoint.ts';

export type ClusterErrorCode =
  /** The profile does not name this part of the cluster. */
  | 'not-configured'
  /** Nothing was sent: no such host, refused, no route. */
  | 'unreachable'
  /** No whole answer in time. What was asked for may have happened. */
  | 'timeout'
  /** The connection broke off. What was asked for may have happened. */
  | 'cut'
  /** The caller aborted. */
  | 'cancelled'
  | 'not-json'
  /** JSON, but not what this server answers. */
  | 'unexpected-shape'
  | 'too-large'
  | 'redirect-loop'
  /** 401 */
  | 'unauthenticated'
  /** 403 */
  | 'forbidden'
  /** 404, and Chronos' 400 for a job that it does not know. */
  | 'not-found'
  /** 409: the name is in use. */
  | 'conflict'
  /** 409: deployments hold the app or group; their ids are in `deployments`. */
  | 'locked'
  /** 400 and 422: what was sent is refused. */
  | 'invalid'
  /** 500 and above. */
  | 'server-error'
  /** Any other status. */
  | 'unexpected-status';

export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** Ids of the Marathon deployments that lock what was to be changed. */
  readonly deployments: readonly string[];

  /** @param message One sentence: what failed, where, what to do. It must hold no secret. */
  constructor(
    code: ClusterErrorCode,
    message: string,
    more: { readonly status?: number; readonly deployments?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.status = more.status;
    this.deployments = more.deployments ?? [];
  }
}

/** True where the server may have done what it was asked, though no answer came. */
export function mayHaveHappened(error: unknown): boolean {
  return error instanceof ClusterError && (error.code === 'timeout' || error.code === 'cut');
}

/** True where the same request may well succeed a little later. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof ClusterError &&
    (error.code === 'unreachable' || error.code === 'timeout' || error.code === 'cut' || error.code === 'server-error')
  );
}

/** `Marathon at http://10.0.0.1:8080`. User information, path and query are left out: they may hold secrets. */
export function placeOf(endpoint: Endpoint): string {
  return `${endpoint.service} at ${URL.canParse(endpoint.url) ? new URL(endpoint.url).origin : 'an address that is no URL'}`;
}

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name service does not answer',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  EADDRNOTAVAIL: 'there is no route to the host',
  EACCES: 'this machine does not allow the connection',
  UND_ERR_CONNECT_TIMEOUT: 'the connection takes too long',
};

const broken = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ERR_STREAM_PREMATURE_CLOSE']);

/** What a failed exchange means, from the error of the HTTP library. */
export function transportError(endpoint: Endpoint, error: unknown): ClusterError {
  if (error instanceof ClusterError) return error;
  const place = placeOf(endpoint);
  const code = errorCode(error);
  const why = unreachable[code];
  if (why !== undefined) {
    return new ClusterError('unreachable', `${place} cannot be reached: ${why}. Check that it runs and its address.`, {
      cause: error,
    });
  }
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new ClusterError('timeout', `${place} fell silent in the middle of an exchange: try again.`, {
      cause: error,
    });
  }
  if (broken.has(code)) {
    return new ClusterError('cut', `${place} broke off the connection: it may have stopped or restarted.`, {
      cause: error,
    });
  }
  if (error instanceof errors.HTTPParserError) {
    return new ClusterError(
      'unexpected-shape',
      `${place} does not speak HTTP: check its address and whether it is https.`,
      {
        cause: error,
      },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new ClusterError('unreachable', `${place} cannot be reached: ${reason}.`, { cause: error });
}

/** Errors of several addresses of one host come wrapped in an AggregateError, whose code is that of the first. */
function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}
