// One file over HTTP or HTTPS: redirects, size and time are bounded.
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { request } from 'undici';
import { bounded } from './bounded.ts';

const mostRedirects = 10;
/** Without a byte for this long it is given up (--fetcher_stall_timeout), and altogether after the second figure; milliseconds. */
const stallTimeout = 60_000;
const timeout = 30 * 60_000;

/** Rejects with Mesos's words where the answer is not 200; what was written is removed. */
export async function download(address: string, target: string, largest: number, signal: AbortSignal): Promise<void> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  let url = new URL(address);
  const { origin } = url;
  const authorization = basicAuth(url);
  for (let redirects = 0; ; redirects++) {
    const { statusCode, headers, body } = await request(url, {
      // Not to whom a redirect leads.
      headers: authorization !== undefined && url.origin === origin ? { authorization } : {},
      signal: both,
      headersTimeout: stallTimeout,
      bodyTimeout: stallTimeout,
    }).catch((error: unknown) => {
      throw new Error(`Error downloading resource: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (statusCode === 200) {
      try {
        const limit = bounded(largest, `it is larger than ${largest} bytes`);
        await pipeline(body, limit, createWriteStream(target), { signal: both });
      } catch (error) {
        await rm(target, { force: true });
        throw new Error(`Error downloading resource: ${error instanceof Error ? error.message : String(error)}`);
      }
      return;
    }
    await body.dump();
    const { location } = headers;
    if (statusCode < 300 || statusCode > 399 || typeof location !== 'string') {
      throw new Error(`Error downloading resource, received HTTP return code ${statusCode}`);
    }
    if (redirects === mostRedirects)
      throw new Error(`Error downloading resource: more than ${mostRedirects} redirects`);
    url = new URL(location, url);
    if (!/^https?:$/.test(url.protocol))
      throw new Error(`Error downloading resource: a redirect leads to ${url.protocol}`);
  }
}

/** From the name and password in an address. */
function basicAuth({ username, password }: URL): string | undefined {
  if (username === '') return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
