import { afterEach, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../cluster/src/connect/endpoint.ts';
import { ClusterError } from '../../../cluster/src/connect/error.ts';
import { ask, askJson } from '../../../cluster/src/connect/request.ts';
import { object, text } from '../../../cluster/src/connect/shape.ts';
import { deadUrl, type Handler, serve, type TestServer } from '../server.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});

async function marathon(handler: Handler): Promise<Endpoint> {
  const server = await serve(handler);
  servers.push(server);
  return { service: 'Marathon', url: server.url };
}

async function failure(promise: Promise<unknown>): Promise<ClusterError> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ClusterError);
  return error as ClusterError;
}

const reply =
  (status: number, body: string, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

const read = (endpoint: Endpoint) =>
  askJson(endpoint, { path: '/v2/info' }, {}, value => text(object(value, '').name, 'name'));

describe('an exchange', () => {
  it('gives what the answer holds', async () => {
    expect(await read(await marathon(reply(200, '{"name":"marathon"}')))).toBe('marathon');
  });

  it('sends its body as JSON and its query encoded', async () => {
    const server = await serve(reply(200, '{}'));
    servers.push(server);
    await ask(
      { service: 'Chronos', url: `${server.url}/` },
      { method: 'POST', path: '/x', query: { a: ['1', '2 3'] }, body: { b: 1 } },
    );
    expect(server.requests).toEqual(['POST /x?a=1&a=2+3']);
    expect(server.bodies).toEqual(['{"b":1}']);
  });

  it('says that nobody listens there', async () => {
    const url = await deadUrl();
    const error = await failure(read({ service: 'Marathon', url }));
    expect(error.code).toBe('unreachable');
    expect(error.message).toBe(
      `Marathon at ${url} cannot be reached: the connection is refused. Check that it runs and its address.`,
    );
  });

  it('says that there is no such host, and no user, password or path of the address', async () => {
    const error = await failure(read({ service: 'Mesos', url: 'http://ann:secret@nowhere.invalid:5050/secret' }));
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain('Mesos at http://nowhere.invalid:5050 ');
    expect(error.message).not.toContain('secret');
  });

  it('gives up on a server that does not answer', async () => {
    const error = await failure(ask(await marathon(() => {}), { path: '/x' }, { timeoutMs: 100 }));
    expect(error.code).toBe('timeout');
    expect(error.message).toMatch(/did not answer within 0\.1 s/);
  });

  it('gives up on an answer that never ends', async () => {
    const endpoint = await marathon((_, response) => {
      response.writeHead(200);
      response.write('{"name":');
    });
    expect((await failure(ask(endpoint, { path: '/x' }, { timeoutMs: 200 }))).code).toBe('timeout');
  });

  it('says that the connection broke in the middle of an answer', async () => {
    const endpoint = await marathon((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"name":', () => response.destroy());
    });
    expect((await failure(read(endpoint))).code).toBe('cut');
  });

  it('repeats no POST whose connection broke', async () => {
    const server = await serve((_, response) => response.destroy());
    servers.push(server);
    const error = await failure(
      ask({ service: 'Marathon', url: server.url }, { method: 'POST', path: '/v2/groups', body: {} }),
    );
    expect(error.code).toBe('cut');
    expect(server.requests).toEqual(['POST /v2/groups']);
  });

  it('ends at once when it is aborted, before and while it runs', async () => {
    const controller = new AbortController();
    const server = await serve(() => {});
    servers.push(server);
    const endpoint: Endpoint = { service: 'Marathon', url: server.url };
    const running = failure(ask(endpoint, { path: '/x' }, { signal: controller.signal }));
    await server.until(1);
    controller.abort();
    expect((await running).code).toBe('cancelled');
    expect((await failure(ask(endpoint, { path: '/x' }, { signal: controller.signal }))).code).toBe('cancelled');
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['<html><body>Log in</body></html>', 'a web page'],
    ['', 'nothing'],
    ['{"name": "mar', 'something that is not JSON'],
  ])('says that %j is not JSON', async (body, what) => {
    const error = await failure(read(await marathon(reply(200, body))));
    expect(error.code).toBe('not-json');
    expect(error.message).toContain(`answered /v2/info with ${what}: check that the address is that of Marathon`);
  });

  it.each(['[]', 'null', '42', '{"name":7}', '{}'])('says that %s is not what it should be', async body => {
    expect((await failure(read(await marathon(reply(200, body))))).code).toBe('unexpected-shape');
  });

  it('says that what answers does not speak HTTP', async () => {
    const endpoint = await marathon((request, _response) => {
      request.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    expect((await failure(read(endpoint))).message).toContain('does not speak HTTP');
  });
});

describe('a refusal', () => {
  const refused = async (status: number, body: string) => failure(read(await marathon(reply(status, body))));

  it('is told by its status', async () => {
    expect((await refused(401, '<html>')).code).toBe('unauthenticated');
    expect((await refused(403, '{"message":"Not Authorized to perform this action!"}')).message).toMatch(
      /does not allow this \(403\): Not Authorized to perform this action!\.$/,
    );
    expect((await refused(404, `{"message":"App '/x' does not exist"}`)).message).toMatch(
      /does not have it \(404\): App '\/x' does not exist\.$/,
    );
    expect((await refused(418, '')).code).toBe('unexpected-status');
    expect((await refused(503, '<html>')).message).toMatch(/failed \(503\)\.$/);
  });

  it('names the deployments that lock an app', async () => {
    const error = await refused(
      409,
      '{"message":"App is locked by one or more deployments.","deployments":[{"id":"d-1"},{"id":"d-2"}]}',
    );
    expect(error).toMatchObject({ code: 'locked', status: 409, deployments: ['d-1', 'd-2'] });
    expect(error.message).toContain('still busy with deployments d-1, d-2');
  });

  it('says that a name is in use', async () => {
    const error = await refused(409, '{"message":"Group /x is already created. Use PUT to change this group."}');
    expect(error.code).toBe('conflict');
    expect(error.message).toContain('Group /x is already created.');
  });

  it("flattens Marathon's details", async () => {
    const details = [
      { path: '/apps(0)/id', errors: ['must fully match', 'is too long'] },
      { path: '/', errors: ['AppDefinition is bad'] },
    ];
    const error = await refused(422, JSON.stringify({ message: 'Object is not valid', details }));
    expect(error.code).toBe('invalid');
    expect(error.message).toMatch(/\(422\): \/apps\(0\)\/id must fully match, is too long; AppDefinition is bad\.$/);
    expect((await refused(400, '{"message":"Invalid JSON","details":"Unexpected end"}')).message).toMatch(
      /Invalid JSON: Unexpected end\.$/,
    );
    expect((await refused(422, '{"message":"Odd","details":[7,null,{}]}')).message).toMatch(/\(422\): Odd\.$/);
  });

  it("takes one sentence from Chronos' stack traces, in every form of them", async () => {
    const trace =
      "java.lang.IllegalArgumentException: requirement failed: the job's name is invalid.\n\tat scala.Predef";
    expect((await refused(400, JSON.stringify({ status: 'Bad Request', message: trace }))).message).toMatch(
      /\(400\): the job's name is invalid\.$/,
    );
    const unknown = await refused(400, "requirement failed: Job 'x' not found");
    expect(unknown).toMatchObject({ code: 'not-found', status: 400 });
    expect((await refused(400, '')).message).toMatch(/refuses what was sent \(400\)\.$/);
  });

  it('keeps a flood of text out of its sentence', async () => {
    expect((await refused(500, 'x'.repeat(1_000_000))).message.length).toBeLessThan(600);
  });
});

describe('a redirect', () => {
  it('to the leader is followed, with method and body', async () => {
    const leader = await serve(reply(200, '{"name":"leader"}'));
    const follower = await serve((request, response) => {
      response.writeHead(307, { location: `//127.0.0.1:${leader.port}${request.url}` }).end('Redirecting');
    });
    servers.push(leader, follower);
    const endpoint: Endpoint = { service: 'Mesos', url: follower.url };
    expect(await read(endpoint)).toBe('leader');
    await ask(endpoint, { method: 'PUT', path: '/y', body: [1] });
    expect(leader.requests).toEqual(['GET /v2/info', 'PUT /y']);
    expect(leader.bodies[1]).toBe('[1]');
  });

  it('that never ends is given up', async () => {
    const server = await serve((request, response) => {
      response.writeHead(307, { location: `${request.url}x` }).end();
    });
    servers.push(server);
    expect((await failure(read({ service: 'Mesos', url: server.url }))).code).toBe('redirect-loop');
    expect(server.requests.length).toBeLessThan(10);
  });
});
