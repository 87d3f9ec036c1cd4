// A version of TOSCA that the reader of the template does not know, or another language altogether.
import { foreignKeys, versionNames } from '../grammar/versions.ts';
import { entryOf, get, text } from '../syntax/nodes.ts';
import { change } from './fix.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownVersion: Rule = {
  code: 'unknown-version',
  severity: 'error',
  of: 'file',
  check({ template: { version, relative, dialect }, file }, report) {
    if (file === undefined) return;
    const at = get(file.root, 'tosca_definitions_version');
    const written = text(at);
    const production = dialect === 'orchestrator';
    if (relative !== undefined) {
      const key = foreignKeys.map(([each]) => entryOf(file.root, each)?.key).find(each => each !== undefined);
      report({
        at: at ?? key ?? file.root,
        severity: production ? 'error' : 'information',
        message: `This file is ${relative}, not TOSCA Simple Profile 1.0 to 1.3: only what is wrong as YAML is reported in it.`,
      });
      return;
    }
    if (at === undefined || written === undefined) return;
    if (production && version !== undefined && version !== '1.0') {
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
