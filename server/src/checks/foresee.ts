// Findings about values that may come from the defaults of inputs.
import type { Problem } from '../mesos/releases.ts';
import type { Foreseen } from '../template/literal.ts';
import type { Finding } from './rule.ts';

/** What to report of a value: where only the defaults are at fault, the deployment may give others, so it is no error. */
export function told({ message, severity }: Problem, { byDefault }: Foreseen): Omit<Finding, 'at'> {
  return byDefault
    ? {
        message: `${message} (So it is with the defaults of the inputs.)`,
        severity: severity === 'error' ? 'warning' : severity,
        byDefault,
      }
    : { message, severity };
}
