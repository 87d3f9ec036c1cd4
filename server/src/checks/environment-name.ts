// Names of environment variables that are refused, or whose values never arrive.
// Sources: marathon RAML (no empty key), mesos/chronos MesosTaskBuilder, indigo-dc/orchestrator MarathonServiceImpl (secrets win).
import { chronosVariables } from '../mesos/environment.ts';
import { productName } from '../mesos/releases.ts';
import { entryNamed, name } from '../syntax/nodes.ts';
import { entriesOf } from '../template/literal.ts';
import type { Rule } from './rule.ts';

export const environmentName: Rule = {
  code: 'environment-name',
  severity: 'warning',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload === undefined || node === undefined) return;
    const { framework } = workload;
    const secrets = entriesOf(entryNamed(node.properties, 'secrets')?.value, template);
    for (const entry of entriesOf(entryNamed(node.properties, 'environment_variables')?.value, template)) {
      const variable = name(entry);
      if (variable === '') {
        report({
          at: entry.key,
          severity: framework === 'Marathon' ? 'error' : 'warning',
          message: `${framework} cannot set a variable without a name.`,
        });
      } else if (framework === 'Chronos' && chronosVariables(template.release).includes(variable)) {
        report({
          at: entry.key,
          message: `${productName('Chronos', template.release)} sets ${variable} itself, over this value.`,
        });
      } else if (framework === 'Marathon' && secrets.some(secret => name(secret) === variable)) {
        report({
          at: entry.key,
          message: `${variable} is among the \`secrets\` too, and the secret wins: this value never arrives.`,
          unnecessary: true,
        });
      }
    }
  },
};
