// Nothing holds on to a state of a template that is past: one that is edited all day takes no more memory than in the morning.
import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../server/src/index.ts';
import { header } from './features/cursor.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

const uri = 'file:///edited.yaml';

const template = `${header}node_types:
  own.App: { derived_from: tosca.nodes.indigo.Container.Application.Docker.Marathon }
topology_template:
  inputs:
    cpus: { type: float, default: 1.0 }
  node_templates:
    web:
      type: own.App
      properties: { command: echo, wrong: 1 }
      artifacts:
        image: { file: busybox, type: tosca.artifacts.Deployment.Image.Container.Docker }
      requirements:
        - host: runtime
    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities: { host: { properties: { num_cpus: { get_input: cpus } } } }
`;

describe('what is past', () => {
  it.each([
    ['in a node template', (at: number) => template.replace('echo', `echo ${at}`)],
    ['in a type', (at: number) => template.replace('own.App: {', `own.App: { description: '${at}',`)],
    ['in many lines', (at: number) => template.replace('    web:', `    other${at}: { type: own.App }\n\n    web:`)],
  ])('is let go of after edits %s', async (_, edited) => {
    let source = template;
    const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));
    const past: WeakRef<object>[] = [];
    for (let at = 0; at < 40; at++) {
      source = edited(at);
      workspace.diagnostics(uri);
      const now = workspace.template(uri);
      if ('problem' in now) throw new Error(now.problem);
      past.push(new WeakRef(now), new WeakRef(now.document), new WeakRef(now.catalog));
      await new Promise(setImmediate); // a WeakRef holds what it refers to till the end of the turn
    }
    collect();
    const alive = new Set(past.flatMap(each => each.deref() ?? []));
    expect(alive.size).toBeLessThanOrEqual(6); // the last state, and the one before it
  });
});
