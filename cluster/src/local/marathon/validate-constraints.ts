// What Marathon refuses in constraints, release by release. Facts: marathon state/Constraint, api/v2/json/Formats.scala (1.1, 1.4),
// api/v2/validation/SchedulingValidation.scala (1.5).
import { HttpError } from '../http.ts';
import type { MarathonVersion } from '../release.ts';
import type { RunSpecFields } from './run-spec.ts';
import type { Report } from './validate.ts';

const operators: Readonly<Record<MarathonVersion, readonly string[]>> = {
  '1.1.1': ['UNIQUE', 'CLUSTER', 'GROUP_BY', 'LIKE', 'UNLIKE'],
  '1.4.1': ['UNIQUE', 'LIKE', 'CLUSTER', 'GROUP_BY', 'UNLIKE', 'MAX_PER'],
  '1.5.6': ['UNIQUE', 'CLUSTER', 'GROUP_BY', 'LIKE', 'MAX_PER', 'UNLIKE'],
};

export function validateConstraints({ constraints }: RunSpecFields, version: MarathonVersion, report: Report): void {
  const newest = version === '1.5.6';
  constraints.forEach((constraint, n) => {
    const path = `/constraints(${n})`;
    const [, operator = '', value] = constraint;
    if (constraint.length < 2 || constraint.length > 3) {
      if (newest) report(path, 'Each constraint must have either 2 or 3 fields');
      else throw badForm('Constraint definition must be an array of strings in format: <key>, <operator>[, value]');
      return;
    }
    const known = operators[version];
    if (!known.includes(operator)) {
      if (newest)
        report(path, 'operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER or UNLIKE');
      else throw badForm(`Constraint operator must be one of the following: [${known.join(', ')}]`);
      return;
    }
    if (version === '1.1.1') return;
    const isInteger = value !== undefined && /^\d+$/.test(value);
    if (operator === 'UNIQUE' && value !== undefined && (newest || value !== '')) {
      report(path, newest ? 'UNIQUE does not accept a value' : 'Value specified but not used');
    }
    if (operator === 'CLUSTER' && !newest && (value === undefined || value === '')) report(path, 'Missing value');
    if (operator === 'GROUP_BY' && value !== undefined && value !== '' && !isInteger) {
      report(
        path,
        newest
          ? 'GROUP BY must define an integer value or else no value at all'
          : 'Value was not specified or is not a number',
      );
    }
    if (operator === 'MAX_PER' && !isInteger) {
      report(path, newest ? 'MAX_PER requires an integer value' : 'Value was not specified or is not a number');
    }
    if (operator === 'LIKE' || operator === 'UNLIKE') {
      if (value === undefined || value === '') {
        report(
          path,
          newest
            ? 'LIKE and UNLIKE require a non-empty, regular expression value'
            : 'A regular expression value must be provided',
        );
      } else if (!isRegularExpression(value)) {
        report(path, newest ? 'is not a valid regular expression' : `'${value}' is not a valid regular expression`);
      }
    }
  });
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Up to 1.4 a constraint of bad form fails while it is read. */
const badForm = (message: string): HttpError =>
  new HttpError({
    status: 400,
    json: { message: 'Invalid JSON', details: [{ path: '/constraints', errors: [message] }] },
    type: 'application/json',
  });
