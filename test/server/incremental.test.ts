// What is kept from keystroke to keystroke never changes what is found: after any series of edits the diagnostics are those of a fresh look.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../server/src/index.ts';
import { header } from './features/cursor.ts';

const uri = 'file:///edited.yaml';

const template = `${header}
dsl_definitions:
  image: &image busybox
data_types:
  own.Size: { derived_from: integer, constraints: [ { less_than: 9 } ] }
topology_template:
  inputs:
    cpus: { type: float, default: 1.0 }
    size: { type: own.Size, default: 3 }
  node_templates:
    web:
      type: tosca.nodes.indigo.Container.Application.Docker.Marathon
      properties:
        labels: { HAPROXY_0_VHOST: a.example.org, HAPROXY_1_MODE: tcp }
        secrets: { PASS: word }
        command: { concat: [ a, get_input: cpus, get_attribute: [ runtime, host, num_cpus ] ] }
      artifacts:
        image: { file: *image, type: tosca.artifacts.Deployment.Image.Container.Docker }
      requirements:
        - host: runtime

    # a comment
    job:
      type: tosca.nodes.indigo.Container.Application.Docker.Chronos
      properties: { command: date, retries: 2, schedule: R1//PT1H, labels: { a: b }, constraints: [ [ rack, LIKE, a ] ] }
      requirements:
        - host: { node: runtime }
        - parent_job: other
    other: { type: tosca.nodes.indigo.Container.Application.Docker.Chronos, properties: { command: date } }
    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities:
        host:
          properties:
            num_cpus: { get_input: cpus }
            publish_ports: [ { protocol: tcp, source: { get_input: size }, target: 10080 }, { protocol: udp, source: 81, target: 10080 } ]
            volumes: [ '/data:rw', 'disk:/srv:rw:dvdi:rexray' ]
  groups:
    both: { type: tosca.groups.Root, members: [ web, job ] }
  outputs:
    address: { value: { get_attribute: [ web, load_balancer_ips, 0 ] } }
    port: { value: { get_attribute: [ runtime, host, publish_ports, 1, target ] } }
`;

/** Of the standard, with what one entry may say of another. */
const strict = `tosca_definitions_version: tosca_simple_yaml_1_3
capability_types:
  own.Port: { derived_from: tosca.capabilities.Root, valid_source_types: [ own.Client ], properties: { port: { type: integer, default: 1 } } }
relationship_types:
  own.Uses: { derived_from: tosca.relationships.Root, valid_target_types: [ own.Port ], properties: { speed: { type: integer } } }
group_types:
  own.Clients: { derived_from: tosca.groups.Root, members: [ own.Client ] }
node_types:
  own.Server: { derived_from: tosca.nodes.Root, capabilities: { port: own.Port }, attributes: { load: { type: list, entry_schema: string } } }
  own.Client:
    derived_from: tosca.nodes.Root
    properties: { names: { type: list, entry_schema: { type: string, constraints: [ { pattern: '[a-z]+' } ] }, default: [ a ] } }
    requirements:
      - port: { capability: own.Port, node: own.Server, relationship: own.Uses }
topology_template:
  inputs:
    count: { type: integer, default: 3 }
  node_templates:
    server: { type: own.Server }
    client:
      type: own.Client
      properties: { names: [ { get_property: [ other, names, 0 ] } ] }
      requirements:
        - port: { node: server, relationship: { type: own.Uses, properties: { speed: { get_input: count } } } }
      interfaces:
        Standard:
          start: { implementation: a.sh, inputs: { load: { get_attribute: [ SELF, port, load, 0 ] } } }
    other: { type: own.Client, requirements: [ port: { node: server, relationship: link } ] }
    third: { copy: other }
  relationship_templates:
    link: { type: own.Uses, properties: { speed: 1 } }
  groups:
    clients: { type: own.Clients, members: [ client, other ] }
  policies:
    - scale: { type: tosca.policies.Scaling, targets: [ clients, server ] }
  workflows:
    deploy:
      steps:
        first: { target: client, activities: [ call_operation: Standard.start ], on_success: last }
        last: { target: clients, activities: [ inline: deploy ] }
  substitution_mappings:
    node_type: own.Server
    capabilities: { port: [ server, port ] }
  outputs:
    names: { value: { get_attribute: [ client, names, 0 ] } }
`;

type Edit =
  | { readonly kind: 'word'; readonly at: number; readonly by: string }
  | { readonly kind: 'text'; readonly at: number; readonly remove: number; readonly by: string };

/** Words that mean something, so that edits do more than break things. */
const wordsOf = (text: string) => [...new Set(text.match(/[\w.]+/g))];

const edit = (words: readonly string[]): fc.Arbitrary<Edit> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('word' as const),
      at: fc.nat({ max: 10_000 }),
      by: fc.oneof(fc.constantFrom(...words), fc.constantFrom('', 'x', '1 GB', '*image', '&image y')),
    }),
    fc.record({
      kind: fc.constant('text' as const),
      at: fc.nat({ max: 10_000 }),
      remove: fc.integer({ min: 0, max: 30 }),
      by: fc.constantFrom(
        '',
        '\n',
        ' ',
        ':',
        '- ',
        '\n    web:\n',
        '\n  inputs:\n',
        '#',
        '{',
        '}',
        "'",
        '\n---\n',
        '# tosca-ignore: unknown-node\n',
      ),
    }),
  );

function apply(source: string, one: Edit): string {
  if (one.kind === 'text') {
    const from = one.at % (source.length + 1);
    return source.slice(0, from) + one.by + source.slice(from + one.remove);
  }
  const all = [...source.matchAll(/[\w.]+/g)];
  const word = all[one.at % Math.max(1, all.length)];
  return word === undefined ? source : source.slice(0, word.index) + one.by + source.slice(word.index + word[0].length);
}

describe.each([
  ['for INDIGO', template],
  ['for the standard', strict],
])('diagnostics after edits %s', (_, whole) => {
  const edits = edit(wordsOf(whole));
  const fresh = (source: string) => openWorkspace(wanted => (wanted === uri ? source : undefined)).diagnostics(uri);

  it('are those of a fresh look', () => {
    let source = whole;
    // one workspace for all runs: what it keeps comes from ever other texts
    const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));
    fc.assert(
      fc.property(fc.array(edits, { minLength: 1, maxLength: 6 }), all => {
        source = whole;
        workspace.diagnostics(uri);
        for (const one of all) {
          source = apply(source, one);
          expect(workspace.diagnostics(uri)).toEqual(fresh(source));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('come back to what they were when an edit is undone', () => {
    let source = whole;
    const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));
    const before = workspace.diagnostics(uri);
    fc.assert(
      fc.property(edits, one => {
        source = apply(whole, one);
        workspace.diagnostics(uri);
        source = whole;
        expect(workspace.diagnostics(uri)).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });
});
