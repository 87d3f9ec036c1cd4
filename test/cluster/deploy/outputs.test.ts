import { describe, expect, it } from 'vitest';
import { addressOf, resolveOutputs } from '../../../cluster/src/deploy/outputs.ts';
import { readApp } from '../../../cluster/src/marathon/answers.ts';
import type { Profile } from '../../../cluster/src/profile.ts';
import type { Json } from '../../../protocol/src/plan.ts';
import { plan } from './fake.ts';

const web = readApp({
  id: '/demo/web',
  container: { portMappings: [{ servicePort: 10_001 }, { servicePort: 10_002 }] },
  tasks: [
    { id: 'a', state: 'TASK_STAGING', host: 'h0', ports: [1, 2] },
    { id: 'b', state: 'TASK_RUNNING', host: 'h1', ports: [31_001, 31_002] },
  ],
});
const idle = readApp({ id: '/demo/idle', tasks: [] });
const apps = new Map([
  ['web', web],
  ['idle', idle],
]);
const plain: Profile = { name: 'x', release: 'indigo_2' };
const balanced: Profile = { ...plain, loadBalancerIps: ['192.0.2.1', '192.0.2.2'] };

const resolve = (value: Json, profile: Profile) => {
  const hosts = { idle: 'docker', web: 'docker', gone: 'docker' };
  const { values, missing } = resolveOutputs(plan({ outputs: { out: value }, hosts }), apps, profile);
  return missing.out === undefined ? values.out : { missing: missing.out };
};
const get = (...path: (string | number)[]) => ({ get_attribute: path });
const none = { missing: expect.stringMatching(/^get_attribute \[.*\] has no value in this deployment\.$/) };

describe('an output', () => {
  it('is the address of a running task where no load balancer is', () => {
    expect(resolve(get('web', 'load_balancer_ips'), plain)).toEqual(['h1']);
    expect(resolve(get('web', 'load_balancer_ips', 0), plain)).toBe('h1');
    expect(resolve(get('docker', 'host', 'publish_ports', 1, 'target'), plain)).toBe(31_002);
    expect(addressOf(idle, plain)).toBeUndefined();
  });

  it('is the service port of the load balancer where one is', () => {
    expect(resolve(get('web', 'load_balancer_ips'), balanced)).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(resolve(get('web', 'load_balancer_ips', 1), balanced)).toBe('192.0.2.2');
    expect(resolve(get('docker', 'host', 'publish_ports', 1, 'target'), balanced)).toBe(10_002);
  });

  it('joins and splits', () => {
    expect(resolve({ concat: ['http://', get('web', 'load_balancer_ips', 0), ':', 80, '/', true] }, plain)).toBe(
      'http://h1:80/true',
    );
    expect(resolve({ token: ['a:b:c', ':', 1] }, plain)).toBe('b');
    expect(resolve({ list: [get('web', 'load_balancer_ips', 0), null], concat: 'no function' }, plain)).toEqual({
      list: ['h1', null],
      concat: 'no function',
    });
  });

  it.each([
    [get('web', 'load_balancer_ips', 2), balanced],
    [get('idle', 'load_balancer_ips', 0), plain],
    [get('nobody', 'load_balancer_ips'), balanced],
    [get('web', 'load_balancer_ips', 0, 'x'), balanced],
    [get('docker', 'host', 'publish_ports', 7, 'target'), balanced],
    [get('docker', 'host', 'publish_ports', 0, 'source'), balanced],
    [get('nobody', 'host', 'publish_ports', 0, 'target'), balanced],
    [get(), plain],
  ])('%j has no value', (value, profile) => {
    expect(resolve(value, profile)).toEqual(none);
  });

  it('that cannot be joined or split says so', () => {
    expect(resolve({ concat: ['x', get('web', 'load_balancer_ips')] }, plain)).toEqual({
      missing: 'concat joins texts and numbers only.',
    });
    expect(resolve({ token: ['a', ':', 5] }, plain)).toEqual({ missing: 'token finds no such part.' });
  });
});
