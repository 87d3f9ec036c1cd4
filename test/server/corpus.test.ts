// Real templates: their true defects are found, and nothing else is called wrong.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../server/src/index.ts';
import { corpus, hasCorpus } from '../corpus.ts';

/** By file: the findings that are true, as line and code. Any other file has none. */
const defects: Readonly<Record<string, readonly string[]>> = {
  // Inputs that need not be given have no default, and are used: without them the Orchestrator answers 400.
  'examples/indigo_job_output_upload_swift.yaml': ['24 optional-input', '76 optional-input'],
  // A port input is an integer that stands within a list: a JSON number there breaks the deployment. The Orchestrator renames a
  // node whose name has a hyphen, Marathon refuses the new name, and the output asks for the old one. The image is empty by default.
  'examples/indigo_marathon_app.yaml': ['33 number-input', '46 marathon-app-name', '55 no-image', '74 renamed-node'],
  // Passwords and tokens as defaults, here and below, are in plain text; those that are empty, or their own names, are not told.
  'examples/kubernetes_cluster.yaml': ['44 plain-secret'],
  // A literal Credential needs its token_type: defaults inside complex values are not applied. Two inputs are used by nothing.
  'examples/mesos_elastic_cluster.yaml': [
    '15 plain-secret',
    '21 plain-secret',
    '27 plain-secret',
    '47 unused-input',
    '53 unused-input',
    '69 missing-property',
    '73 missing-property',
    '77 missing-property',
  ],
  'examples/node_with_image.yaml': ['43 missing-property', '44 plain-secret'],
  'examples/spark_mesos_cluster.yaml': ['65 unused-input'],
  // Short names of normative types are not known to the production parser.
  'examples/web_mysql_tosca.yaml': ['20 plain-secret', '23 plain-secret', '109 unknown-type', '115 unknown-type'],
  // The type declares no such property, the types file no such type.
  'templates/CMS-HTCondor-dodas.yaml': [
    '19 plain-secret',
    '27 plain-secret',
    '74 plain-secret',
    '82 plain-secret',
    '116 plain-secret',
    '164 unknown-property',
  ],
  'templates/CMS-XCache-mesos.yaml': ['18 plain-secret', '26 plain-secret', '83 unknown-type'],
  'templates/dariah_repository.yaml': ['15 plain-secret'],
  // The token of Onedata need not be given, and goes into a variable all the same.
  'templates/deep-oc-mods_mesos-gpu.yml': ['54 optional-input'],
  // A capability beside `capabilities` is dropped.
  'templates/lifewatch-algaebloom.yaml': ['118 unknown-keyname'],
  'templates/mesos_cluster.yaml': ['49 unused-input', '55 unused-input'],
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
