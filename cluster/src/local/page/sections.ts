// The sections of the page as HTML, from one look at the cluster. Everything that users have named is escaped here.
import type { AgentLook, AppLook, DeploymentLook, JobLook, Look, OrchestratedLook, TaskLook } from './look.ts';

/** A section's id and what is in it; what is empty is not shown. */
export type Sections = Readonly<Record<(typeof sectionNames)[number], string>>;
export const sectionNames = [
  'cluster',
  'orchestrated',
  'deployments',
  'apps',
  'jobs',
  'agents',
  'tasks',
  'ended',
] as const;

/** Rows that are shown of each kind. A page with all of a thousand would be of no use, and costly to keep fresh. */
const mostRows = 200;
const mostEnded = 20;

/** `up` leads from the page's address to the root of its server. */
export function sectionsOf(look: Look, up: string): Sections {
  const ended = look.tasks.filter(task => task.ended).slice(0, mostEnded);
  return {
    cluster: cluster(look),
    orchestrated: look.orchestrated.length === 0 ? '' : table(orchestratedTable, look.orchestrated),
    deployments: look.deployments.length === 0 ? '' : table(deploymentTable, look.deployments),
    apps: table(appTable, look.apps),
    jobs: table(jobTable, look.jobs),
    agents: table(agentTable, look.agents),
    tasks: table(
      taskTable('Tasks', 'No task runs.', up),
      look.tasks.filter(({ ended }) => !ended),
    ),
    ended: ended.length === 0 ? '' : table(taskTable('Tasks that ended last', '', up), ended),
  };
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

function cluster({ release, versions, addresses, startedAt }: Look): string {
  const links = Object.entries(addresses).map(
    ([name, url]) => `<div><dt>${escaped(name)}</dt><dd><a href="${escaped(url)}">${escaped(url)}</a></dd></div>`,
  );
  const { mesos, marathon, chronos } = versions;
  return `<p>Release <strong>${release}</strong>: Mesos ${mesos}, Marathon ${marathon}, Chronos ${chronos}. Runs since ${time(startedAt)}.</p>
<dl class="addresses">${links.join('')}</dl>`;
}

interface Column<Row> {
  readonly title: string;
  readonly html: (row: Row) => string;
}

interface Table<Row> {
  readonly title: string;
  /** What stands there when there is none. */
  readonly none: string;
  /** The first names the row. */
  readonly columns: readonly Column<Row>[];
}

/** With roles of its own: on narrow screens the style shows rows as cards, and browsers would take them for no table. */
function table<Row>({ title, none, columns }: Table<Row>, rows: readonly Row[]): string {
  const count = rows.length === 0 ? '' : ` <span class="count">${rows.length}</span>`;
  const heading = `<h2>${title}${count}</h2>`;
  if (rows.length === 0) return `${heading}<p class="none">${none}</p>`;
  const head = columns.map(column => `<th role="columnheader" scope="col">${column.title}</th>`).join('');
  const body = rows.slice(0, mostRows).map(row => {
    const cells = columns.map(({ title: label, html }, n) =>
      n === 0
        ? `<th role="rowheader" scope="row">${html(row)}</th>`
        : `<td role="cell" data-label="${label}"><div>${html(row)}</div></td>`,
    );
    return `<tr role="row">${cells.join('')}</tr>`;
  });
  const more = rows.length > mostRows ? `<p class="none">And ${rows.length - mostRows} more.</p>` : '';
  return `${heading}<table role="table" aria-label="${title}"><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${body.join('')}</tbody></table>${more}`;
}

type Tone = 'good' | 'bad' | 'busy' | 'idle';
const state = (tone: Tone, text: string): string => `<span class="state ${tone}">${escaped(text)}</span>`;

const appTable: Table<AppLook> = {
  title: 'Applications',
  none: 'No application runs. Deploy a template, or post one to Marathon.',
  columns: [
    { title: 'Application', html: ({ id }) => escaped(id) },
    { title: 'State', html: appState },
    { title: 'Instances', html: ({ running, instances }) => `${running} of ${instances}` },
    { title: 'Health', html: healthText },
    { title: 'Answers on', html: answersOn },
  ],
};

function appState({ running, instances, waiting, checks, healthy, unhealthy, reasons, lastFailure }: AppLook): string {
  const detail = [
    waiting > 0 && reasons.length > 0 ? `No agent takes it: ${reasons.join(', ')}` : '',
    running < instances && lastFailure !== undefined ? lastFailure : '',
  ].filter(text => text !== '');
  const notes = detail.map(text => `<div class="note">${escaped(text)}</div>`).join('');
  if (instances === 0 && running === 0) return state('idle', 'suspended');
  if (waiting > 0 && running === 0) return state(lastFailure === undefined ? 'busy' : 'bad', 'waiting') + notes;
  if (checks > 0 && healthy < running && unhealthy === 0) return state('busy', 'not healthy yet') + notes;
  if (unhealthy > 0) return state('bad', 'unhealthy') + notes;
  return running === instances ? state('good', 'running') : state('busy', 'deploying') + notes;
}

function healthText({ checks, healthy, unhealthy, running }: AppLook): string {
  if (checks === 0) return 'no checks';
  return `${healthy} of ${running} healthy${unhealthy > 0 ? `, ${unhealthy} unhealthy` : ''}`;
}

function answersOn({ servicePorts, virtualHosts }: AppLook): string {
  const ports = servicePorts.map(port => `<a href="http://127.0.0.1:${port}/">${port}</a>`);
  return [...ports, ...virtualHosts.map(escaped)].join(', ') || 'no ports';
}

const jobTable: Table<JobLook> = {
  title: 'Jobs',
  none: 'Chronos has no jobs.',
  columns: [
    { title: 'Job', html: ({ name }) => escaped(name) },
    { title: 'State', html: jobState },
    { title: 'Schedule', html: ({ schedule, parents }) => escaped(schedule ?? `after ${(parents ?? []).join(', ')}`) },
    { title: 'Last run', html: lastRun },
    { title: 'Runs', html: ({ successes, errors }) => `${successes} succeeded, ${errors} failed` },
  ],
};

function jobState({ disabled, status }: JobLook): string {
  return status === 'idle' ? state('idle', disabled ? 'disabled' : 'idle') : state('busy', status);
}

function lastRun({ last }: JobLook): string {
  if (last === 'fresh') return 'none yet';
  return last === 'success' ? state('good', 'succeeded') : state('bad', 'failed');
}

const taskTable = (title: string, none: string, up: string): Table<TaskLook> => ({
  title,
  none,
  columns: [
    { title: 'Task', html: ({ id }) => `<span class="id">${escaped(id)}</span>` },
    { title: 'State', html: taskState },
    { title: 'Since', html: ({ since }) => time(since) },
    { title: 'Framework', html: ({ framework }) => escaped(framework) },
    {
      title: 'Agent',
      html: ({ agent, ports }) => escaped(ports.length === 0 ? agent : `${agent}:${ports.join(', ')}`),
    },
    { title: 'Output', html: ({ id }) => ['stdout', 'stderr'].map(file => outputLink(up, id, file)).join(' ') },
  ],
});

function taskState({ state: name, healthy, message, ended }: TaskLook): string {
  const text = name.replace('TASK_', '').toLowerCase();
  const tone: Tone =
    name === 'TASK_RUNNING'
      ? healthy === false
        ? 'bad'
        : 'good'
      : name === 'TASK_FINISHED' || name === 'TASK_KILLED'
        ? 'idle'
        : ended
          ? 'bad'
          : 'busy';
  const shown = healthy === false && !ended ? `${text}, unhealthy` : text;
  return state(tone, shown) + (tone === 'bad' && message !== '' ? `<div class="note">${escaped(message)}</div>` : '');
}

const outputLink = (up: string, id: string, file: string): string => {
  const href = `${up}local/output?task=${encodeURIComponent(id)}&file=${file}`;
  return `<a href="${escaped(href)}" aria-label="${file} of ${escaped(id)}">${file}</a>`;
};

const agentTable: Table<AgentLook> = {
  title: 'Agents',
  none: 'No agent is there.',
  columns: [
    { title: 'Agent', html: ({ hostname, url }) => `<a href="${escaped(`${url}/state`)}">${escaped(hostname)}</a>` },
    { title: 'Tasks', html: ({ tasks }) => String(tasks) },
    { title: 'CPUs', html: ({ used, total }) => use('CPUs', used.cpus, total.cpus) },
    { title: 'Memory', html: ({ used, total }) => use('Memory', used.mem, total.mem, ' MiB') },
    { title: 'Disk', html: ({ used, total }) => use('Disk', used.disk, total.disk, ' MiB') },
    { title: 'GPUs', html: ({ used, total }) => (total.gpus === 0 ? 'none' : use('GPUs', used.gpus, total.gpus)) },
    { title: 'Attributes', html: ({ attributes }) => attributesText(attributes) },
  ],
};

const attributesText = (attributes: AgentLook['attributes']): string =>
  Object.entries(attributes)
    .map(([name, value]) => escaped(`${name}: ${value}`))
    .join(', ') || 'none';

const use = (name: string, used: number, total: number, unit = ''): string =>
  `<meter aria-label="${name} in use" max="${total}" value="${used}"></meter> ${round(used)} of ${round(total)}${unit}`;

const round = (value: number): string => String(Math.round(value * 100) / 100);

const deploymentTable: Table<DeploymentLook> = {
  title: 'Deployments of Marathon',
  none: '',
  columns: [
    { title: 'Deployment', html: ({ id }) => `<span class="id">${escaped(id)}</span>` },
    { title: 'Applications', html: ({ apps }) => escaped(apps.join(', ')) },
    { title: 'Step', html: ({ step, steps }) => `${step} of ${steps}` },
  ],
};

const orchestratedTable: Table<OrchestratedLook> = {
  title: 'Deployments of the Orchestrator',
  none: '',
  columns: [
    { title: 'Deployment', html: ({ id }) => `<span class="id">${escaped(id)}</span>` },
    { title: 'Status', html: orchestratedState },
    { title: 'Since', html: ({ createdAt }) => time(createdAt) },
  ],
};

function orchestratedState({ status, reason }: OrchestratedLook): string {
  const tone: Tone = /FAILED/.test(status) ? 'bad' : /COMPLETE/.test(status) ? 'good' : 'busy';
  return state(tone, status) + (reason === undefined ? '' : `<div class="note">${escaped(reason)}</div>`);
}

/** In the time zone of this machine, which is the browser's too. */
function time(iso: string): string {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  const clock = at.toLocaleTimeString('en-GB');
  return `<time datetime="${iso}">${today ? clock : `${at.toLocaleDateString('sv-SE')} ${clock}`}</time>`;
}
