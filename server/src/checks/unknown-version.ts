// A version of TOSCA that the reader of the template does not know.
import { versionNames } from '../grammar/versions.ts';
import { get, text } from '../syntax/nodes.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownVersion: Rule = {
  code: 'unknown-version',
  severity: 'error',
  check({ template: { document, version, dialect }, entry }, report) {
    if (entry !== undefined) return;
    const at = get(document.root, 'tosca_definitions_version');
    const written = text(at);
    if (at === undefined || written === undefined) return;
    if (dialect === 'orchestrator' && version !== undefined && version !== '1.0') {
      const fix = { title: 'Change to "tosca_simple_yaml_1_0"', text: 'tosca_simple_yaml_1_0' };
      report({ at, message: `The Orchestrator knows only tosca_simple_yaml_1_0, not ${written}.`, fix });
    } else if (version === undefined) {
      const { text: hint, fix } = suggest(nearest(written, versionNames));
      report({
        at,
        message: `"${written}" is no version of the TOSCA Simple Profile that is known here.${hint}`,
        ...(fix && { fix }),
      });
    }
  },
};
