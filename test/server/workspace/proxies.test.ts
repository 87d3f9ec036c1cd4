// Imports by way of a proxy, and over an encrypted connection.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultLimits, fetchText } from '../../../server/src/workspace/fetch.ts';
import { type Proxies, proxiesIn, proxyFor } from '../../../server/src/workspace/proxies.ts';
import { openProxy, openWeb, says, type TestProxy, type Web } from './web.ts';

let web: Web;
let proxy: TestProxy;
beforeEach(async () => {
  web = await openWeb();
  web.answers.set('/types.yaml', says('a: b\n'));
  proxy = await openProxy(Number(new URL(web.address).port));
});
afterEach(async () => {
  await proxy.close();
  await web.close();
});

const fetched = (from: string, proxies: Proxies) =>
  fetchText(from, {}, { ...defaultLimits, milliseconds: 5000 }, new AbortController().signal, proxies);

describe('an import is fetched', () => {
  it('by way of a proxy, to hosts that only the proxy knows', async () => {
    expect(await fetched('http://types.test/types.yaml', { http: proxy.address })).toMatchObject({
      kind: 'text',
      text: 'a: b\n',
    });
    expect(proxy.asked).toEqual(['GET http://types.test/types.yaml']);
    expect(await fetched(`${web.address}/types.yaml`, { https: proxy.address })).toMatchObject({ kind: 'text' });
    expect(proxy.asked).toHaveLength(1);
  });

  it('without one where the host is excepted', async () => {
    const own = `${web.address}/types.yaml`;
    expect(await fetched(own, { http: proxy.address, except: 'a.test 127.0.0.1' })).toMatchObject({ kind: 'text' });
    expect(proxy.asked).toEqual([]);
  });

  it('and says so where the proxy does not do it', async () => {
    proxy.wants = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    expect(await fetched('https://types.test/types.yaml', { https: proxy.address })).toEqual({
      kind: 'failed',
      sure: false,
      problem: `https://types.test/types.yaml cannot be reached by the proxy ${proxy.address}: it wants a user and password (407).`,
    });
    const { port } = new URL(proxy.address);
    const known = await fetched('https://types.test/types.yaml', { https: `http://me:secret@127.0.0.1:${port}` });
    expect(proxy.asked).toEqual(['CONNECT types.test:443', 'CONNECT types.test:443']);
    // the server behind it speaks no TLS
    expect(known).toMatchObject({
      problem: expect.stringMatching(new RegExp(`cannot be reached by the proxy ${proxy.address}: `)),
    });
    expect(known).not.toMatchObject({ problem: expect.stringContaining('secret') });
    expect(await fetched('http://types.test/types.yaml', { http: '127.0.0.1:1' })).toMatchObject({
      problem: 'http://types.test/types.yaml cannot be reached by the proxy http://127.0.0.1:1: nobody listens there.',
    });
    for (const [wrong, by] of [
      ['http://me:word@[host', 'that is set'],
      ['socks5://me:word@host:1080', 'socks5://host:1080'],
    ] as const) {
      const said = await fetched('http://types.test/types.yaml', { http: wrong });
      expect(said).toMatchObject({ problem: expect.stringContaining(` cannot be reached by the proxy ${by}: `) });
      expect(said).not.toMatchObject({ problem: expect.stringContaining('word') });
    }
  });
});

describe('proxies', () => {
  it('are those that the environment names, in small letters first', () => {
    expect(
      proxiesIn({ https_proxy: 'http://a', HTTPS_PROXY: 'http://b', HTTP_PROXY: 'http://c', NO_PROXY: '' }),
    ).toEqual({
      https: 'http://a',
      http: 'http://c',
      except: undefined,
    });
  });

  it.each([
    ['http://example.org/', 'example.org', undefined],
    ['http://a.example.org/', '.example.org', undefined],
    ['http://a.example.org/', 'example.org:8080', undefined],
    ['http://a.example.org/', '*.example.org', undefined],
    ['http://example.org/', '*', undefined],
    ['http://badexample.org/', 'example.org', 'http://p'],
    ['http://example.org/', '', 'http://p'],
    ['https://example.org/', '', undefined],
  ])('of %s with the exceptions "%s"', (of, except, wanted) => {
    expect(proxyFor(of, { http: 'http://p', except })).toBe(wanted);
  });
});
