// Placement constraints, `[field, OPERATOR, value]`: which operators a release knows, and which values they take.
// Sources: marathon 1.1.1, 1.4.1, 1.5.6 Constraint and its validation; chronos JobDeserializer, which drops what it does not know.
import type { Release } from '../../../protocol/src/plan.ts';
import { type Framework, type Problem, productName, products } from './releases.ts';

export interface ClauseProblem extends Problem {
  /** Which part of the clause; undefined: the whole. */
  readonly part: number | undefined;
}

const marathonOperators = ['UNIQUE', 'CLUSTER', 'GROUP_BY', 'LIKE', 'UNLIKE', 'MAX_PER'];

export function operators(framework: Framework, release: Release): readonly string[] {
  if (framework === 'Chronos')
    return products[release].chronos === '2.4.0' ? ['EQUALS', 'LIKE'] : ['EQUALS', 'LIKE', 'UNLIKE'];
  return products[release].marathon === '1.1.1'
    ? marathonOperators.filter(each => each !== 'MAX_PER')
    : marathonOperators;
}

/** What is wrong with a clause, the first thing only. A part that is not known (a function gives it) is undefined. */
export function clauseProblem(
  framework: Framework,
  release: Release,
  clause: readonly (string | undefined)[],
): ClauseProblem | undefined {
  return framework === 'Chronos' ? chronosProblem(release, clause) : marathonProblem(release, clause);
}

function chronosProblem(release: Release, clause: readonly (string | undefined)[]): ClauseProblem | undefined {
  const product = productName('Chronos', release);
  const known = operators('Chronos', release);
  const [field, operator] = clause;
  if (clause.length !== 3) {
    return {
      part: undefined,
      severity: 'warning',
      message: `${product} takes constraints of three parts, \`[ attribute, ${known.join(' | ')}, value ]\`; this one has ${clause.length}.`,
    };
  }
  if (operator !== undefined && known.includes(operator) && field === 'hostname' && known.length === 2) {
    const message = `${product} knows no attribute "hostname", unless the agents set one of that name: without it the job never runs.`;
    return { part: 0, severity: 'warning', message };
  }
  if (operator === undefined || known.includes(operator)) return undefined;
  const better = known.find(each => each === operator.toUpperCase());
  const message = `${product} does not know the operator "${operator}" and drops the constraint without a word: the job runs anywhere. It knows ${known.join(', ')}.`;
  return { part: 1, severity: 'warning', message, ...(better !== undefined && { better }) };
}

function marathonProblem(release: Release, clause: readonly (string | undefined)[]): ClauseProblem | undefined {
  const product = productName('Marathon', release);
  const version = products[release].marathon;
  const known = operators('Marathon', release);
  const [, written, value] = clause;
  const refused = (part: number | undefined, why: string, better?: string): ClauseProblem => ({
    part,
    severity: 'error',
    message: `${product} refuses this constraint: ${why}`,
    ...(better !== undefined && { better }),
  });
  if (clause.length < 2 || clause.length > 3)
    return refused(
      undefined,
      `it has ${clause.length} parts; \`[ field, OPERATOR ]\` or \`[ field, OPERATOR, value ]\` is expected.`,
    );
  if (written === undefined) return undefined;
  // 1.5 takes any letter case
  const operator = version === '1.5.6' ? written.toUpperCase() : written;
  if (!known.includes(operator)) {
    const better = known.find(each => each === written.toUpperCase());
    return refused(1, `"${written}" is none of ${known.join(', ')}.`, better);
  }
  const given = clause.length === 3;
  if (given && value === undefined) return undefined;
  const strict = version !== '1.1.1';
  const wrongValue = (why: string): ClauseProblem =>
    strict
      ? refused(given ? 2 : 1, why)
      : { part: given ? 2 : 1, severity: 'warning', message: `${product} does not look at this value: ${why}` };
  switch (operator) {
    case 'UNIQUE':
      return given ? wrongValue('UNIQUE takes no value.') : undefined;
    case 'CLUSTER':
      return !given && version === '1.4.1' ? refused(1, 'CLUSTER needs a value there.') : undefined;
    case 'GROUP_BY':
      return given && !/^-?\d+$/.test(value ?? '')
        ? wrongValue(`GROUP_BY takes a whole number or no value, not "${value}".`)
        : undefined;
    case 'MAX_PER':
      return /^-?\d+$/.test(value ?? '') ? undefined : wrongValue('MAX_PER needs a whole number.');
    default:
      if (!given || value === '') return wrongValue(`${operator} needs a regular expression.`);
      return isExpression(value ?? '') ? undefined : wrongValue(`"${value}" is no regular expression.`);
  }
}

/** Java's dialect has more than ours, so only what no dialect takes is refused. */
function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return /\(\?|\[\[|&&|\+\+|\*\+|\?\+|\\[pPQEAzZGhH]/.test(text);
  }
}
