// Ways out of a network that is closed: the proxies that the environment names, or the editor. The library for them is loaded when there are any.
import type { Dispatcher } from 'undici';

type Library = Pick<typeof import('undici'), 'fetch' | 'ProxyAgent'>;

export interface Proxies {
  /** URL of the proxy for `http:` addresses, with a user and password in it if it wants them. */
  readonly http?: string | undefined;
  /** For `https:` ones. */
  readonly https?: string | undefined;
  /** Hosts to which one goes without, as `NO_PROXY` has them: `localhost,.example.org`. */
  readonly except?: string | undefined;
}

/** As curl and most others read them. */
export function proxiesIn(environment: Readonly<Record<string, string | undefined>>): Proxies {
  const read = (name: string) => environment[name] || environment[name.toUpperCase()] || undefined;
  return { http: read('http_proxy'), https: read('https_proxy'), except: read('no_proxy') };
}

/** URL of the proxy that an address is fetched by; undefined for none. */
export function proxyFor(address: string, { http, https, except = '' }: Proxies): string | undefined {
  const { protocol, hostname } = new URL(address);
  const excepted = except
    .split(/[\s,]+/)
    .map(each =>
      each
        .replace(/^\*?\./, '')
        .replace(/:\d+$/, '')
        .toLowerCase(),
    )
    .some(each => each !== '' && (each === '*' || hostname === each || hostname.endsWith(`.${each}`)));
  const proxy = protocol === 'https:' ? https : http;
  if (excepted || proxy === undefined) return undefined;
  return /^[a-z\d]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** As it may be shown: without a user and password. */
export function shown(proxy: string): string | undefined {
  if (!URL.canParse(proxy)) return undefined;
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}

let library: Library | undefined;
const ways = new Map<string, Dispatcher>();

/** Node's `fetch`, by way of a proxy if there is one. Throws where that is none that can be used. */
export async function fetchBy(proxy: string | undefined, address: string, init: RequestInit): Promise<Response> {
  if (proxy === undefined) return fetch(address, init);
  library ??= require('undici') as Library;
  const way = ways.get(proxy) ?? new library.ProxyAgent({ uri: proxy, proxyTunnel: false });
  ways.set(proxy, way);
  return library.fetch(address, { ...(init as object), dispatcher: way }) as Promise<unknown> as Promise<Response>;
}
