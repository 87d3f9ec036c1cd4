// A literal value becomes an input, of the type that the property has.
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { extractInput } from '../../../server/src/features/extract-input.ts';
import { atCursor, header } from './cursor.ts';

function extracted(marked: string): string | undefined {
  const { template, position } = atCursor(marked);
  const [action] = extractInput(template, position);
  const edits = action?.edit?.changes?.[template.uri];
  if (edits === undefined) return undefined;
  return TextDocument.applyEdits(TextDocument.create(template.uri, 'tosca', 1, marked.replace('|', '')), edits);
}

const node = (inputs: string, size: string) => `${header}topology_template:
${inputs}  node_templates:
    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities:
        host:
          properties:
            mem_size: ${size}
`;

describe('extracting a value to an input', () => {
  it('declares it beside the others', () => {
    expect(extracted(node('  inputs:\n    mem_size: { type: integer }\n', '1| GB'))).toBe(
      node(
        '  inputs:\n    mem_size: { type: integer }\n    mem_size_2:\n      type: scalar-unit.size\n      default: 1 GB\n',
        '{ get_input: mem_size_2 }',
      ),
    );
  });

  it('writes into a map on one line', () => {
    expect(extracted(node('  inputs: { a: { type: string } }\n', '1| GB'))).toBe(
      node(
        '  inputs: { a: { type: string }, mem_size: { type: scalar-unit.size, default: 1 GB } }\n',
        '{ get_input: mem_size }',
      ),
    );
  });

  it('makes the section where there is none', () => {
    expect(extracted(node('', '1| GB'))).toBe(
      `${node('', '{ get_input: mem_size }')}  inputs:\n    mem_size:\n      type: scalar-unit.size\n      default: 1 GB\n`,
    );
  });

  it('is offered for values only', () => {
    expect(extracted(node('', '1 GB').replace('mem_size', 'mem|_size'))).toBeUndefined();
    expect(extracted(node('', '{ get_input: x| }'))).toBeUndefined();
    expect(extracted(node('', '1 GB').replace('runtime:', 'run|time:'))).toBeUndefined();
  });
});
