// Grammar of what is done: interfaces and operations, triggers of policies, workflows.
import { parameters } from './definitions.ts';
import {
  type BehaviourConstruct,
  description,
  type Grammar,
  is,
  key,
  listOf,
  mapOf,
  metadata,
  oneOf,
  oneOrMore,
  required,
  type Shape,
  short,
  type,
} from './shape.ts';

const implementation = key(short('implementation'), 'Script, playbook or URL that does the work.');

/** `output: [SELF, attribute]`. */
const attributeMappings = key(
  mapOf({ sequence: listOf('text'), mapping: 'any', expected: 'a list such as `[SELF, attribute]`' }),
  'Attributes that the outputs are put into.',
  { since: '1.3' },
);

const notifications = key(mapOf(short('notification')), 'Notifications, by name.', { since: '1.3' });
const activities = listOf(is('activity'));
const stepNames = oneOrMore('text');
const seconds = key('text', 'Time after which it has failed.', { since: '1.2' });

/** What every interface has, and the operations of before 1.3 beside it. */
const interfaceCommon = {
  type: key(type('interface'), 'Interface type.'),
  operations: key(mapOf(short('operation')), 'Operations, by name.', { since: '1.3' }),
  notifications,
} as const;

const call = (scalar: Shape, construct: 'operation call' | 'workflow call'): Shape => ({
  scalar,
  mapping: is(construct),
  expected: 'a name',
});

export const behaviour: Grammar<BehaviourConstruct> = {
  'interface assignment': {
    title: 'an interface',
    keynames: { ...interfaceCommon, inputs: key('values', 'Inputs that all operations get.') },
    others: short('operation'),
  },
  operation: {
    title: 'an operation',
    keynames: {
      description,
      implementation,
      inputs: key('values', 'Inputs that are handed to the implementation.'),
      dependencies: key(oneOrMore('text'), "Further files, as INDIGO's parser reads them beside the implementation."),
      outputs: attributeMappings,
    },
  },
  notification: {
    title: 'a notification',
    keynames: { description, implementation, inputs: key('values', 'Inputs.'), outputs: attributeMappings },
  },
  implementation: {
    title: 'an implementation',
    keynames: {
      primary: key({ scalar: 'text', mapping: is('artifact'), expected: 'a file' }, 'Script or playbook that is run.'),
      dependencies: key(
        oneOrMore({ scalar: 'text', mapping: is('artifact'), expected: 'a file' }),
        'Further files that it needs.',
      ),
      operation_host: key('text', 'Where it is run.', { since: '1.2' }),
      timeout: seconds,
      type: key(type('artifact'), 'Artifact type of the primary.'),
      file: key('text', 'The same as `primary`, as an artifact.'),
      repository: key('text', 'Name of an entry of `repositories`.'),
    },
  },
  trigger: {
    title: 'a trigger',
    keynames: {
      description,
      event: key(
        { scalar: 'text', mapping: 'any', expected: 'the name of an event' },
        'Event that sets the trigger off.',
        { required: true, or: 'event_type' },
      ),
      event_type: key(
        { scalar: 'text', mapping: 'any', expected: 'the name of an event' },
        'Event that sets the trigger off.',
        { until: '1.2' },
      ),
      schedule: key('values', 'When it is looked at, as `tosca.datatypes.TimeInterval`.'),
      target_filter: key(is('event filter'), 'Where the event comes from.'),
      condition: key(
        { sequence: 'condition', mapping: is('trigger condition'), expected: 'a list of conditions' },
        'What must hold as well.',
      ),
      action: key(
        { scalar: 'text', sequence: activities, mapping: 'any', expected: 'a list of activities' },
        'What is done.',
        required,
      ),
    },
  },
  'event filter': {
    title: 'an event filter',
    keynames: {
      node: key('text', 'Node template or node type that the event comes from.', required),
      requirement: key('text', 'Requirement of that node, whose target it comes from.'),
      capability: key('text', 'Capability of that node.'),
    },
  },
  'trigger condition': {
    title: 'a condition of a trigger',
    keynames: {
      constraint: key(
        { scalar: 'text', sequence: 'condition', mapping: 'condition', expected: 'a list of conditions' },
        'What must hold.',
      ),
      period: key('text', 'How long it must hold, for example `60 s`.'),
      evaluations: key('integer', 'How often in the period it is looked at.'),
      method: key('text', 'How values are put together.'),
      granularity: key('text', 'How often it is measured.'),
      aggregation_method: key('text', 'How values are put together.'),
      threshold: key('text', 'Limit.'),
      comparison_operator: key('text', 'How it is compared with the limit.'),
      resource_type: key('text', 'What is measured.'),
      state: key('text', 'State that is waited for.'),
    },
    others: 'constraints',
  },
  workflow: {
    title: 'a workflow',
    keynames: {
      description,
      metadata,
      inputs: parameters('Inputs of the workflow.'),
      preconditions: key(listOf(is('precondition')), 'What must hold before it runs.'),
      steps: key(mapOf(is('step')), 'Steps, by name.'),
      implementation: { ...implementation, since: '1.3' },
      outputs: { ...attributeMappings, doc: 'Outputs of the workflow.' },
    },
  },
  precondition: {
    title: 'a precondition',
    keynames: {
      target: key('text', 'Node template or group that is looked at.', required),
      target_relationship: key('text', 'Requirement of the target, whose relationship is meant.'),
      condition: key('condition', 'What must hold.'),
    },
  },
  step: {
    title: 'a step of a workflow',
    keynames: {
      target: key('text', 'Node template or group that the step works on.', required),
      target_relationship: key('text', 'Requirement of the target, whose relationship is meant.'),
      operation_host: key(oneOf('SELF', 'HOST', 'SOURCE', 'TARGET', 'ORCHESTRATOR'), 'Where operations are run.'),
      filter: key('condition', 'Which of the nodes the step is for.'),
      activities: key(activities, 'What is done, in order.', required),
      on_success: key(stepNames, 'Steps that come next.'),
      on_failure: key(stepNames, 'Steps that come next when it fails.'),
    },
  },
  activity: {
    title: 'an activity',
    keynames: {
      delegate: key(call('text', 'workflow call'), 'Workflow of the node, such as `deploy`.'),
      set_state: key('text', 'State that the node is put in.'),
      call_operation: key(call('text', 'operation call'), 'Operation, as `interface.operation`.'),
      inline: key(call('text', 'workflow call'), 'Workflow of this template that is put in here.'),
    },
  },
  'operation call': {
    title: 'a call of an operation',
    keynames: { operation: key('text', '`interface.operation`.', required), inputs: key('values', 'Inputs.') },
  },
  'workflow call': {
    title: 'a call of a workflow',
    keynames: { workflow: key('text', 'Name of the workflow.'), inputs: key('values', 'Inputs.') },
  },
};
