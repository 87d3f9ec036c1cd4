// Real templates: their true defects are found, and nothing else is called wrong.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../server/src/index.ts';
import { corpus, hasCorpus } from '../corpus.ts';

/** By file: the findings that are true, as line and code. Any other file has none. */
const defects: Readonly<Record<string, readonly string[]>> = {
  // The Orchestrator renames a node whose name has a hyphen, and Marathon refuses the new name.
  'examples/indigo_marathon_app.yaml': ['46 marathon-app-name'],
  // A literal Credential needs its token_type: defaults inside complex values are not applied.
  'examples/mesos_elastic_cluster.yaml': ['69 missing-property', '73 missing-property', '77 missing-property'],
  'examples/node_with_image.yaml': ['43 missing-property'],
  // Short names of normative types are not known to the production parser.
  'examples/web_mysql_tosca.yaml': ['109 unknown-type', '115 unknown-type'],
  // The type declares no such property, the types file no such type.
  'templates/CMS-HTCondor-dodas.yaml': ['164 unknown-property'],
  'templates/CMS-XCache-mesos.yaml': ['83 unknown-type'],
  // A capability beside `capabilities` is dropped.
  'templates/lifewatch-algaebloom.yaml': ['118 unknown-keyname'],
};

const files = [
  'examples/indigo_job_output_upload_swift.yaml',
  'examples/indigo_marathon_app.yaml',
  'examples/kubernetes_cluster.yaml',
  'examples/mesos_elastic_cluster.yaml',
  'examples/node_with_image.yaml',
  'examples/spark_mesos_cluster.yaml',
  'examples/tensorflow_on_mesos_gpu.yaml',
  'examples/web_mysql_tosca.yaml',
  'templates/Basic.yaml',
  'templates/CMS-HTCondor-dodas.yaml',
  'templates/CMS-XCache-mesos.yaml',
  'templates/dariah_repository.yaml',
  'templates/deep-oc-marathon-minimal.yml',
  'templates/deep-oc-mods_mesos-gpu.yml',
  'templates/lifewatch-algaebloom.yaml',
  'templates/mesos_cluster.yaml',
  'templates/slurm_cluster.yaml',
];

describe.skipIf(!hasCorpus)('templates that people deploy', () => {
  const workspace = openWorkspace();
  it.each(files)('%s', file => {
    const found = workspace.diagnostics(pathToFileURL(path.join(corpus, 'indigo', file)).href);
    expect(found.map(({ range, code }) => `${range.start.line + 1} ${code}`)).toEqual(defects[file] ?? []);
  });
});
