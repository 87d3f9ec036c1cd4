// The benchmark: this language server beside yaml-language-server, by turns, in one run; prints tables, and writes build/bench.json.
// `npm run bench` makes the set-up and runs it. It judges nothing: a slow machine is slow.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { generated, publishedTemplates, type Sample, smallTemplate, typeDefinitions } from './documents.ts';
import { type Measured, type Measurement, measureEditing, measurements } from './editing.ts';
import type { Program } from './language-server.ts';
import { type ClusterFigures, measureCluster } from './local-cluster.ts';
import { figures } from './measure.ts';
import { measureRuns, measureStarts } from './processes.ts';
import { toscaSchema } from './schema.ts';
import { type Row, table } from './table.ts';

const usage = `Usage: npm run bench -- [OPTIONS]

  --quick      few rounds: figures to look at, not to rely on
  --lines N    length of the generated template, instead of 10000
  --all        also Chronos jobs of that length
  --only TEXT  only the documents that have this in their names, and nothing else
  --profile    CPU profiles of our language server, into build/bench
`;

const root = path.join(__dirname, '..');
const folder = path.join(root, 'build/bench');

const profiling = ['--cpu-prof', `--cpu-prof-dir=${folder}`];

const ours = (profile: boolean): Program => ({
  name: 'TOSCA for Mesos',
  args: [...(profile ? profiling : []), path.join(root, 'bin/tosca-mesos-language-server'), '--stdio'],
  languageId: 'tosca',
});

const peer = (schema: string): Program => ({
  name: 'yaml-language-server',
  args: [path.join(root, 'bench/peer/node_modules/yaml-language-server/bin/yaml-language-server'), '--stdio'],
  languageId: 'yaml',
  settings: {
    yaml: {
      validate: true,
      hover: true,
      completion: true,
      schemaStore: { enable: false },
      kubernetesCRDStore: { enable: false },
      schemas: { [pathToFileURL(schema).href]: ['*.yaml'] },
    },
  },
});

const floor: Program = { name: 'floor', args: [path.join(root, 'build/bench-floor.cjs')], languageId: 'yaml' };

/** What build/bench.json holds: milliseconds, memory in MB. */
interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly start?: Readonly<Record<string, readonly number[]>>;
  readonly check?: Readonly<Record<string, readonly number[]>>;
  readonly cluster?: ClusterFigures;
  readonly documents: readonly {
    readonly name: string;
    readonly lines: number;
    readonly servers: Readonly<Record<string, Measured>>;
  }[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      lines: { type: 'string', default: '10000' },
      all: { type: 'boolean', default: false },
      only: { type: 'string' },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const lines = Number(values.lines);
  if (!(Number.isInteger(lines) && lines >= 100))
    throw new Error(`--lines ${values.lines}: give a number from 100 on.`);
  if (values.help) {
    process.stdout.write(usage);
    return;
  }

  mkdirSync(folder, { recursive: true });
  const schema = path.join(folder, 'tosca.schema.json');
  writeFileSync(schema, JSON.stringify(toscaSchema(path.join(root, 'schemas')), null, 1));
  const programs = [ours(values.profile), peer(schema), floor];
  const machine = {
    node: process.version,
    processor: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    system: `${os.type()} ${os.release()}`,
    load: Number(os.loadavg()[0]?.toFixed(1)),
  };
  say(
    `${machine.processor}, ${machine.cores} cores (load before the start: ${machine.load}), Node ${machine.node}, ${machine.system}`,
  );
  say('Milliseconds: median / p95 / max.');

  const { only } = values;
  const all = samples(lines, values.all);
  const wanted = all.filter(({ name }) => only === undefined || name.includes(only));
  if (wanted.length === 0)
    throw new Error(`--only ${only}: no document is called so. They are: ${all.map(({ name }) => name).join(', ')}.`);
  const processes = only === undefined ? await measureProcesses(programs, values.quick) : undefined;

  const documents = [];
  for (const sample of wanted) {
    const long = sample.lines > 20_000;
    const rounds = values.quick ? 5 : long ? 10 : 25;
    const openings = long ? 1 : values.quick ? 2 : 5;
    const servers = await measureEditing(sample, programs, { rounds, openings, folder });
    documents.push({ name: sample.name, lines: sample.lines, servers });
    say(documentTable(sample, programs, servers));
  }

  const report: Report = { machine, ...processes, documents };
  const file = path.join(root, 'build/bench.json');
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
  say(`All figures are in ${path.relative(process.cwd(), file)}.`);
}

/** What is measured without a document. */
async function measureProcesses(
  programs: readonly Program[],
  quick: boolean,
): Promise<Pick<Report, 'start' | 'check' | 'cluster'>> {
  const start = await measureStarts(programs.map(plain), quick ? 5 : 15);
  say(
    table('Start', names(programs), [
      {
        name: "to the answer of 'initialize'",
        cells: programs.map(({ name }) => figures(start[name] ?? [])),
        compare: true,
      },
    ]),
  );

  const check = await checks(quick ? 5 : 15);
  say(table('From the shell', ['process'], rows(check)));

  const cluster = await localCluster(quick ? 3 : 10);
  return { start, check, ...(cluster && { cluster }) };
}

/** Without the profiler, which would be measured too. */
const plain = (program: Program): Program => ({
  ...program,
  args: program.args.filter(arg => !profiling.includes(arg)),
});

const names = (programs: readonly Program[]): readonly string[] => programs.map(({ name }) => name);

function samples(lines: number, all: boolean): readonly Sample[] {
  const types = typeDefinitions();
  if (types === undefined) say("INDIGO's own templates are not here (set TOSCA_CORPUS): generated ones stand in.");
  return [
    smallTemplate(),
    ...(types === undefined ? [] : [types]),
    generated(lines),
    ...(all ? [generated(lines, 'chronos')] : []),
    generated(100_000),
  ];
}

async function checks(times: number): Promise<Readonly<Record<string, readonly number[]>>> {
  const small = smallTemplate();
  const file = path.join(folder, 'template.yaml');
  writeFileSync(file, small.text);
  const check = (...paths: readonly string[]) =>
    // 1: there are findings; INDIGO's templates have some
    measureRuns([path.join(root, 'bin/tosca-mesos'), 'check', ...paths], times, [0, 1]);
  return {
    [`check of one template (${small.lines} lines)`]: await check(file),
    ...(publishedTemplates.length > 0 && {
      [`check of INDIGO's ${publishedTemplates.length} templates`]: await check(...publishedTemplates),
    }),
    'floor: a Node that does nothing': await measureRuns(['-e', '0'], times, [0]),
  };
}

async function localCluster(times: number): Promise<ClusterFigures | undefined> {
  try {
    const measured = await measureCluster({ program: [path.join(root, 'bin/tosca-mesos')], times, folder });
    const { ready, running, event, thousand, list, late, rest } = measured;
    const shown = {
      'start to ready': ready,
      'app of one task to running: process': running.process,
      'app of one task to running: stand-in': running['stand-in'],
      'event to a subscriber': event,
      '1,000 stand-in tasks in 100 apps to running': thousand,
      'GET /v2/apps with 1,000 apps': list,
      'run of a job after its time, of 10,000 jobs': late,
      'CPU at rest, % of a core': rest.cpu,
      'memory at rest, MB': rest.memory,
    };
    say(table('Local cluster', ['tosca-mesos local'], rows(shown)));
    return measured;
  } catch (error) {
    say(`The local cluster could not be measured. ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function rows(series: Readonly<Record<string, readonly number[]>>): readonly Row[] {
  return Object.entries(series).map(([name, each]) => ({ name, cells: [figures(each)] }));
}

function documentTable(
  { name, lines }: Sample,
  programs: readonly Program[],
  servers: Readonly<Record<string, Measured>>,
): string {
  const of = (program: Program, what: Measurement) => figures(servers[program.name]?.series[what] ?? []);
  const notes = programs.flatMap(program => {
    const { problem, diagnostics = 0, types = 0 } = servers[program.name] ?? {};
    if (program === floor) return problem === undefined ? [] : [problem];
    return [`${program.name}: ${diagnostics} diagnostics at rest, ${types} types offered.`, problem ?? []].flat();
  });
  return [
    table(
      `${name}, ${lines.toLocaleString('en')} lines`,
      names(programs),
      measurements.map(what => ({ name: what, cells: programs.map(program => of(program, what)), compare: true })),
    ),
    ...notes.map(note => `  ${note}`),
  ].join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

main().then(
  () => process.exit(),
  error => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
