// What INDIGO's parser says of a template: which of the findings it makes too, under which code, and which shapes it does not survive.
// Facts: indigo-dc/alien4cloud alien4cloud-tosca tosca/parser/{ParsingError,impl/ErrorCode}.java, indigo-dc/orchestrator ToscaServiceImpl.java.
import type { Finding, TemplateNode } from './language.ts';

const codes: Readonly<Record<string, string>> = {
  'constraint-violation': 'VALIDATION_ERROR',
  'empty-section': 'SYNTAX_ERROR',
  'function-argument': 'SYNTAX_ERROR',
  'import-form': 'SYNTAX_ERROR',
  'invalid-constraint': 'VALIDATION_ERROR',
  'merge-key': 'UNRECOGNIZED_PROPERTY',
  'metadata-value': 'SYNTAX_ERROR',
  'misplaced-function': 'SYNTAX_ERROR',
  'missing-entry-schema': 'VALIDATION_ERROR',
  'missing-keyname': 'SYNTAX_ERROR',
  'missing-property': 'VALIDATION_ERROR',
  'no-matching-capability': 'REQUIREMENT_CAPABILITY_NOT_FOUND',
  'unknown-input': 'MISSING_TOPOLOGY_INPUT',
  'unknown-node': 'REQUIREMENT_TARGET_NOT_FOUND',
  'unknown-property': 'UNRECOGNIZED_PROPERTY',
  'unknown-repository': 'UNKNOWN_REPOSITORY',
  'unknown-requirement': 'REQUIREMENT_NOT_FOUND',
  'unknown-type': 'TYPE_NOT_FOUND',
  'unknown-version': 'UNKNOWN_TOSCA_VERSION',
  'wrong-shape': 'SYNTAX_ERROR',
  'wrong-type': 'VALIDATION_ERROR',
  'yaml-syntax': 'INVALID_YAML',
};

/** The parser breaks down over it, and the answer is 500. */
export const crashes = ({ code, severity, text, path }: Finding): boolean =>
  severity === 1 &&
  (code === 'parser-crash' ||
    // A list of imports with nothing in it, or with an address that has no name; keys of its own are an error like others.
    (code === 'import-form' && (text === 'imports' || text.includes(':'))) ||
    (code === 'function-argument' && path[0] === 'topology_template' && /\[\s*\]/.test(text)) ||
    (code === 'missing-keyname' && isArtifact(path) && path.at(-1) === 'type'));

/** The code under which the parser reports a finding; undefined where it notices nothing. */
export function parserCode({ code, severity, since, path }: Finding): string | undefined {
  if (severity !== 1 || since !== 'template') return undefined;
  // Of nodes, nobody misses a required property; of values with members, such as ports, the parser does.
  if (code === 'missing-property' && !path.includes('properties')) return undefined;
  if (code === 'missing-keyname' && path.length === 1) return 'MISSING_TOSCA_VERSION';
  if (code === 'missing-keyname' && isArtifact(path)) return 'TYPE_NOT_FOUND';
  if (code === 'unknown-node' && path[1] === 'policies') return 'POLICY_TARGET_NOT_FOUND';
  if (code === 'unknown-node' && path[1] === 'outputs') return undefined;
  return codes[code];
}

const isArtifact = (path: readonly string[]) => path[3] === 'artifacts';

/** All that the parser reports, as it stands in the message of the answer. */
export const parserMessage = (
  errors: readonly { readonly code: string; readonly finding: Finding }[],
  nodes: readonly TemplateNode[],
): string =>
  errors
    .map(({ code, finding }) => {
      const { range, text } = finding;
      const [start, end] = [range.start, range.end].map(
        ({ line, character }) => `SimpleMark(line=${line + 1}, column=${character + 1})`,
      );
      return `ParsingError(errorLevel=ERROR, errorCode=${code}, context=${contexts[code] ?? 'null'}, startMark=${start}, problem=${problem(finding, nodes)}, endMark=${end}, note=${text})`;
    })
    .join('; ');

/** In the parser's words, where they are known. */
function problem({ code, message, text, path }: Finding, nodes: readonly TemplateNode[]): string {
  const node = nodes.find(({ name }) => name === path[2]);
  return code === 'unknown-property' && path[3] === 'properties' && node !== undefined
    ? `Property ${text} does not exist in type ${node.type}`
    : message;
}

const contexts: Readonly<Record<string, string>> = {
  TYPE_NOT_FOUND: 'Type not found',
  UNRECOGNIZED_PROPERTY: 'Ignored field during import',
};
