// One text over HTTP, with bounds on all of it: time, size, redirects. What fails becomes one sentence; nothing throws.

import { fetchBy, type Proxies, proxyFor, shown } from './proxies.ts';

export interface Limits {
  /** For the whole transfer, redirects included. */
  readonly milliseconds: number;
  readonly bytes: number;
  readonly redirects: number;
}

export const defaultLimits: Limits = { milliseconds: 10_000, bytes: 5 * 1024 * 1024, redirects: 5 };

/** What a server said of a text, for asking later whether it has changed. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export type Fetched =
  | ({ readonly kind: 'text'; readonly text: string } & Validators)
  | { readonly kind: 'unchanged' }
  /** `sure`: whoever asks gets nothing of use there. Else it may be the network, or a bound of ours. */
  | { readonly kind: 'failed'; readonly problem: string; readonly sure: boolean };

const failed = (problem: string, sure: boolean): Fetched => ({ kind: 'failed', problem, sure });

/** `signal` gives it up. */
export async function fetchText(
  address: string,
  known: Validators,
  limits: Limits,
  signal: AbortSignal,
  proxies: Proxies,
): Promise<Fetched> {
  const giveUp = new AbortController();
  const abort = () => giveUp.abort();
  const timer = setTimeout(abort, limits.milliseconds);
  signal.addEventListener('abort', abort);
  try {
    if (signal.aborted) abort();
    return await transfer(address, known, limits, giveUp.signal, proxies);
  } catch (error) {
    return giveUp.signal.aborted
      ? failed(`${address} has not answered within ${limits.milliseconds / 1000} s.`, false)
      : failed(`${address} cannot be reached${by(address, proxies)}: ${reason(error)}.`, false);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    giveUp.abort();
  }
}

function by(address: string, proxies: Proxies): string {
  const proxy = proxyFor(address, proxies);
  return proxy === undefined ? '' : ` by the proxy ${shown(proxy) ?? 'that is set'}`;
}

async function transfer(
  first: string,
  known: Validators,
  limits: Limits,
  signal: AbortSignal,
  proxies: Proxies,
): Promise<Fetched> {
  const seen = new Set<string>();
  for (let address = first; ; ) {
    const url = new URL(address);
    if (url.username !== '' || url.password !== '')
      return failed(`${url.host}: addresses with a user or password in them are not fetched.`, false);
    seen.add(address);
    const response = await fetchBy(proxyFor(address, proxies), address, {
      redirect: 'manual',
      signal,
      headers: headersFor(known),
    });
    const to = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && response.status !== 304 && to !== null) {
      await response.body?.cancel();
      const next = URL.canParse(to, address) ? new URL(to, address) : undefined;
      if (next === undefined || !/^https?:$/.test(next.protocol))
        return failed(`${first} redirects to \`${to}\`, which is no web address.`, true);
      if (url.protocol === 'https:' && next.protocol === 'http:')
        return failed(`${first} redirects to ${next.href}, from an encrypted connection to an open one.`, false);
      if (seen.has(next.href)) return failed(`${first} redirects in a circle.`, true);
      if (seen.size > limits.redirects) return failed(`${first} redirects more than ${limits.redirects} times.`, false);
      address = next.href;
      continue;
    }
    if (response.status === 304) return { kind: 'unchanged' };
    if (!response.ok) {
      await response.body?.cancel();
      return failed(`${first} answers ${response.status}${meaning(response.status)}.`, isSure(response.status));
    }
    return await body(first, response, limits);
  }
}

function headersFor({ etag, lastModified }: Validators): Record<string, string> {
  return {
    accept: 'application/yaml, text/yaml, text/plain, */*;q=0.5',
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
  };
}

async function body(address: string, response: Response, { bytes }: Limits): Promise<Fetched> {
  const tooLarge = failed(`${address} is larger than ${Math.round(bytes / 1024 / 1024)} MB and is not read.`, false);
  if (Number(response.headers.get('content-length') ?? 0) > bytes) return tooLarge;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > bytes) return tooLarge;
    parts.push(part);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    return failed(`${address} is not valid UTF-8.`, false);
  }
  if (/^\s*<(!doctype|html|head|\?xml)/i.test(text.slice(0, 1000)))
    // over an open connection it may come from the network's own log-in page
    return failed(`${address} is a web page (HTML), not a TOSCA file.`, address.startsWith('https:'));
  return {
    kind: 'text',
    text,
    etag: response.headers.get('etag') ?? undefined,
    lastModified: response.headers.get('last-modified') ?? undefined,
  };
}

/** Who must log in here, or asks too often, may be let in elsewhere. */
const isSure = (status: number) => status < 500 && ![401, 403, 407, 408, 425, 429].includes(status);

function meaning(status: number): string {
  if (status === 404 || status === 410) return ': there is nothing at this address';
  if (status === 401 || status === 403) return ': one must log in to read it';
  if (status === 429) return ': it was asked too often';
  return status >= 500 ? ': the server has a problem of its own' : '';
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be looked up, there may be no network',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENETUNREACH: 'there is no network',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
};

/** What a fetch says is "fetch failed"; what is behind it is the cause of its causes. */
function reason(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? String(cause.code) : '';
  const [, answer] = /^Proxy response \((\d+)\)/.exec(cause.message) ?? [];
  if (answer !== undefined) return answer === '407' ? 'it wants a user and password (407)' : `it answers ${answer}`;
  return words[code] ?? (cause.message.replace(/\.$/, '') || code);
}
