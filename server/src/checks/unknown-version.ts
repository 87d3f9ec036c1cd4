// A version of TOSCA that the reader of the template does not know.
import { versionNames } from '../grammar/versions.ts';
import { get, text } from '../syntax/nodes.ts';
import { change } from './fix.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownVersion: Rule = {
  code: 'unknown-version',
  severity: 'error',
  check({ template: { version, dialect }, file }, report) {
    if (file === undefined) return;
    const at = get(file.root, 'tosca_definitions_version');
    const written = text(at);
    if (at === undefined || written === undefined) return;
    if (dialect === 'orchestrator' && version !== undefined && version !== '1.0') {
      report({
        at,
        message: `The Orchestrator knows only tosca_simple_yaml_1_0, not ${written}.`,
        fixes: [change(at, 'tosca_simple_yaml_1_0')],
      });
    } else if (version === undefined) {
      const { text: hint, fixes } = suggest(at, nearest(written, versionNames));
      report({
        at,
        message: `"${written}" is no version of the TOSCA Simple Profile that is known here.${hint}`,
        fixes,
      });
    }
  },
};
