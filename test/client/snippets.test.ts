// Every snippet, inserted where its description says and left as it is, makes a template without a complaint but that it is used by nothing yet.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from '../../server/src/index.ts';

interface Snippet {
  readonly description: string;
  readonly isFileTemplate?: boolean;
  readonly body: readonly string[];
}

const file = path.join(import.meta.dirname, '../../snippets/tosca.json');
const snippets = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Snippet>>;

const head = `tosca_definitions_version: tosca_simple_yaml_1_0
imports:
  - indigo_custom_types: https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml
topology_template:
`;
const web = `  node_templates:
    web:
      type: tosca.nodes.indigo.Container.Application.Docker.Marathon
      requirements:
        - host: web_runtime
      artifacts:
        image:
          file: busybox
          type: tosca.artifacts.Deployment.Image.Container.Docker
    web_runtime:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities:
        host:
          properties:
            publish_ports:
              - protocol: tcp
                source: 80
`;

/** The text that stands there when the user presses Tab through to the end. */
function expanded(body: readonly string[]): string {
  const values = new Map([
    ['CURRENT_YEAR', '2026'],
    ['CURRENT_MONTH', '01'],
    ['CURRENT_DATE', '02'],
  ]);
  let text = body.join('\n').replaceAll('\\$', '\0').replaceAll('\\}', '\x01');
  const place = /\$(\d+|[A-Z_]+)\b|\$\{(\w+)(?:\|([^|}]*)\|)?\}|\$\{(\w+):([^${}]*(?:\{[^${}]*\}?)?[^${}]*)\}/;
  for (let match = place.exec(text); match !== null; match = place.exec(text)) {
    const name = match[1] ?? match[2] ?? match[4] ?? '';
    const value = match[3]?.split(',')[0] ?? match[5];
    if (value !== undefined) values.set(name, value);
    text = text.slice(0, match.index) + (values.get(name) ?? '') + text.slice(match.index + match[0].length);
  }
  return text.replaceAll('\0', '$').replaceAll('\x01', '}');
}

const indented = (text: string) => text.replace(/^(?=.)/gm, '    ');

test.each(Object.entries(snippets))('%s', (_, { description, body, isFileTemplate }) => {
  const text = expanded(body);
  const whole = isFileTemplate
    ? text
    : description.includes('under outputs')
      ? `${head}  inputs:\n    name:\n      type: string\n${web}  outputs:\n${indented(text)}`
      : description.includes('under inputs')
        ? `${head}  inputs:\n${indented(text)}${web}`
        : `${head}  node_templates:\n${indented(text)}`;
  const uri = 'file:///snippet.tosca.yaml';
  const diagnostics = openWorkspace(asked => (asked === uri ? whole : undefined)).diagnostics(uri);
  const complaints = diagnostics.filter(({ severity }) => severity !== 4);
  expect(
    complaints.map(({ message, range }) => `${range.start.line + 1}: ${message}`),
    whole,
  ).toEqual([]);
  expect(whole).not.toMatch(/\$\{?\d/);
});
