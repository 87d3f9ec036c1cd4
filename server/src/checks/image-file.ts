// Inputs in the `file` of an artifact: INDIGO's parser flattens the function to a text, in which the Orchestrator looks for it again.
// Sources: indigo-dc/alien4cloud ArtifactParser, indigo-dc/orchestrator IndigoInputsPreProcessorService.
import { functionCall } from '../grammar/functions.ts';
import { get, text } from '../syntax/nodes.ts';
import { followed } from '../template/literal.ts';
import type { Rule } from './rule.ts';

export const imageFile: Rule = {
  code: 'image-file',
  severity: 'warning',
  of: 'node',
  check({ template, node }, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const artifact of node?.artifacts ?? []) {
      const call = functionCall(followed(get(artifact.value, 'file'), template));
      const written = text(call?.argument);
      if (call?.name !== 'get_input' || call.argument === undefined || written === undefined || /^\w+$/.test(written))
        continue;
      report({
        at: call.argument,
        message: `In the \`file\` of an artifact the Orchestrator finds only inputs whose names are letters, digits and underscores: else \`{ get_input: ${written} }\` itself becomes the name of the image. Rename the input.`,
      });
    }
  },
};
