// Functions in the `file` of an artifact: INDIGO's parser flattens them to a text, in which only a plain get_input is found again.
// Sources: indigo-dc/alien4cloud ArtifactParser, indigo-dc/orchestrator IndigoInputsPreProcessorService.
import { functionCall } from '../grammar/functions.ts';
import { get, name, text } from '../syntax/nodes.ts';
import { followed } from '../template/literal.ts';
import { fix, replace } from './fix.ts';
import type { Rule } from './rule.ts';

export const imageFile: Rule = {
  code: 'image-file',
  severity: 'error',
  check({ template, node }, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const artifact of node?.artifacts ?? []) {
      const file = followed(get(artifact.value, 'file'), template);
      if (file === undefined || file.kind === 'scalar') continue;
      const call = functionCall(file);
      const argument = call?.argument;
      if (call === undefined) {
        report({
          at: file,
          message: `The \`file\` of the artifact "${name(artifact)}" must be a text, or \`{ get_input: name }\`.`,
        });
      } else if (argument?.kind === 'sequence') {
        const only = argument.items.length === 1 ? text(argument.items[0]) : undefined;
        report({
          at: file,
          message: `The Orchestrator refuses a function with a list here: only \`{ get_input: name }\` works in the \`file\` of an artifact.`,
          ...(call.name === 'get_input' &&
            only !== undefined && { fixes: [fix(`Change to "{ get_input: ${only} }"`, replace(argument, only))] }),
        });
      } else if (call.name !== 'get_input') {
        report({
          at: file,
          severity: 'warning',
          message: `The Orchestrator does not evaluate \`${call.name}\` here: the text of the function becomes the name of the image. Only \`{ get_input: name }\` works.`,
        });
      } else if (argument !== undefined && !/^\w+$/.test(text(argument) ?? '')) {
        report({
          at: argument,
          severity: 'warning',
          message: `In the \`file\` of an artifact the Orchestrator finds only inputs whose names are letters, digits and underscores: else \`{ get_input: ${text(argument) ?? ''} }\` itself becomes the name of the image. Rename the input.`,
        });
      }
    }
  },
};
