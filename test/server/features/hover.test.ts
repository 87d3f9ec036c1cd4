// What a hover says of the thing under the cursor.
import { describe, expect, it } from 'vitest';
import { hover } from '../../../server/src/features/hover.ts';
import { atCursor, header } from './cursor.ts';

const says = (marked: string) => {
  const { template, position } = atCursor(marked);
  const contents = hover(template, position)?.contents;
  return typeof contents === 'object' && 'value' in contents ? contents.value : undefined;
};

const template = (...replace: readonly [string, string]) =>
  `${header}topology_template:
  inputs:
    cpus: { type: float, default: 1.0, description: How many. }
  node_templates:
    app:
      type: tosca.nodes.indigo.Container.Application.Docker.Marathon
      properties:
        command: { concat: [ a, get_input: cpus, get_property: [ HOST, host, mem_size ] ] }
      requirements:
        - host: runtime
    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities:
        host:
          properties:
            mem_size: 1 GB
`.replace(...replace);

describe('hover', () => {
  it.each([
    ['a keyname', 'node_templates', 'node_tem|plates', '**node_templates**'],
    ['a type', 'Docker.Marathon', 'Docker.Mara|thon', '**tosca.nodes.indigo.Container.Application.Docker.Marathon**'],
    ['a property', 'command', 'com|mand', '**command**: `string`'],
    ['a function', 'concat', 'con|cat', 'Joins texts.'],
    ['an input where it is used', 'get_input: cpus', 'get_input: cp|us', 'default `1.0`'],
    [
      'a capability in an argument',
      'HOST, host',
      'HOST, ho|st',
      'capability `tosca.capabilities.indigo.Container.Docker`',
    ],
    ['a property in an argument', 'mem_size ]', 'mem_|size ]', '**mem_size**'],
    ['a requirement', '- host', '- ho|st', 'tosca.capabilities.Container.Docker'],
    [
      'the target of a requirement',
      'host: runtime',
      'host: run|time',
      '**tosca.nodes.indigo.Container.Runtime.Docker**',
    ],
    ['a capability', '        host:\n', '        ho|st:\n', 'capability `tosca.capabilities.indigo.Container.Docker`'],
    ['a property of a capability', 'mem_size', 'mem|_size', 'scalar-unit.size'],
    ['the value of a property', '1 GB', '1 |GB', 'scalar-unit.size'],
    ['a built-in type', 'float,', 'flo|at,', 'A number.'],
  ])('explains %s', (_, from, to, expected) => {
    expect(says(template(from, to))).toContain(expected);
  });

  it('says nothing of an empty line', () => {
    expect(says(`${template('a', 'a')}\n|`)).toBeUndefined();
  });
});
