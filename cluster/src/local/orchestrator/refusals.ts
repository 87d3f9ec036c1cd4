// Which findings make the Orchestrator refuse a template at once, and which make a deployment fail later; in its own words. What it does not
// notice stands in no way.
// Facts: indigo-dc/orchestrator ToscaServiceImpl, IndigoInputsPreProcessorService, AbstractMesosDeploymentService, MarathonServiceImpl and
// ChronosServiceImpl.
import type { Json } from '../../../../protocol/src/plan.ts';
import type { Provider } from './deployment.ts';
import type { Finding, Reading, TemplateNode } from './language.ts';
import { crashes, parserCode, parserMessage } from './parser-errors.ts';

export interface Refusal {
  readonly status: 400 | 500;
  readonly message: string;
}

type Rule = (finding: Finding) => Refusal | undefined;

const of =
  (
    status: Refusal['status'],
    code: string,
    message: (finding: Finding) => string,
    also: (finding: Finding) => boolean = () => true,
  ): Rule =>
  finding =>
    finding.code === code && finding.severity <= 2 && also(finding) ? { status, message: message(finding) } : undefined;

/** A stack trace is all that the real one has to say then; this says what it was about. */
const crash: Rule = finding =>
  crashes(finding) ? { status: 500, message: `java.lang.NullPointerException: ${finding.message}` } : undefined;

const imports: readonly Rule[] = [
  ({ code, text }) =>
    (code === 'import-problem' || code === 'unreachable-import') && !URL.canParse(text)
      ? { status: 400, message: `Invalid import url for remote TOSCA dependency ${text}` }
      : undefined,
  // Where it is not the file's fault too: without its imports nobody can read a template.
  ({ code, text }) =>
    code === 'import-problem' ? { status: 400, message: `Failed to fetch remote TOSCA dependency ${text}` } : undefined,
  of(400, 'broken-import', ({ text }) => `Failed to parse remote TOSCA dependency ${text}`),
];

const isInput = ({ path }: Finding) => path[1] === 'inputs';

const later: readonly Rule[] = [
  of(
    400,
    'missing-input',
    ({ text }) => `Input <${text}> is required and is not present in the user's input list, nor has a default value`,
    isInput,
  ),
  of(
    400,
    'missing-input',
    finding =>
      `Failed to evaluate ${place(finding)}[${finding.text}]: No input provided for <${finding.text}> and no default value provided in the definition`,
  ),
  of(500, 'token-index', ({ message }) => `java.lang.ArrayIndexOutOfBoundsException: ${message}`),
  of(400, 'circular-function', () => 'Circular reference between functions'),
];

/** Why the template is refused when it is sent: the first that the Orchestrator would come upon. */
export function refusalOf({ findings, loops, nodes }: Reading): Refusal | undefined {
  const first = (rules: readonly Rule[]) => {
    for (const rule of rules) for (const finding of findings) if (rule(finding) !== undefined) return rule(finding);
    return undefined;
  };
  const broken = first([...imports, crash]);
  if (broken !== undefined) return broken;
  const errors = findings.flatMap(finding => {
    const code = parserCode(finding);
    return code === undefined ? [] : [{ code, finding }];
  });
  const yaml = errors.filter(({ code }) => code === 'INVALID_YAML');
  if (errors.length > 0) return { status: 400, message: parserMessage(yaml.length > 0 ? yaml : errors, nodes) };
  const [loop] = loops;
  return (
    first(later) ??
    (loop === undefined
      ? undefined
      : {
          status: 500,
          message: `Found node depencency loop in TOSCA topology; involved nodes: [${loop.join(', ')}]`,
        })
  );
}

/** `node_templates[N][properties][P]`, from a path that begins in the topology. */
const place = ({ path }: Finding): string => {
  const [first = '', ...rest] = path[0] === 'topology_template' ? path.slice(1) : path;
  return first + rest.map(key => `[${key}]`).join('');
};

const dockerImage = 'tosca.artifacts.Deployment.Image.Container.Docker';
const appName = '^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])|(\\.|\\.\\.)$';
/** A name of a volume has 255 characters at most, with the deployment's id and a dash before it. */
const volumeNameLimit = 255 - 37;

type Reason = (finding: Finding, node: Pick<TemplateNode, 'name' | 'type'>) => string;

/** What is found only when apps and jobs are built. */
const reasons: Readonly<Record<string, Reason>> = {
  'marathon-app-name': (_, { name, type }) =>
    `Illegal name for TOSCA node <${name}>: name for nodes of type ${type} must fully match regular expression ${appName}`,
  'no-image': (_, { name, type }) => `<image> artifact not found in node <${name}> of type <${type}>`,
  'image-type': ({ text }, { name, type }) =>
    `Unsupported artifact type for <image> artifact in node <${name}> of type <${type}>. Given <${text}>, supported <[${dockerImage}]>`,
  'no-host': (_, { name }) => `No hosting node provided for node <${name}>`,
  'several-hosts': (_, { name }) => `expected one element but was several hosting nodes of node <${name}>`,
  'port-without-source': () => "source port in 'publish_ports' property must be provided",
  'wrong-type': ({ text, message }) => `Error parsing scalar value <${text}>: ${message}`,
  'wrong-result': ({ message }) => `java.lang.ClassCastException: ${message}`,
  'constraint-violation': ({ message }) => `No enum found: ${message}`,
  'volume-name': ({ text }) =>
    `Volume name ${text.split(':', 1)[0]} is too long. Only names less than ${volumeNameLimit} chars are allowed`,
  'schedule-and-parents': (_, { name }) =>
    `Error creating Job <${name}>: 'schedule' parameter and job depencency are both specified`,
  'missing-property': (_, { name }) => `<command> property of node <${name}> must be provided`,
  'placement-policy': () => 'Only a single placement policy is supported',
  'function-at-deployment': finding => `Failed to evaluate ${place(finding)}: Value not found`,
  'unknown-attribute': finding => `Failed to evaluate ${place(finding)}: Value not found`,
  'no-such-value': finding => `Failed to evaluate ${place(finding)}: Value not found`,
  'unsupported-function': ({ message }) => `java.lang.ClassCastException: ${message}`,
};

/** Why the deployment fails once it is under way; undefined where nothing is found before Marathon and Chronos are asked. */
export function reasonOf(
  { findings, nodes, plan }: Reading,
  provider: Provider,
  parameters: Readonly<Record<string, Json>>,
): string | undefined {
  for (const finding of findings) {
    const { code, severity, path } = finding;
    if (code === 'number-input' && isCastWrongly(parameters[path[2] ?? ''])) {
      const type = typeof parameters[path[2] ?? ''] === 'number' ? 'Integer' : 'Boolean';
      return `java.lang.${type} cannot be cast to java.lang.String`;
    }
    // The name is only a warning where it is the parser that spoils it.
    if ((severity !== 1 && code !== 'marathon-app-name') || path[1] === 'outputs') continue;
    const node = nodes.find(({ name }) => path[1] === 'node_templates' && name === path[2]);
    const other = provider === 'MARATHON' ? 'Chronos' : 'Marathon';
    if (node?.type.endsWith(`.Docker.${other}`)) continue;
    if (code === 'volume-grammar')
      return `Volume mount <${finding.text}> not supported for ${provider.toLowerCase()} containers`;
    if (code === 'missing-property' && !(node?.type.endsWith('.Docker.Chronos') && path.length === 3)) continue;
    const reason = reasons[code]?.(finding, { name: node?.parsedName ?? '', type: node?.type ?? '' });
    if (reason !== undefined) return reason;
  }
  if (plan.marathon?.apps.some(({ secrets }) => secrets !== undefined) && provider === 'MARATHON')
    return 'Secrets support not enabled';
  return undefined;
}

const isCastWrongly = (value: Json | undefined) => typeof value === 'number' || typeof value === 'boolean';
