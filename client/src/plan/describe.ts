// A plan as people read it: a Markdown text that holds, word for word, what is sent.
import type { Json, Plan, TemplateInput } from '../../../protocol/src/plan.ts';
import { count } from '../words.ts';

/** `2 apps and 3 jobs`. */
export function summary({ marathon, chronos }: Plan): string {
  const apps = marathon?.apps.length ?? 0;
  const parts = [
    ...(apps > 0 ? [count(apps, 'app')] : []),
    ...(chronos.length > 0 ? [count(chronos.length, 'job')] : []),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(' and ');
}

/** What cannot be sent as it is, one sentence each. */
export const errorsOf = ({ diagnostics }: Plan): readonly string[] =>
  diagnostics
    .filter(({ severity }) => severity === 1)
    .map(({ range, message }) => `Line ${range.start.line + 1}: ${message}`);

/** @param inputs The template's inputs, with `values` for those that do not keep their default. */
export function describePlan(
  plan: Plan,
  inputs: readonly TemplateInput[],
  values: Readonly<Record<string, Json>>,
  cluster?: string,
): string {
  const { name, release, marathon, chronos, outputs } = withoutSecrets(plan, secretsIn(inputs, values));
  const errors = errorsOf(plan);
  const where = cluster === undefined ? `a cluster of release ${release}` : `${cluster} (${release})`;
  return [
    `# ${name}: ${summary(plan)}`,
    `What is sent to ${where} when this template is deployed.`,
    ...section('Problems', errors.length > 0 && ['It cannot be deployed like this:', list(errors)]),
    ...section('Inputs', inputs.length > 0 && [table(inputs, values)]),
    ...section(
      'Marathon',
      marathon !== null && [`\`POST /v2/groups\`, ${count(marathon.apps.length, 'app')}`, json(marathon)],
    ),
    ...section(
      'Chronos',
      chronos.length > 0 && chronos.flatMap(job => [`\`POST ${jobPath(plan, job.parents)}\``, json(job)]),
    ),
    ...section('Outputs', Object.keys(outputs).length > 0 && [json(outputs)]),
  ]
    .join('\n\n')
    .concat('\n');
}

const notShown = '(not shown)';

const secretsIn = (inputs: readonly TemplateInput[], values: Readonly<Record<string, Json>>): readonly string[] =>
  inputs.flatMap(({ name, secret }) => {
    const value = secret && Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined || value === '' ? [] : [plain(value)];
  });

/** The plan with every secret that was given taken out of its texts: a document can be saved, shared and seen. */
function withoutSecrets(plan: Plan, secrets: readonly string[]): Plan {
  if (secrets.length === 0) return plan;
  const hide = (_: string, value: unknown) =>
    typeof value === 'string' ? secrets.reduce((text, secret) => text.replaceAll(secret, notShown), value) : value;
  const { marathon, chronos, outputs } = plan;
  return { ...plan, ...(JSON.parse(JSON.stringify({ marathon, chronos, outputs }, hide)) as Partial<Plan>) };
}

const section = (title: string, content: readonly string[] | false): readonly string[] =>
  content === false ? [] : [`## ${title}`, ...content];

/** Chronos 3 has a prefix that Chronos 2 does not know. */
function jobPath({ release }: Plan, parents: readonly string[] | undefined): string {
  const prefix = release === 'indigo_1' ? '/scheduler' : '/v1/scheduler';
  return `${prefix}/${parents === undefined || parents.length === 0 ? 'iso8601' : 'dependency'}`;
}

const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

const list = (items: readonly string[]) => items.map(item => `- ${oneLine(item)}`).join('\n');

function table(inputs: readonly TemplateInput[], values: Readonly<Record<string, Json>>): string {
  const rows = inputs.map(input => {
    const given = Object.hasOwn(values, input.name);
    const value = given ? values[input.name] : input.default;
    const text =
      value === undefined ? 'no value' : input.secret ? notShown : `\`${oneLine(plain(value)).replaceAll('`', "'")}\``;
    const origin = given ? 'given' : value === undefined ? (input.required ? '**asked for**' : 'nobody') : 'default';
    return `| ${input.name} | ${text.replaceAll('|', '\\|')} | ${origin} |`;
  });
  return ['| Input | Value | From |', '| --- | --- | --- |', ...rows].join('\n');
}

/** An input's value as a form shows it: text as it is, the rest as JSON. */
export const plain = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
